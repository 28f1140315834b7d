"""The preheader: the line that a mail client shows beside the subject.

A layout that prints `preheader` itself, as the base layout does, shows it where it likes. Into HTML of which no
template asks for it, it is put as the body's first hidden element.
"""

from __future__ import annotations

import re

from markupsafe import escape

PREHEADER = "preheader of the message"
"""Under which name the context holds the `Preheader`; no template can say it."""

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"<body\b{_ATTRIBUTES}", r"</head\s*>", rf"<html\b{_ATTRIBUTES}", r"<!doctype[^>]*>")
)
"""After which the body begins, the surest first."""
_HIDDEN = (
    '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;'
    'mso-hide:all">{}</div>'
)


class Preheader:
    """The preheader of one rendering, and whether a template asked for it."""

    __slots__ = ("text", "used")

    def __init__(self, text: str) -> None:
        self.text = text
        self.used = False

    def use(self) -> str:
        """The text; a template asks for it."""
        self.used = True
        return self.text


def with_preheader(html: str, preheader: Preheader) -> str:
    """The document with the preheader as the body's first element, unless there is none or a template used it."""
    hidden = hidden_preheader(preheader)
    if not hidden:
        return html
    place = place_of_preheader(html)
    return f"{html[:place]}{hidden}{html[place:]}"


def hidden_preheader(preheader: Preheader) -> str:
    """The element that is put into HTML of which no template asks for the preheader; empty if there is no need."""
    return "" if preheader.used or not preheader.text else _HIDDEN.format(escape(preheader.text))


def place_of_preheader(html: str) -> int:
    """Where in a document the body's content begins."""
    return next((found.end() for pattern in _PLACES if (found := pattern.search(html))), 0)
