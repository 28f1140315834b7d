"""How long the outbox keeps jobs after their end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from notify.configuration.checked import check_duration
from notify.durations import seconds_of
from notify.suggest import did_you_mean
from notify.yamlnodes import MappingNode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.yamlnodes import Node, Reader

ENDS = ("sent", "failed", "dead", "cancelled")
"""The states in which a job ends."""
_PLAIN = ("sent", "cancelled")
"""What a retention without states is about; what a person may still want to look at stays."""
_KEY = "outbox_retention"


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many seconds the jobs of each state are kept; those of others are kept for ever."""

    seconds: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, given: str | Mapping[str, str]) -> Self:
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


def check_retention(reader: Reader, node: Node | None) -> None:
    """Note what is wrong with what stands under `outbox_retention`; variables are not known yet."""
    if not isinstance(node, MappingNode):
        check_duration(reader, node, _KEY)
        return
    reader.known_keys(node, ENDS, f"state under {_KEY}")
    for state, duration in node.entries.items():
        check_duration(reader, duration, f"{_KEY}: {state}")
