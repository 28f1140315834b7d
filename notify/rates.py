"""`100/day`: at most so many in a stretch of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

PERIODS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
_WORDS = re.compile(r"(\d{1,9})\s*/\s*(second|minute|hour|day)")


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
