"""Changing many rows a thousand at a time, so that nobody who writes has to wait."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Delete, Update

    from notify.database import Database

SIZE = 1000


def in_batches(
    database: Database,
    change: Update | Delete,
    conditions: Sequence[ColumnElement[bool]],
    *,
    then: Callable[[Connection, list[int]], object] | None = None,
    **values: Any,
) -> Iterator[list[int]]:
    """Apply a change to all rows that fulfil the conditions, each batch in a transaction; the ids of each batch.

    Args:
        database: where they are.
        change: what is to be done with them.
        conditions: which they are.
        then: what else belongs into the transaction of a batch; called with its ids.
        values: of parameters of the change.

    Raises:
        OutboxError: the database cannot be used; the batches before stay changed.
    """
    chosen = (
        select(jobs.c.id)
        .where(*conditions, jobs.c.id > bindparam("after"))
        .order_by(jobs.c.id)
        .limit(SIZE)
        .with_for_update()
        .cte("chosen")
        # Else PostgreSQL may choose anew for each row, and the batch has no end.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    statement = change.where(jobs.c.id.in_(select(chosen.c.id)), *conditions).returning(jobs.c.id)
    after = 0
    while True:
        begun = time.monotonic()
        with database.writing() as connection:
            ids = sorted(connection.execute(statement, {"after": after, **values}).scalars())
            if ids and then is not None:
                then(connection, ids)
        if ids:
            yield ids
        if len(ids) < SIZE:
            return
        after = ids[-1]
        # Writers of SQLite look again only now and then whether it is free: leave it free for as long as it was taken.
        time.sleep(time.monotonic() - begun)
