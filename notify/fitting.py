"""Texts that any database takes."""

from __future__ import annotations

import re

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def fit(text: str) -> str:
    """The text with U+FFFD for what is unfit: PostgreSQL takes no NUL, and UTF-8 has no halves of surrogate pairs."""
    return text if text.isascii() and "\0" not in text else _UNFIT.sub("\ufffd", text)
