"""What makes a message differ from all others: the time, and chance."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

_DIGITS = 48
_MANY = 64


class Identity(NamedTuple):
    """What makes one message the same each time it is made: as `Message` has them."""

    message_id: str
    date: datetime
    boundary: str

    @classmethod
    def of(cls, message_id: str, dated_at: float) -> Identity:
        """The identity of a message that was put off; its boundary comes of the Message-ID.

        Args:
            message_id: with angle brackets.
            dated_at: seconds of the epoch.
        """
        digits = message_id[1:17]
        if not (digits.isascii() and digits.isalnum()):  # it was made elsewhere
            digits = hashlib.sha256(message_id.encode()).hexdigest()[:16]
        return cls(message_id, _at(int(dated_at)), f"=_+{digits}")


_clock = [(0, datetime.fromtimestamp(0, UTC))]
_chances: list[str] = []
if hasattr(os, "register_at_fork"):  # pragma: no branch  # Windows has none
    # A child process must not make the same identifiers as its parent.
    os.register_at_fork(after_in_child=_chances.clear)


def now() -> datetime:
    """The time in UTC and whole seconds; messages of one second share the object."""
    seconds = int(time.time())
    known, when = _clock[0]
    if known != seconds:
        when = datetime.fromtimestamp(seconds, UTC)
        _clock[0] = (seconds, when)
    return when


@lru_cache(maxsize=1024)
def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def chance() -> str:
    """48 random hexadecimal digits, each time others; the system is asked for many at once."""
    try:
        return _chances.pop()
    except IndexError:
        digits = os.urandom(_MANY * _DIGITS // 2).hex()
        first, *others = (digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))
        _chances.extend(others)
        return first
