"""A disk that is full, a database that is locked, read-only or gone: one clear error, and nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from patience import PATIENCE
from sqlalchemy import event

from notify import Notifier
from notify.database import database as database_module
from notify.errors import ConfigError, OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
NOBODY = 65534
FILLING = """
import json, resource, sys
from notify import Notifier
from notify.errors import OutboxError
ids = []
with Notifier.load(sys.argv[1]) as notifier:
    ids.append(notifier.enqueue("hello", to="a@example.com", params={"name": "A"}).id)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    try:
        while True:
            ids.append(notifier.enqueue("hello", to="a@example.com", params={"name": "A" * 5000}).id)
    except OutboxError as error:
        print(json.dumps([ids, str(error)]))
"""


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """A notifier whose outbox has its tables."""
    with Notifier.load(project) as notifier:
        notifier.outbox.migrate()
        yield notifier


def hello(notifier: Notifier, **keywords: Any) -> Any:
    """A job."""
    return notifier.enqueue("hello", to="a@example.com", **{"params": {"name": "A"}, **keywords})


def terminate(url: str) -> None:
    """End all other connections to the database, and wait until they have."""
    others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(others + " WHERE datname = current_database() AND pid <> pg_backend_pid()")


def numbers(notifier: Notifier) -> list[int]:
    """The ids of all jobs, the oldest first."""
    return [job.id for job in notifier.outbox.find(limit=100_000)[::-1]]


@SQLITE
def test_a_full_database(notifier: Notifier) -> None:
    """It is said, what was enqueued before is there, and when there is room again it goes on."""
    room = [60]
    event.listen(
        notifier.outbox.database.engine,
        "connect",
        lambda connection, _record: connection.execute(f"PRAGMA max_page_count = {room[0]}").fetchall(),
    )
    notifier.outbox.close()
    ids: list[int] = []
    with pytest.raises(OutboxError, match="cannot be used: database or disk is full"):
        ids.extend(hello(notifier, params={"name": "A" * 5000}).id for _ in range(100))
    assert ids
    assert ids == numbers(notifier)

    rows = [("a@example.com", {"name": "A" * 100})] * 20_000
    with pytest.raises(OutboxError, match="database or disk is full"):
        notifier.enqueue_many("hello", rows)
    assert ids == numbers(notifier)

    room[0] = 100_000
    notifier.outbox.close()
    assert len(ids) + 1 == hello(notifier).id


@SQLITE
def test_a_full_database_in_the_callers_transaction(notifier: Notifier) -> None:
    """The error is the outbox's, not one of what could not be undone."""
    rows = [("a@example.com", {"name": "A" * 100})] * 20_000
    with closing(sqlite3.connect(str(notifier.outbox.database.path))) as connection:
        connection.execute("PRAGMA max_page_count = 100")
        with pytest.raises(OutboxError, match="database or disk is full"):
            notifier.enqueue_many("hello", rows, connection=connection)
        connection.commit()

    assert [] == numbers(notifier)


@SQLITE
def test_a_file_that_cannot_grow(project: Path, notifier: Notifier) -> None:
    """Each job whose id was given back is there, and no other."""
    command = [sys.executable, "-c", FILLING, str(project)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "" == done.stderr
    ids, words = json.loads(done.stdout)

    assert "the outbox sqlite:" in words
    assert ids == numbers(notifier)
    with notifier.outbox.database.reading() as connection:
        assert ["ok"] == list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())


