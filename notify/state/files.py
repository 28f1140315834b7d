"""A state in a file of SQLite."""

from __future__ import annotations

import json
import os
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from notify.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from notify.state.memory import Document, T

_PATIENCE = 10.0
_PARENTS: list[sqlite3.Connection | None] = []
"""Connections of a parent process, kept from being closed by this one."""


class FileState:
    """Documents in a file that the processes of one machine share.

    What was changed last may be missing after a power failure, not after a crash of the process.

    Args:
        path: the file; it and its folder are made when they are first needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._process = os.getpid()

    def read(self, key: str) -> Document:
        """See `State`."""
        with self._open() as connection:
            return _read(connection, key)

    def change(self, key: str, change: Callable[[Document], T]) -> T:
        """See `State`."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                document = _read(connection, key)
                result = change(document)
                connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, json.dumps(document)))
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            return result

    def close(self) -> None:
        """See `State`."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        if self._process != os.getpid():
            # A connection must neither be used nor be closed in a fork; the lock may have been held.
            _PARENTS.append(self._connection)
            self._process, self._connection, self._lock = os.getpid(), None, threading.Lock()
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _connected(self.path)
                yield self._connection
            except (sqlite3.Error, OSError) as error:
                raise ConfigError(f"state: {self.path} cannot be used: {error}") from error


def _connected(path: Path) -> sqlite3.Connection:
    import sqlite3

    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, document TEXT NOT NULL)")
    except BaseException:
        connection.close()
        raise
    return connection


def _read(connection: sqlite3.Connection, key: str) -> Document:
    with closing(connection.execute("SELECT document FROM state WHERE key = ?", (key,))) as cursor:
        found = cursor.fetchone()
    try:
        document: Document = json.loads(found[0]) if found else {}
    except ValueError as error:
        raise ConfigError(f"state: what is kept of {key} is damaged: {error}") from error
    return document
