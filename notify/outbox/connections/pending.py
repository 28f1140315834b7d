"""What is to be done once a transaction of SQLAlchemy is committed, and only if it is.

SQLAlchemy tells a session after its commit. To a connection it tells only before it; there, what is pending is done
when the connection begins again, or goes back to the pool, which is right after the commit in `with engine.begin()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.sql.elements import SavepointClause

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

_KEY = "notify_pending"


class Pending:
    """The calls that wait for the commits of one connection, with the savepoints that they were made in."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], object]] = []
        self._committed: list[Callable[[], object]] = []
        self._savepoints: list[tuple[str, int]] = []
        self._sessions: dict[int, tuple[Any, Callable[[Any], None]]] = {}

    def add(self, call: Callable[[], object]) -> None:
        """Make the call after the commit of what is going on now."""
        self._waiting.append(call)

    def watch(self, session: Any) -> None:
        """Make the calls at once when this session, which has the connection, has committed."""
        if id(session) not in self._sessions:

            def ring(_session: object) -> None:
                self.ring()

            event.listen(session, "after_commit", ring)
            self._sessions[id(session)] = session, ring

    def ring(self) -> None:
        """Make the calls whose transaction is committed."""
        calls, self._committed = self._committed, []
        for call in calls:
            call()

    def close(self) -> None:
        """The connection is given back."""
        for session, ring in self._sessions.values():
            event.remove(session, "after_commit", ring)
        self.ring()

    def commit(self) -> None:
        """A transaction is being committed."""
        self._committed += self._waiting
        self._waiting, self._savepoints = [], []

    def rollback(self) -> None:
        """A transaction was rolled back, or could not be committed."""
        self._waiting, self._committed, self._savepoints = [], [], []

    def savepoint(self, name: str) -> None:
        """A savepoint was made."""
        self._savepoints.append((name, len(self._waiting)))

    def rollback_savepoint(self, name: str) -> None:
        """What happened since a savepoint is undone; one that is not known was made before anything was pending."""
        while self._savepoints:
            known, length = self._savepoints.pop()
            if known == name:
                del self._waiting[length:]
                return
        self._waiting = []


def pending(connection: Connection) -> Pending:
    """What waits for the commits of a connection, from now until it goes back to its pool."""
    found: Pending | None = connection.info.get(_KEY)
    if found is None:
        found = connection.info[_KEY] = Pending()
        _listen(connection, found)
    return found


def _listen(connection: Connection, waiting: Pending) -> None:
    event.listen(connection, "commit", lambda _connection: waiting.commit())
    event.listen(connection, "commit_twophase", lambda _connection, _xid, _prepared: waiting.commit())
    event.listen(connection, "rollback", lambda _connection: waiting.rollback())
    event.listen(connection, "rollback_twophase", lambda _connection, _xid, _prepared: waiting.rollback())
    event.listen(connection, "before_execute", lambda _connection, clause, *_: _before(clause, waiting))
    event.listen(connection, "rollback_savepoint", lambda _connection, name, _context: waiting.rollback_savepoint(name))
    event.listen(connection, "begin", lambda _connection: waiting.ring())
    pool = connection.engine.pool
    if not event.contains(pool, "checkin", _given_back):
        event.listen(pool, "checkin", _given_back)


def _before(clause: object, waiting: Pending) -> None:
    # The event `savepoint` does not know the name.
    if isinstance(clause, SavepointClause):
        waiting.savepoint(clause.ident)


def _given_back(_connection: object, record: Any) -> None:
    waiting: Pending | None = record.info.pop(_KEY, None)
    if waiting is not None:
        waiting.close()
