"""How much is due, counted so that it costs little however much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, union_all

from notify.database.tables import now
from notify.outbox.job import PRIORITIES
from notify.outbox.leasing import first
from notify.outbox.tables import SUSPECT, UNBLAMED, jobs

if TYPE_CHECKING:
    from notify.database import Database

MOST = 10_000


class Backlog(NamedTuple):
    """What is due.

    Attributes:
        depth: how many jobs wait for a worker now; `MOST` stands for that or more.
        oldest: for how many seconds the first of them has been due; None if none is.
    """

    depth: int
    oldest: float | None


def backlog(database: Database) -> Backlog:
    """What is due now.

    Raises:
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        depth = connection.execute(_DEPTH).scalar_one()
        oldest = connection.execute(_OLDEST).scalar()
    return Backlog(depth, None if oldest is None or oldest < 0 else oldest)


_DUE = [
    *(
        select(jobs.c.due_at.label("due")).where(UNBLAMED, jobs.c.priority == rank, jobs.c.due_at <= now())
        for rank in sorted(PRIORITIES.values())
    ),
    select(jobs.c.due_at).where(SUSPECT, jobs.c.due_at <= now()),
]
_DEPTH = select(func.count()).select_from(union_all(*_DUE).limit(MOST).subquery())
_FIRST = union_all(
    *(first(jobs.c.due_at, UNBLAMED, jobs.c.priority == rank) for rank in sorted(PRIORITIES.values())),
    first(jobs.c.due_at, SUSPECT),
).subquery()
_OLDEST = select(now() - func.min(_FIRST.c.least))
