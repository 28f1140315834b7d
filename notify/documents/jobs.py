"""The outbox's jobs and figures as JSON documents. What is sensitive is in none of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notify.contracts import contract_hash
from notify.outbox.hiding import hide
from notify.outbox.tags import loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.definition import Definition
    from notify.outbox.job import Job
    from notify.outbox.operating import Stats

HIDDEN = "***"
_TIMES = ("created_at", "dated_at", "due_at", "changed_at")
_PLAIN = (
    "id", "state", "notification", "recipient", "key", "priority", "attempts", "losses", "reason", "message_id",
    "category", "locale", "delivery", "via", "leader",
)  # fmt: skip


def job_document(job: Job) -> dict[str, Any]:
    """What a listing says of a job; times are ISO 8601, in UTC."""
    return {name: getattr(job, name) for name in _PLAIN} | {name: _time(getattr(job, name)) for name in _TIMES}


def whole_job_document(job: Job, definition: Definition | None) -> dict[str, Any]:
    """Everything about a job, but for what is sensitive and for contents.

    Args:
        job: with all that its row has.
        definition: of its notification as it is now; None if there is none, or it is faulty.
    """
    return {
        **job_document(job),
        "contract": job.contract,
        "owner": job.owner,
        "lease_end": _time(job.lease_end),
        "begun_at": _time(job.begun_at),
        "may_have_arrived": job.may_have_arrived,
        "pending": list(job.pending),
        "sealed": job.sealed is not None,
        "params": shown_params(job, definition),
        "call": _call(job),
        "message": _message(job),
        "history": [entry_document(entry) for entry in job.history],
    }


def entry_document(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of a job's history; its time is ISO 8601, in UTC."""
    return {**entry, "at": _time(datetime.fromtimestamp(entry["at"], UTC))}


def shown_params(job: Job, definition: Definition | None) -> dict[str, Any] | None:
    """The params of a job, with `***` for what is sensitive; None of a message that was rendered before.

    Where it cannot be known what is (the definition is gone, or has another contract by now), every value is hidden.
    """
    if job.params is None:
        return None if job.frozen is not None else {}
    if definition is None or not is_as_it_was(job, definition):
        return dict.fromkeys(json.loads(job.params), HIDDEN)
    sensitive = definition.contract.sensitive if definition.contract is not None else ()
    params: dict[str, Any] = json.loads(hide(job.params, sensitive))
    return params


def is_as_it_was(job: Job, definition: Definition | None) -> bool:
    """Whether a job was put in under the contract that its definition has now, which says what is sensitive."""
    return definition is not None and job.contract == contract_hash(definition)


def stats_document(stats: Stats) -> dict[str, Any]:
    """The figures of an outbox; messages that were built by hand are counted under an empty name."""
    return {
        "states": dict(stats.states),
        "due": stats.due,
        "oldest_due_seconds": stats.oldest_due,
        "next_due_seconds": stats.next_due,
        "sent_last_minute": stats.sent_last_minute,
        "sent_last_hour": stats.sent_last_hour,
        "mean_attempts": stats.mean_attempts,
        "lost": stats.lost,
        "overdue": stats.overdue,
        "notifications": {name or "": dict(counts) for name, counts in stats.notifications.items()},
    }


def in_words(seconds: float) -> str:
    """A length of time, rounded down: `45 s`, `12 min`, `3 h`, `10 days`."""
    for word, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds / length)} {word}"
    return f"{int(seconds)} s"


def ago(time: datetime, now: datetime) -> str:
    """`3 min ago`, `in 2 h`."""
    seconds = (now - time).total_seconds()
    return f"{in_words(seconds)} ago" if seconds >= 0 else f"in {in_words(-seconds)}"


def _call(job: Job) -> dict[str, Any] | None:
    call: dict[str, Any] | None = json.loads(job.call) if job.call else None
    return call


def _message(job: Job) -> dict[str, Any] | None:
    """The subject and the envelope of a message that was rendered before; its text may hold anything."""
    if job.frozen is None:
        return None
    frozen: dict[str, Any] = loads(job.frozen, lambda _: b"")
    people = {name: [str(each) for each in frozen.get(name) or ()] for name in ("to", "cc", "bcc", "reply_to")}
    return {"subject": frozen.get("subject"), "from": str(frozen.get("sender")), **people}


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
