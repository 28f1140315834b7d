"""A transaction of the outbox's own, by way of the driver, which is much less work than SQLAlchemy's way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from notify.errors import OutboxError
from notify.outbox.connections.raw import raw
from notify.outbox.database import unusable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.outbox.connections import Raw
    from notify.outbox.database import Database


@contextmanager
def transaction(database: Database) -> Iterator[Raw]:
    """A transaction, which is durable when the block has ended.

    Raises:
        OutboxError: the database cannot be used. Nothing was written; or, where the words say so, it is not known.
    """
    pooled, target = _opened(database)
    try:
        with target.explained(database.shown):
            if database.dialect == "sqlite":
                # At once a writer's: one that begins as a reader cannot become one when another has written meanwhile.
                target.cursor.execute("BEGIN IMMEDIATE")
            yield target
        _commit(pooled, target, database.shown)
    except BaseException:
        if database.dialect == "postgresql" and pooled.dbapi_connection.closed:
            pooled.invalidate()
        raise
    finally:
        pooled.close()  # which undoes what was not committed


def _opened(database: Database) -> tuple[Any, Raw]:
    engine = database.engine
    try:
        pooled: Any = engine.raw_connection()
    except (SQLAlchemyError, OSError, engine.dialect.loaded_dbapi.Error) as error:
        raise unusable(error, database.shown) from error
    target = raw(pooled.dbapi_connection)
    if target is None:
        pooled.close()
        raise TypeError(f"unknown driver {engine.driver}")
    return pooled, target


def _commit(pooled: Any, target: Raw, shown: str) -> None:
    try:
        pooled.commit()
    except target.errors as error:
        failure = unusable(error, shown)
        if target.dialect == "postgresql":
            raise OutboxError(
                f"{failure}; that was while it was made durable, so that nobody knows whether it is in the outbox: "
                "enqueue it again if it has a key, look with `notify outbox list` if not"
            ) from error
        raise failure from error
