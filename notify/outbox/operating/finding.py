"""Looking at jobs: the newest first, page by page, in time that does not depend on how many there ever were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select, union_all

from notify.outbox.job import Job
from notify.outbox.operating.filtering import Filter, parts_of
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from notify.database import Database

_ALL = Filter()
_LARGE = frozenset({"params", "call", "sealed", "frozen", "blobs", "history"})
_BRIEF = [
    *(column for column in jobs.c if column.name not in _LARGE),
    literal_column("NULL").label("blobs"),
    literal_column("'[]'").label("history"),
]


def find(
    database: Database,
    filter: Filter = _ALL,  # noqa: A002 - the word for it
    *,
    limit: int = 50,
    before: int | None = None,
    whole: bool = True,
) -> list[Job]:
    """Some jobs, the newest first.

    Args:
        database: where they are.
        filter: which.
        limit: how many at most.
        before: only those of smaller numbers: the last of a page leads to the next.
        whole: with params, history and the like, which listings do not need.

    Raises:
        OutboxError: the database cannot be used.
    """
    conditions = [*filter.conditions(), *([] if before is None else [jobs.c.id < before])]
    chosen = select(*(jobs.c if whole else _BRIEF)).order_by(jobs.c.id.desc()).limit(limit)
    if filter.states and not filter.ids:
        chosen = chosen.where(jobs.c.id.in_(_newest(filter.states, conditions, limit)))
    else:
        chosen = chosen.where(*conditions, *_states(filter))
    with database.reading() as connection:
        return [Job.of_row(row._asdict()) for row in connection.execute(chosen)]


def get(database: Database, job: int) -> Job | None:
    """The job of that number; None if there is none (any more).

    Raises:
        OutboxError: the database cannot be used.
    """
    return next(iter(find(database, Filter(ids=(job,)), limit=1)), None)


def count(database: Database, filter: Filter = _ALL) -> int:  # noqa: A002 - the word for it
    """How many jobs there are of these.

    Raises:
        OutboxError: the database cannot be used.
    """
    conditions = filter.conditions()
    with database.reading() as connection:
        if not filter.states:
            return connection.execute(select(func.count()).select_from(jobs).where(*conditions)).scalar_one()
        return sum(
            connection.execute(select(func.count(jobs.c.id)).where(*part, *conditions)).scalar_one()
            for state in dict.fromkeys(filter.states)
            for part in parts_of(state)
        )


def _newest(states: tuple[str, ...], conditions: list[ColumnElement[bool]], limit: int) -> Any:
    """The ids of the newest of each state: by the index of the ended, or by those of what waits or is in work."""
    branches: list[Select[tuple[int]]] = []
    for state in dict.fromkeys(states):
        # Of these few are left, with any ids: an order by id would go through the whole table to find them.
        order = jobs.c.id + 0 if state in {"queued", "leased"} else jobs.c.id
        for part in parts_of(state):
            found = select(jobs.c.id).where(*part, *conditions).order_by(order.desc()).limit(limit)
            branches.append(select(found.subquery().c.id))
    return union_all(*branches)


def _states(filter: Filter) -> list[ColumnElement[bool]]:  # noqa: A002 - the word for it
    return [jobs.c.state.in_(filter.states)] if filter.states else []
