"""What the delivery log is told of a worker's jobs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from notify.errors import SuppressedError
from notify.log.record import records_of
from notify.message import Envelope
from notify.outbox.worker.outcomes import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.errors import NotifyError
    from notify.log.record import Record
    from notify.outbox.leasing import Leased
    from notify.outbox.worker.parcel import Parcel
    from notify.outbox.worker.verdict import Verdict
    from notify.people import People
    from notify.receipt import Receipt

_NOBODY: Mapping[str, str] = MappingProxyType({})


class _Mail(NamedTuple):
    """A job's message, as far as the log is told of it; see `notify.log.record.Mail`."""

    message_id: str
    notification: str | None
    category: str | None
    envelope: Envelope


def records(each: Fault | Parcel, found: Verdict, people: People) -> list[Record]:
    """What became of a job for each of its recipients, as far as they are known.

    Args:
        each: the job, and what became of it.
        found: what is written down about it.
        people: how people are named.
    """
    again = found.settlement.state == "queued"
    if isinstance(each, Fault):
        error = each.error
        if error is None:  # it waits, as nothing is wrong with it
            return []
        if isinstance(error, SuppressedError):
            held = {person: _why(one) for person, one in (error.rejected or {each.job.recipient: error}).items()}
            return _records(each.job, Envelope("", ()), error, people, held=held)
        return _records(each.job, Envelope("", (each.job.recipient,)), error, people, again=again)
    if each.outcome is None:
        return []
    judgement = each.judgement
    return _records(
        each.job, each.envelope, each.outcome, people, held=judgement.held, passed=judgement.passed, again=again
    )


def _why(error: NotifyError) -> str:
    return error.why if isinstance(error, SuppressedError) else str(error)


def _records(
    job: Leased,
    envelope: Envelope,
    outcome: Receipt | NotifyError,
    people: People,
    *,
    held: Mapping[str, str] = _NOBODY,
    passed: Mapping[str, str] = _NOBODY,
    again: bool = False,
) -> list[Record]:
    mail = _Mail(job.message_id, job.notification, job.category, envelope)
    return records_of(
        mail, outcome, people, held=held, passed=passed, job=job.id, attempts=job.attempts + 1, again=again
    )
