"""Transactions of the outbox's own, by way of the driver, which is much less work than SQLAlchemy's way."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from sqlalchemy.exc import SQLAlchemyError

from notify.database import begin_writing, unusable
from notify.errors import OutboxError
from notify.outbox.connections.raw import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify.database import Database
    from notify.outbox.connections import Raw

Done = TypeVar("Done")
_KEPT = 4
_ISOLATED = "40001"  # serialization_failure
_PARENTS: list[Any] = []
"""Connections of a parent process, kept from being closed by this one."""


class Transactions:
    """Runs transactions. Safe to share between threads, and to be found in a fork.

    Of SQLite, some connections are kept at hand: to get one from a pool and to give it back takes longer than to write
    the row.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: list[Raw] = []
        _all.add(self)

    def run(self, work: Callable[[Raw], Done], *, single: bool = False) -> Done:
        """What `work` returns of a transaction, which is durable then.

        Args:
            work: what is to be done in it.
            single: whether there is only one statement that writes, which the database makes a transaction by itself.

        Raises:
            OutboxError: the database cannot be used. Nothing was written; or, where the words say so, it is not known.
        """
        if self._database.dialect == "sqlite":
            return self._in_sqlite(work, single=single)
        try:
            with self._of_postgresql(single=single) as target:
                return work(target)
        except OutboxError as error:
            if not single or getattr(error.__cause__, "sqlstate", None) != _ISOLATED:
                raise
        # By itself, a statement is as isolated as the database's default says, and fails of what others have committed.
        with self._of_postgresql(single=False) as target:
            return work(target)

    def close(self) -> None:
        """Close the connections that are kept at hand."""
        while self._idle:
            self._idle.pop().cursor.connection.close()

    def forget(self) -> None:
        """Take up none of the connections that a parent process has opened, and close none either."""
        _PARENTS.append(self._idle)
        self._idle = []

    def _in_sqlite(self, work: Callable[[Raw], Done], *, single: bool) -> Done:
        target = self._taken()
        try:
            if not single:
                begin_writing(target.cursor.connection)
            done = work(target)
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
        return done

    def _taken(self) -> Raw:
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


_all: WeakSet[Transactions] = WeakSet()


def _forked() -> None:
    for transactions in tuple(_all):
        transactions.forget()


if hasattr(os, "register_at_fork"):  # pragma: no branch  # Windows has none
    os.register_at_fork(after_in_child=_forked)  # to ask for the process's number each time would take longer


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
