"""What the log is told of a message that was sent, or was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from notify.errors import DeliveryError, SuppressedError, UnknownOutcomeError, undelivered
from notify.log.status import Status
from notify.receipt import Receipt
from notify.scrubbing import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.errors import NotifyError
    from notify.message import Envelope
    from notify.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What became of a message for one recipient, as far as its sender knows.

    Attributes:
        message_id: the Message-ID, with angle brackets.
        person: what stands for the recipient; see `notify.people`.
        status: one of those below `queued`.
        reason: why, in a line; for who was written to although something speaks against it, what that is.
        notification: the id of the definition; None of a message that was built by hand.
        category: likewise.
        transport: what carried it, or was to.
        provider_id: the provider's id of the message.
        job: its job in the outbox; None if it was sent directly.
        attempts: how often it was tried by now.
    """

    message_id: str
    person: str
    status: Status
    reason: str = ""
    notification: str | None = None
    category: str | None = None
    transport: str | None = None
    provider_id: str | None = None
    job: int | None = None
    attempts: int = 0


class Mail(Protocol):
    """What the log is told of a message; a `Message` is one."""

    @property
    def message_id(self) -> str:
        """The Message-ID, with angle brackets."""
        ...

    @property
    def notification(self) -> str | None:
        """The id of the definition."""
        ...

    @property
    def category(self) -> str | None:
        """The definition's."""
        ...

    @property
    def envelope(self) -> Envelope:
        """Whom it is for."""
        ...


def records_of(
    message: Mail,
    outcome: Receipt | NotifyError,
    people: People,
    *,
    held: Mapping[str, str],
    passed: Mapping[str, str],
    job: int | None = None,
    attempts: int = 1,
    again: bool = False,
) -> list[Record]:
    """A record for each recipient of a message.

    Args:
        message: as it left.
        outcome: what the transport said.
        people: how people are named.
        held: who was not written to, with the reason.
        passed: who was although something speaks against it, with the reason for that.
        job: its job in the outbox.
        attempts: how often it was tried by now.
        again: whether it is tried again for those who do not have it.
    """
    transport, provider_id = outcome.transport if isinstance(outcome, (Receipt, DeliveryError)) else "", None
    if isinstance(outcome, Receipt):
        provider_id = outcome.provider_id
    found = {
        person: (status, reason or passed.get(person, ""))
        for person, status, reason in _outcomes(message.envelope.recipients, outcome, again=again)
    }
    found |= {person: (Status.SUPPRESSED, reason) for person, reason in held.items()}
    return [
        Record(
            message_id=message.message_id,
            person=people.name(person),
            status=status,
            reason=line(reason, people, person) if reason else "",
            notification=message.notification,
            category=message.category,
            transport=None if status is Status.SUPPRESSED else transport or None,
            provider_id=provider_id if status is Status.SENT else None,
            job=job,
            attempts=0 if status is Status.SUPPRESSED else attempts,
        )
        for person, (status, reason) in found.items()
    ]


def _outcomes(
    recipients: tuple[str, ...], outcome: Receipt | NotifyError, *, again: bool
) -> Iterator[tuple[str, Status, str]]:
    """What became of each recipient, and why."""
    if not isinstance(outcome, Receipt):
        failure = undelivered(outcome)
        errors = {person: failure.rejected.get(person, failure) for person in recipients}
    else:
        errors = {**outcome.rejected}
    for person in dict.fromkeys((*recipients, *errors)):
        if person in errors:
            yield person, _status(errors[person], again=again), str(errors[person]).strip().partition("\n")[0]
        else:
            yield person, Status.SENT, ""


def _status(error: DeliveryError, *, again: bool) -> Status:
    if isinstance(error, SuppressedError):
        return Status.SUPPRESSED
    if isinstance(error, UnknownOutcomeError):
        return Status.UNCERTAIN
    return Status.RETRYING if again else Status.FAILED
