"""The pages of the preview: a file for each kind of page, and what they share."""
