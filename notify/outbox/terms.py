"""When, how soon and under which key: what `enqueue` takes besides the keywords of `send`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Literal

from notify.errors import ParamProblem, ParamsError
from notify.outbox.job import PRIORITIES

Priority = Literal["high", "normal", "low"]
_OF_CATEGORY = {"security": PRIORITIES["high"], "marketing": PRIORITIES["low"]}
_LONGEST_KEY = 500
_LATEST = 253370764800.0  # the year 9999, in whose last day some zones have a time that Python has not
_LONGEST = 220898664000.0  # 7000 years


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a call, in one form.

    Attributes:
        at: when it is due, in seconds of the epoch.
        delay: seconds until it is due, where `at` does not say when.
        rank: the number of the priority; None for that of the category.
        via: the name of a transport.
    """

    at: float | None = None
    delay: float = 0.0
    rank: int | None = None
    via: str | None = None

    @staticmethod
    def read(
        name: str,
        *,
        at: datetime | None = None,
        delay: timedelta | float | None = None,
        priority: str | None = None,
        via: str | None = None,
    ) -> Terms:
        """What the keywords of a call for the notification `name` say.

        Raises:
            ParamsError: one of them is wrong.
        """
        if at is None and delay is None and priority is None and via is None:
            return NO_TERMS
        if at is not None and delay is not None:
            raise _wrong(name, "at", "either at or delay", "both")
        if priority is not None and priority not in PRIORITIES:
            raise _wrong(name, "priority", f"one of {', '.join(PRIORITIES)}", repr(priority)[:40])
        rank = None if priority is None else PRIORITIES[priority]
        return Terms(at=_at(name, at), delay=_delay(name, delay), rank=rank, via=via)

    def rank_for(self, category: str | None) -> int:
        """The number of the priority of a job of some category: security goes before the rest, marketing after it."""
        return self.rank if self.rank is not None else _OF_CATEGORY.get(category or "", PRIORITIES["normal"])


NO_TERMS = Terms()


def checked_key(name: str, key: object) -> str | None:
    """An idempotency key, or None.

    Raises:
        ParamsError: it is none: not text, empty, very long, or with control characters.
    """
    if key is None:
        return None
    if not isinstance(key, str):
        raise _wrong(name, "key", "text", type(key).__name__)
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        got = "none" if not key else f"{len(key)} letters" if len(key) > _LONGEST_KEY else repr(key)[:80]
        raise _wrong(name, "key", f"1 to {_LONGEST_KEY} printable letters", got)
    return str(key)


def _at(name: str, value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise _wrong(name, "at", "a datetime", type(value).__name__)
    if value.utcoffset() is None:
        raise _wrong(name, "at", "a datetime with a time zone", "a naive one", "datetime.now(UTC) is one that has it")
    if (at := value.timestamp()) >= _LATEST:
        raise _wrong(name, "at", "a time before the year 9999", value.isoformat())
    return at


def _delay(name: str, value: object) -> float:
    if value is None:
        return 0.0
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise _wrong(name, "delay", "a timedelta or seconds", type(value).__name__)
    if not isfinite(seconds) or not 0 <= seconds < _LONGEST:
        raise _wrong(name, "delay", "a time that is not below 0, and less than 7000 years", str(value)[:40])
    return float(seconds)


def _wrong(name: str, what: str, expected: str, got: str, hint: str = "") -> ParamsError:
    return ParamsError(name, [ParamProblem(what, expected, got, hint)])
