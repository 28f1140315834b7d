"""How many of some rates are used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.rates import Rate
    from notify.state import Document, State

_SLICES = 60
_MOMENT = 0.001


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
        return self._state.change(self._key, lambda document: take_room(document, self._rates, number, now))

    def used(self, now: float) -> dict[Rate, int]:
        """How many of each rate are used up."""
        document = self._state.read(self._key)
        return {rate: sum(_lately(rate, _counts(document, rate), now).values()) for rate in self._rates}


def take_room(document: Document, rates: Iterable[Rate], number: int, now: float) -> float:
    """`Usage.take` in a document that is being changed."""
    rates = tuple(rates)
    wait = max((_wait(rate, _counts(document, rate), number, now) for rate in rates), default=0.0)
    if wait == 0.0:
        for rate in rates:
            counts = document[str(rate)] = _lately(rate, _counts(document, rate), now)
            slot = str(_slot(rate, now))
            counts[slot] = counts.get(slot, 0) + number
    return wait


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
