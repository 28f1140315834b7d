"""What a job's history says that decides what becomes of it now."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from notify.outbox.history import ATTEMPT, RETRIED

_UNCOUNTED = frozenset({"ConfigError", "PluginError", "ThrottledError", "TransportConfigError"})
"""The errors of tries that do not count."""


class Past(NamedTuple):
    """What happened to a job before, since a person last had it tried again.

    Attributes:
        since: when the first try was that counts, in seconds of the epoch by the database's clock; None before it.
        served: whether some recipient has it already.
        doubts: how many tries may have been taken.
        last: the error of the last entry: its class and reason.
    """

    since: float | None = None
    served: bool = False
    doubts: int = 0
    last: tuple[str, str] | None = None


def past(history: str) -> Past:
    """What the history, as the row has it, says."""
    if history == "[]":
        return Past()
    entries: list[dict[str, Any]] = json.loads(history)
    served = any(each.get("accepted") for each in entries)
    retried = [at for at, each in enumerate(entries) if each["event"] == RETRIED]
    recent = entries[retried[-1] :] if retried else entries
    tries = [each for each in recent if each["event"] == ATTEMPT and _counts(each)]
    error = recent[-1].get("error")
    return Past(
        since=tries[0]["at"] if tries else None,
        served=served,
        doubts=sum(1 for each in recent if each.get("unknown")),
        last=(error["class"], error["reason"]) if error else None,
    )


def _counts(attempt: dict[str, Any]) -> bool:
    return attempt.get("error", {}).get("class") not in _UNCOUNTED
