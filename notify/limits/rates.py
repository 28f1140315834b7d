"""`100/day`: how many in how long, and how many of them are used up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.state import Document, State

PERIODS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
_WORDS = re.compile(r"(\d{1,9})\s*/\s*(second|minute|hour|day)")
_SLICES = 60
_MOMENT = 0.001


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many in any stretch of time of one length.

    Attributes:
        most: how many.
        period: second, minute, hour or day.
    """

    most: int
    period: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The rate that a text such as `100/day` says.

        Raises:
            ValueError: it says none.
        """
        found = _WORDS.fullmatch(text.strip().lower())
        if found is None or int(found[1]) == 0:
            raise ValueError(f"expected a number and a period, such as 10/second or 100/day, got {text!r:.40}")
        return cls(int(found[1]), found[2])

    @property
    def seconds(self) -> float:
        """The length of the period."""
        return PERIODS[self.period]

    def __str__(self) -> str:
        return f"{self.most}/{self.period}"


class Usage:
    """Counts what was sent against some rates, in a state that may be shared.

    Time is cut into sixtieths of a period. What was sent in one of them counts until that has wholly left the period,
    so that a rate is never exceeded; it may be used up a sixtieth earlier.

    Args:
        key: the document of the state.
        rates: all of which hold.
        state: where the counts are kept.
    """

    def __init__(self, key: str, rates: Iterable[Rate], state: State) -> None:
        self._key = key
        self._rates = tuple(rates)
        self._state = state

    def take(self, number: int, now: float) -> float:
        """Take room for so many at a time (seconds of the epoch); 0.0 if there was room, else seconds until there is.

        More than a rate's `most` at once take the whole of it.
        """

        def change(document: Document) -> float:
            wait = max((_wait(rate, _counts(document, rate), number, now) for rate in self._rates), default=0.0)
            if wait == 0.0:
                for rate in self._rates:
                    counts = document[str(rate)] = _lately(rate, _counts(document, rate), now)
                    slot = str(_slot(rate, now))
                    counts[slot] = counts.get(slot, 0) + number
            return wait

        return self._state.change(self._key, change)

    def used(self, now: float) -> dict[Rate, int]:
        """How many of each rate are used up."""
        document = self._state.read(self._key)
        return {rate: sum(_lately(rate, _counts(document, rate), now).values()) for rate in self._rates}


def _counts(document: Document, rate: Rate) -> dict[str, int]:
    """How many were sent in each slot of time; slots are numbered from the epoch."""
    counts: dict[str, int] = document.get(str(rate), {})
    return counts


def _slot(rate: Rate, now: float) -> int:
    return int(now / rate.seconds * _SLICES)


def _lately(rate: Rate, counts: dict[str, int], now: float) -> dict[str, int]:
    """Those counts that still matter; those of the future, too, for a clock may have been set back a little."""
    current = _slot(rate, now)
    return {slot: count for slot, count in counts.items() if current - _SLICES <= int(slot) <= current + _SLICES}


def _wait(rate: Rate, counts: dict[str, int], number: int, now: float) -> float:
    lately = _lately(rate, counts, now)
    over = sum(lately.values()) + min(number, rate.most) - rate.most
    freed = now
    for slot in sorted(lately, key=int):
        if over <= 0:
            break
        over -= lately[slot]
        freed = max((int(slot) + _SLICES + 1) * rate.seconds / _SLICES, now + _MOMENT)
    return freed - now
