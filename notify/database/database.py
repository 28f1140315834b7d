"""The database that the outbox is in: SQLite on one machine, PostgreSQL for many."""

from __future__ import annotations

import os
import random
import select
import sqlite3
import threading
import time
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, TimeoutError  # noqa: A004

from notify.errors import ConfigError, OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Dialect, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

DIALECTS = ("sqlite", "postgresql")
_LATELY = 1.0  # seconds for which a connection is taken to be in order without asking
_IDLE_SINCE = "notify_idle_since"
_PATIENCE = 10  # seconds to wait for another writer of the same file
_PAUSES = (0.0005, 0.002)  # seconds between two looks
_LOG_PAGES = 4000  # of SQLite's log, after which they go into the file: 16 MB
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite"}
_KNOWN = frozenset({"pysqlite", "psycopg", "psycopg2"})
_PARENTS: list[Engine | None] = []
_EXTRAS = {"psycopg": "postgres"}


class Database:
    """Connections to one database. Safe to share between threads, and to be found in a fork.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://user:password@host/database`.
        base: the folder that a relative path is taken from.

    Raises:
        ConfigError: it is not the URL of a database that the outbox can be in, or a driver is missing.
    """

    def __init__(self, url: str, base: Path) -> None:
        self.url = _url(url, base)
        self.dialect: str = self.url.get_backend_name()
        self._engine: Engine | None = None
        self._process = os.getpid()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Database {self.shown}>"

    @cached_property
    def shown(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        name = self.url.database
        return Path(name) if self.dialect == "sqlite" and name else None

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, made when it is first needed, in this process."""
        if self._process != os.getpid():
            # What the parent has open must neither be used here nor be closed, also not by being forgotten.
            _PARENTS.append(self._engine)
            self._engine, self._process, self._lock = None, os.getpid(), threading.Lock()
        with self._lock:
            if self._engine is None:
                self._engine = _engine(self.url)
            return self._engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, which is durable when the block has ended.

        Raises:
            OutboxError: the database cannot be used; nothing was written.
        """
        with self._explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection without a transaction, which keeps no writer waiting.

        Raises:
            OutboxError: the database cannot be used.
        """
        with self._explained(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close the connections. Using it again opens them again."""
        if self._engine is not None and self._process == os.getpid():
            self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error, TimeoutError) as error:
            raise unusable(error, self.shown) from error
        except OSError as error:
            raise OutboxError(f"the outbox {self.shown} cannot be used: {error}") from error


def unusable(error: Exception, shown: str) -> OutboxError | ConfigError:
    """What a failure of the database is called."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = str(cause).strip().partition("\n")[0]
    if "no such table: notify_" in words or ('relation "notify_' in words and "does not exist" in words):
        return ConfigError(f"the outbox {shown} has no tables: run `notify outbox migrate`")
    return OutboxError(f"the outbox {shown} cannot be used: {words}")


def _url(text: str, base: Path) -> URL:
    try:
        url = make_url(text)
        driver = _DRIVERS.get(url.drivername, url.drivername)
        url = url.set(drivername=driver)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        raise ConfigError(
            "outbox: expected a URL such as sqlite:///outbox.db or postgresql://user@host/database"
        ) from None
    if backend not in DIALECTS:
        raise ConfigError(f"outbox: the outbox can be in SQLite and in PostgreSQL, not in {backend}")
    if (name := url.get_driver_name()) not in _KNOWN:
        raise ConfigError(
            f"outbox: {name} is no driver that the outbox can use, which is not asynchronous: write {backend}://..."
        )
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ConfigError("outbox: SQLite needs a file, such as sqlite:///.notify/outbox.db")
        url = url.set(database=str(base / url.database))
    try:
        url.get_dialect().import_dbapi()
    except ImportError as error:
        missing = (error.name or "").partition(".")[0]
        extra = _EXTRAS.get(missing, missing)
        raise ConfigError(f"outbox: {missing} is not installed: pip install 'notify-framework[{extra}]'") from error
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = sqlalchemy.create_engine(url, connect_args={"timeout": _PATIENCE, "check_same_thread": False})
        event.listen(engine, "connect", _opened_sqlite)
        event.listen(engine, "begin", _begun_sqlite)
        return engine
    # Whatever the database's own default is: with a stricter one, workers and callers would fail of each other.
    engine = sqlalchemy.create_engine(
        url, connect_args={"application_name": "notify"}, isolation_level="READ COMMITTED"
    )
    event.listen(engine, "checkin", _returned)
    event.listen(engine, "checkout", _Checking(engine.dialect))
    return engine


class _Checking:
    """Sees whether a connection of the pool is still one, asking the server only where there is a reason to."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def __call__(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        idle_since = record.info.pop(_IDLE_SINCE, None)
        if idle_since is None:
            return  # it is new
        if time.monotonic() - idle_since < _LATELY and not _has_heard(connection):
            return
        try:
            self._dialect.do_ping(connection)
        except self._dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _has_heard(connection: Any) -> bool:
    """Whether there is something to read from the server, which says so when it hangs up."""
    if hasattr(select, "poll"):  # which takes files of any number, as `select` does on Windows
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([connection], [], [], 0)[0])  # pragma: no cover


def _returned(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_IDLE_SINCE] = time.monotonic()


def _opened_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # By default after 1000, so that what bulk work changes several times would also be written several times.
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")


def _begun_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        begin_writing(connection.connection.dbapi_connection)


def begin_writing(connection: Any) -> None:
    """Begin a transaction of SQLite, as its one writer, as soon as no other is.

    A writer from the beginning: who begins as a reader cannot become one when another has written meanwhile. SQLite
    itself would look again after longer and longer pauses, and let others go first meanwhile, for seconds at times.

    Args:
        connection: the driver's.

    Raises:
        sqlite3.OperationalError: others write for too long, or the database cannot be used.
    """
    end = time.monotonic() + _PATIENCE
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(*_PAUSES))  # noqa: S311 - no secret
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
