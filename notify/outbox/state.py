"""A state in the outbox's database, which the workers of several machines share."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from notify.database import migrations
from notify.database.tables import now
from notify.errors import ConfigError, OutboxError
from notify.outbox.tables import state

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from notify.database import Database
    from notify.state.memory import Document, T

_PATIENCE = 5.0
_PAUSE = 0.1


class Waiting(Protocol):
    """Waits for the database."""

    def __call__(self, action: Callable[[], T], /) -> T:
        """What the action gives, as soon as it can be done."""
        ...


class DatabaseState:
    """Documents in a table; see `notify.state.State`.

    Args:
        database: where the table is.
        wait: has an action done that raises OutboxError while the database is gone; by default, that is waited for, for
            some seconds.
    """

    def __init__(self, database: Database, wait: Waiting | None = None) -> None:
        self._database = database
        self._wait = wait or _for_some_seconds
        self._is_checked = False

    def read(self, key: str) -> Document:
        """See `State`."""

        def attempt() -> Document:
            with self._database.reading() as connection:
                return _document(key, connection.execute(_READ, {"wanted": key}).scalar())

        return self._patiently(attempt)

    def change(self, key: str, change: Callable[[Document], T]) -> T:
        """See `State`."""

        def attempt() -> T:
            with self._database.writing() as connection:
                document = self._locked(connection, key)
                result = change(document)
                connection.execute(_WRITE, {"wanted": key, "new": json.dumps(document)})
                return result

        return self._patiently(attempt)

    def close(self) -> None:
        """See `State`."""
        self._database.close()

    def _locked(self, connection: Connection, key: str) -> Document:
        """The document, which nobody else changes before this transaction has ended."""
        found = connection.execute(_LOCK, {"wanted": key}).scalar()
        if found is None:
            # Of two who find none, one inserts it, and the other waits for that.
            connection.execute(_MAKE[self._database.dialect], {"wanted": key})
            found = connection.execute(_LOCK, {"wanted": key}).scalar()
        return _document(key, found)

    def _patiently(self, action: Callable[[], T]) -> T:
        def checked() -> T:
            if not self._is_checked:
                migrations.check(self._database)
                self._is_checked = True
            return action()

        return self._wait(checked)


def _for_some_seconds(action: Callable[[], T]) -> T:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return action()
        except OutboxError as error:
            if time.monotonic() > end:
                raise ConfigError(f"state: {error}") from error
            time.sleep(_PAUSE)


def _document(key: str, text: str | None) -> Document:
    try:
        document: Document = json.loads(text) if text else {}
    except ValueError as error:
        raise ConfigError(f"state: what is kept of {key} is damaged: {error}") from error
    return document


_READ = select(state.c.document).where(state.c.key == bindparam("wanted"))
_LOCK = _READ.with_for_update()
_WRITE = update(state).where(state.c.key == bindparam("wanted")).values(document=bindparam("new"), changed_at=now())
_MAKE: dict[str, Any] = {
    dialect: insert(state).values(key=bindparam("wanted"), document="{}", changed_at=now()).on_conflict_do_nothing()
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
