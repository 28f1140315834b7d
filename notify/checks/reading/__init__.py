"""Rendered mails, read as rules need them: pages of elements, their looks, style sheets, colours."""
