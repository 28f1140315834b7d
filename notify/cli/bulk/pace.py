"""What the limits of a transport mean for so many recipients: how long it takes, and how many go now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Self

from notify.limits import Limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Transport
    from notify.limits import Rate


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of one transport, and what is used up of them.

    Attributes:
        name: of the transport.
        used: how many of each rate are used up now.
        patience: how many seconds a mail waits for room at most.
    """

    name: str
    used: dict[Rate, int]
    patience: float

    @classmethod
    def of(cls, transport: Transport) -> Iterator[Self]:
        """The paces of a transport, or of the members of a group; only those that have limits."""
        if isinstance(transport, Limited) and transport.rates:
            longest = transport.settings["longest_wait"] if transport.settings["over_limit"] == "wait" else 0.0
            patience = longest if isinstance(longest, (int, float)) else 0.0
            yield cls(transport.name, transport.usage.used(time.time()), patience)
            return
        for member in getattr(transport, "transports", ()):
            yield from cls.of(member)

    @property
    def room(self) -> int:
        """How many can go before one has to wait longer than it may."""
        return min((_free(rate, used) for rate, used in self.used.items() if rate.seconds > self.patience), default=-1)

    def seconds(self, number: int) -> float:
        """How long so many take at least, if all wait as long as they have to."""
        return max(
            ceil(max(0, number - _free(rate, used)) / rate.most) * rate.seconds for rate, used in self.used.items()
        )

    def __str__(self) -> str:
        return ", ".join(f"{used:,} of {rate} used" if used else str(rate) for rate, used in self.used.items())


def _free(rate: Rate, used: int) -> int:
    return max(0, rate.most - used)


def duration(seconds: float) -> str:
    """A length of time in words: `45 s`, `12 min`, `3 h`, `10 days`."""
    for word, length in ((" days", 86400.0), (" h", 3600.0), (" min", 60.0)):
        if seconds >= 2 * length:
            return f"{ceil(seconds / length)}{word}"
    return f"{ceil(seconds)} s"
