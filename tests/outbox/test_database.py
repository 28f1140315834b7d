"""The URL of the outbox, its connections, and what is said when they cannot be used."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import select, text

from notify import ConfigError
from notify.database import Database, migrations
from notify.database import database as module
from notify.database.tables import now, now_of_sqlite
from notify.errors import OutboxError
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from pathlib import Path

_NOW = select(now())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("outbox.db", "expected a URL such as sqlite:///outbox.db"),
        ("nosuch://host/name", "can be in SQLite and in PostgreSQL, not in nosuch"),
        ("mysql+pymysql://host/name", "can be in SQLite and in PostgreSQL, not in mysql"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("postgresql+psycopg2://host/name", "psycopg2 is not installed"),
        ("postgresql+asyncpg://host/name", "asyncpg is no driver .*: write postgresql://"),
        ("sqlite+aiosqlite:///outbox.db", "aiosqlite is no driver .*: write sqlite://"),
    ],
)
def test_urls_that_cannot_be(url: str, message: str, tmp_path: Path) -> None:
    """The message says what can."""
    with pytest.raises(ConfigError, match=message):
        Database(url, tmp_path)


def test_a_relative_file_lies_beside_the_configuration(tmp_path: Path) -> None:
    """An absolute one where it says."""
    relative, absolute = Database("sqlite:///a/b.db", tmp_path), Database("sqlite:////a/b.db", tmp_path)

    assert tmp_path / "a" / "b.db" == relative.path
    assert "/a/b.db" == str(absolute.path)


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    """Neither in the repr nor when the server does not answer."""
    database = Database("postgresql://somebody:geheim@127.0.0.1:1/name", tmp_path)

    with pytest.raises(OutboxError) as caught, database.reading():
        pass
    assert "geheim" not in f"{database!r} {database.shown} {caught.value!r}"
    assert "127.0.0.1" in str(caught.value)
    assert database.path is None


def test_tables_that_are_missing(url: str, tmp_path: Path) -> None:
    """The message says how to make them."""
    database = Database(url, tmp_path)

    with (
        pytest.raises(ConfigError, match=r"has no tables: run `notify outbox migrate`"),
        database.reading() as connection,
    ):
        connection.execute(select(jobs.c.id))
    database.close()


def test_a_server_without_the_database(postgres: str, tmp_path: Path) -> None:
    """It has no tables to be made: the message is the server's."""
    database = Database(f"{postgres.rpartition('/')[0]}/notify_nowhere", tmp_path)

    with pytest.raises(OutboxError, match=r'cannot be used: .*"notify_nowhere" does not exist'), database.reading():
        pass


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It is left as it is."""
    (tmp_path / "outbox.db").write_text(
        "These are not the octets of a database, and there are more than a few of them."
    )
    database = Database("sqlite:///outbox.db", tmp_path)

    with pytest.raises(OutboxError, match="file is not a database"), database.writing():
        pass
    assert (tmp_path / "outbox.db").read_text().startswith("These are not")


def test_a_transaction_is_durable(tmp_path: Path) -> None:
    """SQLite writes ahead, and waits for the disk at each commit."""
    database = Database("sqlite:///outbox.db", tmp_path)
    with database.reading() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    database.close()

    assert ["wal", 2] == found


def test_an_error_in_the_block_writes_nothing(database: Database) -> None:
    """The transaction is rolled back, and the error is the block's own."""

    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO notify_state VALUES ('key', '{}', 0)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with database.reading() as connection:
        assert [] == connection.exec_driver_sql("SELECT * FROM notify_state").all()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("lately", [0.0, 1000.0])
def test_a_connection_that_is_gone_is_replaced(
    database: Database, url: str, lately: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was used a moment ago, or long ago; before anything is written."""
    monkeypatch.setattr("notify.database.database._LATELY", lately)
    with database.reading() as connection:
        first = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [first])

    with database.writing() as connection:
        second = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with database.writing() as connection:
        third = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    assert first != second
    assert second == third


def test_a_database_that_isolates_more(room: str, tmp_path: Path) -> None:
    """By default: the outbox's own transactions wait for each other, and do not fail of each other."""
    database = Database(f"{room}?options=-c%20default_transaction_isolation%3Dserializable", tmp_path)
    found = []
    for _ in range(2):
        with database.writing() as connection:
            found.append(connection.exec_driver_sql("SHOW transaction_isolation").scalar())
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
    database.close()

    assert ["read committed"] * 2 == found


def test_another_writer_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For some seconds (fewer here); then it is said that the database is locked."""
    monkeypatch.setattr(module, "_PATIENCE", 1)
    database = Database("sqlite:///outbox.db", tmp_path)
    migrations.migrate(database)
    other = sqlite3.connect(tmp_path / "outbox.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutboxError, match="database is locked"), database.writing():
        pass
    threading.Timer(0.5, other.execute, ["COMMIT"]).start()
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO notify_state VALUES ('key', '{}', 0)")
    other.close()
    database.close()


def test_a_fork_opens_its_own(database: Database) -> None:
    """The parent's connections go on working after the child has ended."""
    with database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with database.writing() as connection:
                connection.exec_driver_sql("INSERT INTO notify_state VALUES ('child', '{}', 0)")
            database.close()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    with database.writing() as connection:
        found = connection.exec_driver_sql("SELECT key FROM notify_state").scalars().all()

    assert 0 == status
    assert ["child"] == found


def test_the_clock_of_sqlite_in_python(tmp_path: Path) -> None:
    """What Python takes for the time is what SQLite would: neither before nor after it, and the same number."""
    database = Database("sqlite:///outbox.db", tmp_path)
    with database.reading() as connection:
        readings = [
            (connection.execute(_NOW).scalar_one(), now_of_sqlite(), connection.execute(_NOW).scalar_one())
            for _ in range(200)
        ]
    database.close()

    assert all(before <= ours <= after for before, ours, after in readings)
    assert any(before == ours == after for before, ours, after in readings)
