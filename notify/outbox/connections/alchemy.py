"""Connections and sessions of SQLAlchemy."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError, UnboundExecutionError

from notify.errors import ConfigError
from notify.outbox.connections.pending import Pending, pending
from notify.outbox.connections.raw import begin_for_savepoint
from notify.outbox.connections.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableSet, Sequence

    from notify.outbox.statements import Statement

_NOTES = "notify_outbox"


class Alchemy(Target):
    """A connection, perhaps that of a session."""

    def __init__(self, connection: Connection, session: Any = None) -> None:
        self._connection = connection
        self._session = session
        self.dialect = connection.dialect.name
        self.errors = (SQLAlchemyError,)

    @property
    def notes(self) -> MutableSet[object] | None:
        """See `Target`."""
        found: set[object] = self._connection.info.setdefault(_NOTES, set())
        return found

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """See `Target`."""
        result = self._connection.execute(statement.clause, self._taken(statement, values))
        return result.fetchall() if result.returns_rows else ()

    def put(self, statement: Statement, values: Mapping[str, Any]) -> int | None:
        """See `Target`."""
        result = self._connection.execute(statement.clause, self._taken(statement, values))
        return result.lastrowid if result.rowcount else None

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> int:
        """See `Target`."""
        return self._connection.execute(statement.clause, [self._taken(statement, row) for row in rows]).rowcount

    def _taken(self, statement: Statement, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that the statement takes; SQLAlchemy takes no others."""
        names = statement.worded("qmark" if self.dialect == "sqlite" else self.dialect).names
        return {name: values[name] for name in names}

    @contextmanager
    def whole(self) -> Iterator[None]:
        """See `Target`."""
        driver: Any = self._connection.connection.dbapi_connection
        if isinstance(driver, sqlite3.Connection):
            begin_for_savepoint(driver)
        with self._connection.begin_nested():
            yield

    def after_commit(self, ring: Callable[[], object]) -> None:
        """See `Target`."""
        waiting: Pending = pending(self._connection)
        waiting.add(ring)
        if self._session is not None:
            waiting.watch(self._session)


def alchemy(connection: object) -> Alchemy | None:
    """The target that a connection or session of SQLAlchemy is; None if it is none.

    Raises:
        ConfigError: the session has several databases.
    """
    if isinstance(connection, Connection):
        return Alchemy(connection)
    orm: Any = sys.modules.get("sqlalchemy.orm")
    if orm is None:
        return None
    session = connection() if isinstance(connection, orm.scoped_session) else connection
    if not isinstance(session, orm.Session):
        return None
    try:
        return Alchemy(session.connection(), session)
    except UnboundExecutionError as error:
        raise ConfigError(
            "connection: the session has no engine of its own; give the connection of the one that the outbox is in: "
            "connection=session.connection(bind_arguments={...})"
        ) from error
