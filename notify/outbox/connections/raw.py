"""Connections of the DBAPI: sqlite3, psycopg and psycopg2."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from notify.outbox.connections.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableSet, Sequence

    from notify.outbox.statements import Statement

_SAVEPOINT = "notify_enqueue"
_seen: dict[tuple[Any, ...], set[object]] = {}


class Raw(Target):
    """A cursor, and how its driver writes parameters."""

    def __init__(self, cursor: Any, dialect: str, errors: tuple[type[Exception], ...]) -> None:
        self.cursor = cursor
        self.dialect = dialect
        self.errors = errors
        self._style = "qmark" if dialect == "sqlite" else dialect

    @property
    def notes(self) -> MutableSet[object] | None:
        """See `Target`."""
        if self.dialect == "sqlite":
            return None
        about = self.cursor.connection.info
        return _seen.setdefault((about.host, about.port, about.dbname, about.options), set())

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """See `Target`."""
        text, _, taken = statement.worded(self._style)
        self.cursor.execute(text, taken(values))
        found: Sequence[Sequence[Any]] = self.cursor.fetchall() if self.cursor.description else ()
        return found

    def put(self, statement: Statement, values: Mapping[str, Any]) -> int | None:
        """See `Target`."""
        text, _, taken = statement.worded(self._style)
        cursor = self.cursor
        cursor.execute(text, taken(values))
        return cursor.lastrowid if cursor.rowcount else None

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> int:
        """See `Target`."""
        text, _, taken = statement.worded(self._style)
        self.cursor.executemany(text, list(map(taken, rows)))
        written: int = self.cursor.rowcount
        return written

    @contextmanager
    def whole(self) -> Iterator[None]:
        """See `Target`."""
        begin, end, undo = f"SAVEPOINT {_SAVEPOINT}", f"RELEASE {_SAVEPOINT}", f"ROLLBACK TO {_SAVEPOINT}"
        if self._commits_itself():
            begin, end, undo = "BEGIN", "COMMIT", "ROLLBACK"
        self._begin()
        self.cursor.execute(begin)
        try:
            yield
            self.cursor.execute(end)
        except BaseException:
            if not self._is_lost():
                self.cursor.execute(undo)
            raise

    def _commits_itself(self) -> bool:
        """Whether each statement is a transaction."""
        connection = self.cursor.connection
        if self.dialect == "sqlite":
            return not connection.in_transaction and not _begins_itself(connection)
        return bool(connection.autocommit) and connection.info.transaction_status == 0

    def _begin(self) -> None:
        if self.dialect == "sqlite":
            begin_for_savepoint(self.cursor.connection)

    def _is_lost(self) -> bool:
        """Whether there is no transaction any more; SQLite ends one itself when the disk is full."""
        connection = self.cursor.connection
        return not connection.in_transaction if self.dialect == "sqlite" else bool(connection.closed)


def begin_for_savepoint(connection: sqlite3.Connection) -> None:
    """Begin a transaction where sqlite3 would for an INSERT: else a savepoint is one, and committed when it ends."""
    if _begins_itself(connection) and not connection.in_transaction:
        connection.execute("BEGIN")


def _begins_itself(connection: sqlite3.Connection) -> bool:
    """Whether sqlite3 would begin a transaction; since Python 3.12 its `autocommit` may say that it does not."""
    return connection.isolation_level is not None and getattr(connection, "autocommit", None) is not True


def raw(connection: object) -> Raw | None:
    """The target that a connection of the DBAPI is; None if it is none that is known."""
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.cursor()
        cursor.row_factory = None
        return Raw(cursor, "sqlite", (sqlite3.Error,))
    psycopg: Any = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(connection, psycopg.Connection):
        return Raw(connection.cursor(row_factory=psycopg.rows.tuple_row), "postgresql", (psycopg.Error,))
    psycopg2: Any = sys.modules.get("psycopg2")
    if psycopg2 is not None and isinstance(connection, psycopg2.extensions.connection):
        plain = connection.cursor(cursor_factory=psycopg2.extensions.cursor)
        return Raw(plain, "postgresql", (psycopg2.Error,))
    return None
