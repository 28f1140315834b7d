"""Transactions of the outbox's own, by way of the driver, which is much less work than SQLAlchemy's way."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from notify.database import begin_writing, unusable
from notify.errors import OutboxError
from notify.outbox.connections.raw import raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from notify.database import Database
    from notify.outbox.connections import Raw

_KEPT = 4
_PARENTS: list[Any] = []
"""Connections of a parent process, kept from being closed by this one."""


class Transactions:
    """Begins transactions. Safe to share between threads, and to be found in a fork.

    Of SQLite, some connections are kept at hand: to get one from a pool and to give it back takes longer than to write
    the row.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: list[Raw] = []
        self._process = os.getpid()

    def begin(self, *, single: bool = False) -> AbstractContextManager[Raw]:
        """A transaction, which is durable when the block has ended.

        Args:
            single: whether there is only one statement that writes, which the database makes a transaction by itself.

        Raises:
            OutboxError: the database cannot be used. Nothing was written; or, where the words say so, it is not known.
        """
        return (self._of_sqlite if self._database.dialect == "sqlite" else self._of_postgresql)(single=single)

    def close(self) -> None:
        """Close the connections that are kept at hand."""
        if self._process == os.getpid():
            while self._idle:
                self._idle.pop().cursor.connection.close()

    @contextmanager
    def _of_sqlite(self, *, single: bool) -> Iterator[Raw]:
        target = self._taken()
        try:
            if not single:
                begin_writing(target.cursor.connection)
            yield target
            if not single:
                target.cursor.execute("COMMIT")
        except BaseException as error:
            target.cursor.connection.close()  # which undoes what was not committed
            if isinstance(error, target.errors):
                raise unusable(error, self._database.shown) from error
            raise
        if len(self._idle) < _KEPT:
            self._idle.append(target)
        else:
            target.cursor.connection.close()

    def _taken(self) -> Raw:
        if self._process != os.getpid():
            _PARENTS.append(self._idle)
            self._idle, self._process = [], os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            pooled = self._pooled()
            pooled.detach()
            # SQLAlchemy has changed it where the connection was used to read.
            pooled.dbapi_connection.isolation_level = None
            return _target(pooled.dbapi_connection)

    @contextmanager
    def _of_postgresql(self, *, single: bool) -> Iterator[Raw]:
        pooled = self._pooled()
        connection, target = pooled.dbapi_connection, _target(pooled.dbapi_connection)
        try:
            connection.autocommit = single
            with target.explained(self._database.shown):
                yield target
            if not single:
                _commit(pooled, target, self._database.shown)
        except BaseException as error:
            if not isinstance(error, Exception) or connection.closed:
                pooled.invalidate()
            if single and connection.closed and isinstance(error, OutboxError):
                raise _unknown(error) from error.__cause__
            raise
        finally:
            if single and not connection.closed:
                connection.autocommit = False
            pooled.close()  # which undoes what was not committed

    def _pooled(self) -> Any:
        engine = self._database.engine
        try:
            return engine.raw_connection()
        except (SQLAlchemyError, OSError, engine.dialect.loaded_dbapi.Error) as error:
            raise unusable(error, self._database.shown) from error


def _target(connection: object) -> Raw:
    target = raw(connection)
    if target is None:  # pragma: no cover  # the database's URL allows no other driver
        raise TypeError(f"unknown driver: {type(connection)}")
    return target


def _commit(pooled: Any, target: Raw, shown: str) -> None:
    try:
        pooled.commit()
    except target.errors as error:
        raise _unknown(unusable(error, shown)) from error


def _unknown(error: Exception) -> OutboxError:
    return OutboxError(
        f"{error}; that was while it was made durable, so that nobody knows whether it is in the outbox: "
        "enqueue it again if it has a key, look with `notify outbox list` if not"
    )
