"""A job of the outbox, as a value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES = ("queued", "leased", "sent", "failed", "dead", "cancelled")
"""
- queued: it waits for its time.
- leased: a worker has it.
- sent: a server took it for all of its recipients that were not refused.
- failed: a person must look at it, and may have it sent: it no longer fits, or nobody knows whether it was sent.
- dead: it was refused, or tried too often.
- cancelled: somebody, or a digest's or throttle's rule, took it back.
"""
PRIORITIES = {"high": 0, "normal": 1, "low": 2}
"""The number of each word; what is due of a smaller number is sent first."""
PRIORITY_WORDS = {number: word for word, number in PRIORITIES.items()}


_HIDDEN = frozenset({"params", "call", "sealed", "frozen", "blobs"})
"""What is no part of how a job is shown."""


class Job(NamedTuple):  # `enqueue` makes one each time, and a dataclass takes four times as long
    """One call that is to become one message.

    Times are aware, in UTC.

    Attributes:
        id: its number in the outbox.
        notification: the id of the definition; None of a message that was built by hand.
        contract: the hash of the contract that the params were valid under; None of a message.
        message_id: the Message-ID, which stays the same however often it is tried.
        dated_at: the mail's Date, likewise.
        recipient: the address of the first recipient.
        state: one of `STATES`.
        key: the caller's idempotency key.
        priority: high, normal or low.
        attempts: how often sending was begun.
        losses: how many workers were lost with it.
        owner: the lease of the worker that has it.
        reason: why it is not sent, in a line.
        pending: the recipients that are left, where some were served before; else empty.
        leader: the job in whose message it goes, if it is part of a digest.
        history: an entry for each attempt and each thing that happened, oldest first; see `notify.outbox.history`.
    """

    id: int
    notification: str | None
    contract: str | None
    message_id: str
    recipient: str
    state: str
    created_at: datetime
    dated_at: datetime
    due_at: datetime
    changed_at: datetime
    locale: str | None = None
    category: str | None = None
    delivery: str = "at_most_once"
    via: str | None = None
    key: str | None = None
    bucket: str | None = None
    leader: int | None = None
    priority: str = "normal"
    attempts: int = 0
    losses: int = 0
    owner: str | None = None
    lease_end: datetime | None = None
    begun_at: datetime | None = None
    pending: tuple[str, ...] = ()
    reason: str | None = None
    history: tuple[Mapping[str, Any], ...] = ()
    params: str | None = None
    call: str | None = None
    sealed: str | None = None
    frozen: str | None = None
    blobs: tuple[str, ...] = ()

    def __repr__(self) -> str:
        values = zip(self._fields, self, strict=True)
        return f"Job({', '.join(f'{name}={value!r}' for name, value in values if name not in _HIDDEN)})"

    @property
    def may_have_arrived(self) -> bool:
        """Whether a server may have taken the message without our knowing: sent again, it may arrive twice."""
        if self.state == "sent":
            return False
        return self.begun_at is not None or any(entry.get("unknown") is True for entry in self.history)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Job:
        """The job that a row of the table says."""
        values = dict(row)
        for name in ("created_at", "dated_at", "due_at", "changed_at", "lease_end", "begun_at"):
            if values[name] is not None:
                values[name] = datetime.fromtimestamp(values[name], UTC)
        values["priority"] = PRIORITY_WORDS[values["priority"]]
        values["pending"] = tuple(json.loads(values["pending"])) if values["pending"] else ()
        values["blobs"] = tuple(json.loads(values["blobs"])) if values["blobs"] else ()
        values["history"] = tuple(json.loads(values["history"])) if values["history"] != "[]" else ()
        return cls(**values)
