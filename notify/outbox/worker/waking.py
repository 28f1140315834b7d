"""Sleeping until there may be something to do."""

from __future__ import annotations

import logging
import os
import select
import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from notify.database import Database

CHANNEL = "notify_outbox"
"""What enqueuing notifies on PostgreSQL."""
_POLL = 0.03
_AGAIN = 1.0
_log = logging.getLogger("notify.worker")


class Waking(Protocol):
    """Sleeps until something was written into the outbox."""

    def sleep(self, seconds: float) -> None:
        """Return when something may have been written since the last call, when `wake` is called, or after so long."""
        ...

    def wake(self) -> None:
        """End a sleep, or the next one; from any thread, and from a signal's handler."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


def waking(database: Database) -> Waking:
    """What fits the database."""
    return ByLooking(database) if database.dialect == "sqlite" else ByListening(database)


class _Bell:
    """A pipe: what one end is told, a sleeper at the other end hears."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()
        os.set_blocking(self.reader, False)
        os.set_blocking(self._writer, False)

    def ring(self) -> None:
        with suppress(OSError):  # it rings already, or nobody sleeps any more
            os.write(self._writer, b"!")

    def silence(self) -> bool:
        """Whether it rang."""
        try:
            return bool(os.read(self.reader, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        ends = self.reader, self._writer
        self.reader = self._writer = -1  # a signal's handler may ring in this very moment
        for end in ends:
            os.close(end)


class ByLooking:
    """Looks at a number in SQLite's file, which changes with each commit of another connection."""

    def __init__(self, database: Database) -> None:
        self._path = database.path
        self._bell = _Bell()
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    def sleep(self, seconds: float) -> None:
        """See `Waking`."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            seen, self._seen = self._seen, self._version()
            if seen != self._seen:
                return
            if select.select([self._bell.reader], [], [], min(_POLL, left))[0] and self._bell.silence():
                return

    def wake(self) -> None:
        """See `Waking`."""
        self._bell.ring()

    def close(self) -> None:
        """See `Waking`."""
        self._bell.close()
        if self._connection is not None:
            self._connection.close()

    def _version(self) -> int | None:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    f"file:{self._path}?mode=ro", uri=True, timeout=0, isolation_level=None, check_same_thread=False
                )
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return self._seen  # busy for a moment; whoever reads the table says what is wrong
        return version


class ByListening:
    """Listens for what PostgreSQL tells of each commit that enqueues something."""

    def __init__(self, database: Database) -> None:
        self._url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._bell = _Bell()
        self._connection: Any = None
        self._next_try = 0.0

    def sleep(self, seconds: float) -> None:
        """See `Waking`."""
        if self._listening():
            # What was written before is not heard; a caller who has just begun to listen has to look.
            return
        heard = [self._bell.reader, *([self._connection.fileno()] if self._connection is not None else ())]
        if self._connection is None:
            seconds = min(seconds, _AGAIN)
        ready = select.select(heard, [], [], max(0.0, seconds))[0]
        if self._bell.reader in ready:
            self._bell.silence()
        if self._connection is not None and heard[-1] in ready:
            self._hear()

    def wake(self) -> None:
        """See `Waking`."""
        self._bell.ring()

    def close(self) -> None:
        """See `Waking`."""
        self._bell.close()
        self._forget()

    def _listening(self) -> bool:
        """Listen, if nothing does; whether that has begun."""
        import psycopg

        if self._connection is not None or time.monotonic() < self._next_try:
            return False
        self._next_try = time.monotonic() + _AGAIN
        try:
            self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5, application_name="notify")
            self._connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            _log.warning("the worker cannot listen for new messages, and looks once a second: %s", _words(error))
            self._forget()
            return False
        return True

    def _hear(self) -> None:
        import psycopg

        try:
            for _ in self._connection.notifies(timeout=0):
                pass
        except psycopg.Error as error:
            _log.warning("the worker no longer hears of new messages: %s", _words(error))
            self._forget()

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _words(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
