"""An event as it is kept: what is needed of it, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notify.consent.scopes import known_as
from notify.fitting import fit
from notify.log.identifiers import identifier
from notify.scrubbing import line

if TYPE_CHECKING:
    from notify.feedback import Event
    from notify.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event about a message of the log. Times are aware, in UTC.

    Attributes:
        kind: what happened, one of `notify.feedback.Kind`.
        at: when, by the provider's clock.
        received_at: when we heard of it.
        provider: who says so.
        event_id: the provider's id of the event.
        person: what stands for the recipient; None if it is about everybody whom the message went to.
        bounce: hard or soft; for what bounced only.
        reason: the words of the receiving server or of the provider, in a line.
        code: the SMTP reply code in them.
        enhanced_code: the enhanced status code in them.
        classification: how the provider files it.
        group: the provider's list or group that somebody left or joined.
        url: the link that was followed; None where people are not named by their addresses.
        machine: whether a machine did so, if the provider knows.
    """

    kind: str
    at: datetime
    received_at: datetime
    provider: str
    event_id: str
    person: str | None = None
    bounce: str | None = None
    reason: str = ""
    code: int | None = None
    enhanced_code: str | None = None
    classification: str = ""
    group: str | None = None
    url: str | None = None
    machine: bool | None = None

    @classmethod
    def of_row(cls, row: Any) -> Happening:
        """The event that a row of the table says."""
        return cls(
            kind=row.kind,
            at=datetime.fromtimestamp(row.at, UTC),
            received_at=datetime.fromtimestamp(row.received_at, UTC),
            provider=row.provider,
            event_id=row.event_id,
            person=row.person,
            bounce=row.bounce,
            reason=row.reason,
            code=row.code,
            enhanced_code=row.enhanced_code,
            classification=row.classification,
            group=row.topic,
            url=row.url,
            machine=None if row.machine is None else bool(row.machine),
        )


def row_of(event: Event, people: People) -> dict[str, Any]:
    """What is kept of an event, by the columns of its table."""
    about = event.recipient
    return {
        "provider": fit(event.provider),
        "event_id": fit(event.event_id),
        "message_id": identifier(event.message_id),
        "person": None if about is None else people.name(known_as(fit(about))),
        "provider_id": identifier(event.provider_id),
        "kind": str(event.kind),
        "at": round(event.at.timestamp(), 3),
        "bounce": None if event.bounce is None else str(event.bounce),
        "reason": line(event.reason, people, about),
        "code": event.code,
        "enhanced_code": event.enhanced_code,
        "classification": line(event.classification, people, about),
        "topic": None if event.group is None else fit(event.group),
        "url": None if event.url is None or people.is_hashed else fit(event.url),
        "machine": None if event.machine is None else int(event.machine),
    }
