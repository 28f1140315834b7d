"""Octets that are at hand as they travel, so that nobody looks through them again."""

from __future__ import annotations


class WireOctets(bytes):
    """Octets in which CR and LF come as CRLF only."""

    __slots__ = ()


class WireText(WireOctets):
    """Text in UTF-8 with CRLF at each line break; `str()` of it is the text, with LF."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.decode().replace("\r\n", "\n")
