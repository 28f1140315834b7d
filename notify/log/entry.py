"""A row of the log, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notify.log.status import Status

if TYPE_CHECKING:
    from notify.log.happening import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What became of one message for one recipient. Times are aware, in UTC.

    Attributes:
        id: its number in the log.
        message_id: the Message-ID, with angle brackets.
        person: the recipient's address in small letters, or what stands for it; see `notify.people`.
        status: what is known of it.
        created_at: when the log first heard of it.
        changed_at: when it came to its status, by the clock of who says so.
        notification: the id of the definition; None of a message that was built by hand.
        category: likewise.
        transport: what carried it.
        provider_id: the provider's id of the message.
        job: its job in the outbox; None if it was sent directly.
        reason: why it is so, in a line.
        attempts: how often it was tried.
        events: what providers told of it, in the order of time.
    """

    id: int
    message_id: str
    person: str
    status: Status
    created_at: datetime
    changed_at: datetime
    notification: str | None = None
    category: str | None = None
    transport: str | None = None
    provider_id: str | None = None
    job: int | None = None
    reason: str = ""
    attempts: int = 0
    events: tuple[Happening, ...] = ()

    @classmethod
    def of_row(cls, row: Any, events: tuple[Happening, ...]) -> Entry:
        """The entry that a row of the table says."""
        return cls(
            id=row.id,
            message_id=row.message_id,
            person=row.person,
            status=Status(row.status),
            created_at=datetime.fromtimestamp(row.created_at, UTC),
            changed_at=datetime.fromtimestamp(row.changed_at, UTC),
            notification=row.notification,
            category=row.category,
            transport=row.transport,
            provider_id=row.provider_id,
            job=row.job,
            reason=row.reason,
            attempts=row.attempts,
            events=events,
        )
