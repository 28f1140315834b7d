"""Looking at the log: the newest entries first, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from notify.log.entry import Entry
from notify.log.happening import Happening
from notify.log.tables import events, log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from notify.database import Database
    from notify.log.filtering import Filter
    from notify.people import People


def find(
    database: Database,
    people: People,
    filter: Filter,  # noqa: A002 - the word for it
    *,
    limit: int = 50,
    before: int | None = None,
) -> list[Entry]:
    """Some entries with their events, the newest first.

    Args:
        database: where they are.
        people: how people are named.
        filter: which.
        limit: how many at most.
        before: only those of smaller numbers: the last of a page leads to the next.

    Raises:
        ConfigError: the filter cannot be used.
        OutboxError: the database cannot be used.
    """
    conditions = filter.conditions(people)
    if before is not None:
        conditions.append(log.c.id < before)
    with database.reading() as connection:
        rows = connection.execute(select(log).where(*conditions).order_by(log.c.id.desc()).limit(limit)).all()
        told = _events(connection, rows)
    return [Entry.of_row(row, _own(told.get(row.message_id, []), row.person)) for row in rows]


def count(database: Database, people: People, filter: Filter) -> int:  # noqa: A002 - the word for it
    """How many entries there are of these.

    Raises:
        ConfigError: the filter cannot be used.
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        counted = select(func.count()).select_from(log).where(*filter.conditions(people))
        return connection.execute(counted).scalar_one()


def _events(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> dict[str, list[Happening]]:
    """The events of messages, in the order of time."""
    found: dict[str, list[Happening]] = {}
    wanted = list(dict.fromkeys(row.message_id for row in rows))
    for start in range(0, len(wanted), _FEW):
        for row in connection.execute(_EVENTS, {"ids": wanted[start : start + _FEW]}):
            found.setdefault(row.message_id, []).append(Happening.of_row(row))
    return found


def _own(told: Sequence[Happening], person: str) -> tuple[Happening, ...]:
    return tuple(each for each in told if each.person is None or each.person == person)


_FEW = 500  # a database takes only so many parameters
_EVENTS = (
    select(events)
    .where(events.c.message_id.in_(bindparam("ids", expanding=True)), events.c.known == 1)
    .order_by(events.c.at, events.c.id)
)
