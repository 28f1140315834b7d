"""`90s`, `1h`, `30 days`: stretches of time, as people write them."""

from __future__ import annotations

import re

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS = re.compile(r"(\d{1,9})\s*(?:(s|seconds?)|(m|min|minutes?)|(h|hours?)|(d|days?)|(w|weeks?))", re.IGNORECASE)


def seconds_of(text: str) -> int:
    """The seconds of a duration: a whole number and a unit.

    Raises:
        ValueError: it is none, or none at all.
    """
    found = _WORDS.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"expected a number and a unit, such as 90s, 15m, 1h or 30 days, got {text!r:.40}")
    unit = next(word for word in found.groups()[1:] if word)
    return int(found[1]) * _UNITS[unit[0].lower()]
