"""What makes a message differ from all others: the time, and chance."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

_DIGITS = 48
_MANY = 64

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


def chance() -> str:
    """48 random hexadecimal digits, each time others; the system is asked for many at once."""
    try:
        return _chances.pop()
    except IndexError:
        digits = os.urandom(_MANY * _DIGITS // 2).hex()
        first, *others = (digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))
        _chances.extend(others)
        return first
