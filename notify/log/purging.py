"""Forgetting what was kept for long enough."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select

from notify.database.tables import now
from notify.log.tables import events, log

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from notify.database import Database

SIZE = 1000
"""Rows that are deleted in one transaction, so that nobody who writes has to wait for long."""


def purge(database: Database, older_than: float) -> int:
    """Delete the entries that were first heard of so many seconds ago or earlier, and events as old; how many entries.

    An event that came later than its entry outlives it: else it could come again, and count again.

    Raises:
        OutboxError: the database cannot be used; what was deleted before stays so.
    """
    deleted = _purge(database, log, log.c.created_at, older_than)
    _purge(database, events, events.c.received_at, older_than)
    return deleted


def purgeable(database: Database, older_than: float) -> int:
    """How many entries `purge` would delete.

    Raises:
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        return connection.execute(
            select(func.count()).select_from(log).where(log.c.created_at <= now() - older_than)
        ).scalar_one()


def _purge(database: Database, table: Table, column: ColumnElement[float], older_than: float) -> int:
    """Delete old rows, from the first on; who came first is the oldest, so that no index of times is needed."""
    with database.reading() as connection:
        end = connection.execute(select(now() - older_than)).scalar_one()
    first = select(table.c.id, column.label("at")).order_by(table.c.id).limit(SIZE)
    deleted = 0
    while True:
        begun = time.monotonic()
        with database.writing() as connection:
            rows = connection.execute(first).all()
            old = [row.id for row in rows if row.at <= end]
            if old:
                connection.execute(delete(table).where(table.c.id.in_(bindparam("ids", expanding=True))), {"ids": old})
        deleted += len(old)
        if len(old) < SIZE:
            return deleted
        # Writers of SQLite look again only now and then whether it is free: leave it free for as long as it was taken.
        time.sleep(time.monotonic() - begun)
