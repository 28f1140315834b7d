"""Taking jobs back, and sending again those that ended without being sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, not_, select, update

from notify.database.tables import now
from notify.outbox.history import CANCELLED, RETRIED, appended, entry
from notify.outbox.leasing import FREE_OF_THESE
from notify.outbox.operating.batches import in_batches
from notify.outbox.operating.filtering import Filter, in_state
from notify.outbox.operating.finding import count
from notify.outbox.operating.unknown import MAY_HAVE_ARRIVED
from notify.outbox.statements import CHANNEL
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from notify.database import Database

RETRIED_STATES = ("failed", "dead", "cancelled")
_UNASKED = ("failed", "dead")
"""What is retried where no state is named: who cancelled something meant it."""


class Cancelled(NamedTuple):
    """What `cancel` did.

    Attributes:
        taken_back: how many jobs will not be sent.
        in_work: how many of those that were meant a worker has: they go on.
    """

    taken_back: int
    in_work: int


class Retried(NamedTuple):
    """What `retry` did.

    Attributes:
        queued: how many jobs are due again.
        held: how many of those that were meant may have arrived, and were left alone.
    """

    queued: int
    held: int


def cancel(database: Database, filter: Filter, *, reason: str = "taken back") -> Cancelled:  # noqa: A002 - the word for it
    """Take back the queued ones of some jobs.

    Args:
        database: where they are.
        filter: which; an empty one means all.
        reason: why, in a line.

    Raises:
        OutboxError: the database cannot be used; what was taken back before stays so.
    """
    if filter.states and "queued" not in filter.states:
        return Cancelled(0, 0)
    change = update(jobs).values(
        state="cancelled",
        changed_at=now(),
        reason=reason,
        history=appended(entry(CANCELLED, reason=reason)),
    )
    conditions = [*in_state("queued"), *filter.conditions()]
    taken_back = sum(map(len, in_batches(database, change, conditions, then=_free_of)))
    return Cancelled(taken_back, count(database, replace(filter, states=("leased",))))


def retry(
    database: Database,
    filter: Filter,  # noqa: A002 - the word for it
    *,
    unknown: bool = False,
    ring: Callable[[Sequence[int]], object] | None = None,
) -> Retried:
    """Let some jobs that failed, are dead, or were cancelled be sent as if they were new; they are due now.

    Their Message-ID and date stay, and recipients that were served stay served. Of a filter that names neither states
    nor ids, cancelled ones are not meant.

    Args:
        database: where they are.
        filter: which.
        unknown: also those that may have arrived, and may so arrive twice.
        ring: called with the ids of each batch once they are queued.

    Raises:
        OutboxError: the database cannot be used; what was queued before stays so.
    """
    change = update(jobs).values(
        state="queued",
        due_at=now(),
        changed_at=now(),
        attempts=0,
        losses=0,
        owner=None,
        lease_end=None,
        begun_at=None,
        leader=None,
        reason=None,
        history=appended(entry(RETRIED)),
    )
    queued = 0
    for state in retriable(filter):
        conditions = [*in_state(state), *filter.conditions(), *([] if unknown else [not_(MAY_HAVE_ARRIVED)])]
        for ids in in_batches(database, change, conditions):
            queued += len(ids)
            _wake(database)
            if ring is not None:
                ring(ids)
    return Retried(queued, 0 if unknown else held(database, filter))


def retriable(filter: Filter) -> tuple[str, ...]:  # noqa: A002 - the word for it
    """The states of which a filter's jobs would be retried."""
    meant = filter.states or (RETRIED_STATES if filter.ids else _UNASKED)
    return tuple(state for state in RETRIED_STATES if state in meant)


def held(database: Database, filter: Filter) -> int:  # noqa: A002 - the word for it
    """How many of a filter's jobs would be retried but for that they may have arrived.

    Raises:
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        return sum(
            connection.execute(select(func.count(jobs.c.id)).where(*in_state(state), *_held(filter))).scalar_one()
            for state in retriable(filter)
        )


def _held(filter: Filter) -> list[ColumnElement[bool]]:  # noqa: A002 - the word for it
    return [*filter.conditions(), MAY_HAVE_ARRIVED]


def _free_of(connection: Connection, ids: list[int]) -> None:
    """Let those that waited to go in the messages of these jobs be on their own."""
    connection.execute(FREE_OF_THESE, {"leaders": ids})


def _wake(database: Database) -> None:
    """Tell workers that listen to PostgreSQL; those of SQLite look by themselves."""
    if database.dialect == "postgresql":
        with database.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_notify('{CHANNEL}', '')")
