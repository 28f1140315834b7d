"""How long jobs are kept after their end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.durations import seconds_of
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDS = ("sent", "failed", "dead", "cancelled")
_PLAIN = ("sent", "cancelled")
"""What a retention without states is about; what a person may still want to look at stays."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many seconds the jobs of each state are kept; those of others are kept for ever."""

    seconds: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, given: str | Mapping[str, str]) -> Retention:
        """What `30 days`, or `{sent: 30 days, dead: 90 days}`, says.

        Raises:
            ValueError: it says nothing of the kind.
        """
        if isinstance(given, str):
            return cls(dict.fromkeys(_PLAIN, seconds_of(given)))
        for state in given:
            if state not in ENDS:
                raise ValueError(f"jobs do not end as {state!r} ({did_you_mean(state, ENDS)})")
        return cls({state: seconds_of(text) for state, text in given.items()})
