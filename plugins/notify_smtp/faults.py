"""What can go wrong with a connection; the error of a message is made of it where the message is known."""

from __future__ import annotations


class LostError(Exception):
    """The connection ended, or the other side said nothing in time; the text says which.

    `written` is how much of what was to be written the system had taken by then, in octets.
    """

    def __init__(self, reason: str, written: int = 0) -> None:
        super().__init__(reason)
        self.written = written


class SilentError(LostError):
    """The other side did not answer in time."""


class GarbledError(Exception):
    """What came is not SMTP, or is more than an answer may be; the text says which."""
