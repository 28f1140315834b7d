"""The jobs that are due and that nobody has: those whose bell was missed, or whose time has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from notify.database.tables import now
from notify.outbox.job import PRIORITIES
from notify.outbox.leasing import ITS_OWN
from notify.outbox.tables import SUSPECT, UNBLAMED, jobs

if TYPE_CHECKING:
    from notify.database import Database


def missed(database: Database, most: int) -> tuple[list[int], list[int]]:
    """At most so many of them, by priority, then by due time; and those that a worker was lost with, apart.

    Raises:
        OutboxError: the database cannot be used.
    """
    found: list[int] = []
    with database.reading() as connection:
        for rank in sorted(PRIORITIES.values()):
            if len(found) < most:
                found += connection.execute(_DUE, {"rank": rank, "number": most - len(found)}).scalars()
        return found, list(connection.execute(_SUSPECT, {"number": most}).scalars())


_ID = select(jobs.c.id).where(ITS_OWN, jobs.c.due_at <= now()).order_by(jobs.c.due_at, jobs.c.id)
_DUE = _ID.where(UNBLAMED, jobs.c.priority == bindparam("rank")).limit(bindparam("number"))
_SUSPECT = _ID.where(SUSPECT).limit(bindparam("number"))