@SQLITE
def test_a_locked_database(project: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the wait, it is said; a reader waits for nobody."""
    monkeypatch.setattr(database_module, "_PATIENCE", 0.1)
    with Notifier.load(project) as notifier:
        first = hello(notifier)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OutboxError, match="cannot be used: database is locked"):
                hello(notifier)
            with pytest.raises(OutboxError, match="cannot be used: database is locked"):
                notifier.enqueue_many("hello", [("a@example.com", {"name": "A"})])
            assert [first.id] == numbers(notifier)
            other.execute("ROLLBACK")

        assert [first.id, hello(notifier).id] == numbers(notifier)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user of the machine can reach, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="notify-outbox-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@SQLITE
def test_a_read_only_folder(project: Path, public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and the next time it can be written it goes on."""
    monkeypatch.setenv("NOTIFY_OUTBOX", f"sqlite:///{public / 'outbox.db'}")
    with Notifier.load(project) as notifier:
        first = hello(notifier)  # which also imports all that is needed, since nobody else could
        notifier.outbox.close()
        public.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:  # pragma: no branch
            os.seteuid(NOBODY)
        try:
            with pytest.raises(
                OutboxError, match=r"cannot be used: (attempt to write a readonly|unable to open) datab"
            ):
                hello(notifier)
        finally:
            if is_root:  # pragma: no branch
                os.seteuid(0)
            public.chmod(0o755)
        second = hello(notifier)

    assert [first.id, second.id] == numbers(notifier)
    notifier.close()


def test_a_folder_that_cannot_be(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a file stands where it should be."""
    monkeypatch.setenv("NOTIFY_OUTBOX", f"sqlite:///{project / 'notify.yaml' / 'outbox.db'}")
    with Notifier.load(project) as notifier, pytest.raises(OutboxError, match="cannot be used"):
        hello(notifier)


def test_no_server(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, without the password."""
    monkeypatch.setenv("NOTIFY_OUTBOX", "postgresql://ada:s3cr3t@127.0.0.1:1/shop")
    with Notifier.load(project) as notifier, pytest.raises(OutboxError, match="connection failed") as caught:
        hello(notifier)
    assert "s3cr3t" not in str(caught.value)


@POSTGRESQL
def test_no_tables(project: Path) -> None:
    """The error says what to run; in PostgreSQL they are not made in passing."""
    with Notifier.load(project) as notifier, pytest.raises(ConfigError, match="run `notify outbox migrate`"):
        hello(notifier)


@POSTGRESQL
def test_tables_that_were_dropped_later(notifier: Notifier, url: str) -> None:
    """Likewise, though they were there at first."""
    hello(notifier)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE notify_jobs")

    with pytest.raises(ConfigError, match="has no tables: run `notify outbox migrate`"):
        hello(notifier)


@POSTGRESQL
def test_a_connection_that_was_lost_in_between(notifier: Notifier, url: str) -> None:
    """Nobody notices: another is opened."""
    first = hello(notifier)
    terminate(url)
    second = hello(notifier)

    assert [first.id, second.id] == numbers(notifier)


@POSTGRESQL
def test_a_connection_that_is_lost_in_the_middle(notifier: Notifier, url: str) -> None:
    """It is said, none of the rows is there, and the next call goes on."""

    def rows() -> Iterator[tuple[str, dict[str, str]]]:
        for index in range(2500):
            if index == 1800:
                terminate(url)
            yield "a@example.com", {"name": "A"}

    with pytest.raises(OutboxError, match="cannot be used: terminating connection"):
        notifier.enqueue_many("hello", rows())
    assert [] == numbers(notifier)
    assert [hello(notifier).id] == numbers(notifier)


@POSTGRESQL
def test_the_callers_connection_is_lost(notifier: Notifier, url: str) -> None:
    """The error is the outbox's, and what was enqueued before is undone with the transaction."""
    with closing(psycopg.connect(url)) as connection:
        hello(notifier, connection=connection)
        terminate(url)
        with pytest.raises(OutboxError, match="cannot be used"):
            notifier.enqueue_many("hello", [("a@example.com", {"name": "A"})], connection=connection)

    assert [] == numbers(notifier)


@POSTGRESQL
def test_a_connection_that_is_lost_with_the_commit(notifier: Notifier, url: str) -> None:
    """Whether the job is there nobody knows then, and the error says so."""
    hello(notifier)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON notify_jobs DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION hang_up()"
        )

    with pytest.raises(OutboxError, match=r"(?s)cannot be used: .*nobody knows whether it is in the outbox"):
        hello(notifier)
    assert 1 == len(numbers(notifier))
