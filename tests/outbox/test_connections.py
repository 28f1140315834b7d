"""Jobs that are part of the caller's own transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy
from psycopg.rows import dict_row
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from notify import Notifier
from notify.errors import ConfigError, OutboxError, ParamsError
from notify.outbox.connections import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    Connect = Callable[[], Any]


POSTGRESQL = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


class Bell:
    """Notes the ids that it was rung with."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def __call__(self, ids: Any) -> None:
        self.ids += ids


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """A notifier whose outbox has its tables."""
    with Notifier.load(project) as notifier:
        notifier.outbox.migrate()
        yield notifier


@pytest.fixture
def bell(notifier: Notifier) -> Bell:
    """A bell of the outbox."""
    bell = Bell()
    notifier.outbox.bells.append(bell)
    return bell


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The caller's engine, in the outbox's database."""
    engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


@pytest.fixture
def connect(url: str) -> Connect:
    """Opens a connection of the driver itself."""
    if url.startswith("sqlite"):
        return lambda: sqlite3.connect(url.removeprefix("sqlite:///"))
    return lambda: psycopg.connect(url)


def hello(notifier: Notifier, connection: object, **keywords: Any) -> Any:
    """A job in the connection's transaction."""
    return notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, connection=connection, **keywords)


def hellos(notifier: Notifier, connection: object, number: int = 1500) -> int:
    """Many of them."""
    rows = ((f"user{index}@example.com", {"name": "A"}) for index in range(number))
    return notifier.enqueue_many("hello", rows, connection=connection)


def test_a_connection_of_sqlalchemy(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """The job is there when the transaction is committed, not before, and then the bell rings."""
    with engine.begin() as connection:
        job = hello(notifier, connection)
        assert ([], []) == (notifier.outbox.find(), bell.ids)

    assert ([job], [job.id]) == (notifier.outbox.find(), bell.ids)


def test_a_rollback_of_sqlalchemy(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """There is no job and no bell, neither then nor with the next commit of the connection."""
    with engine.connect() as connection:
        hello(notifier, connection)
        hellos(notifier, connection)
        connection.rollback()
        connection.execute(sqlalchemy.text("SELECT 1"))
        connection.commit()

    assert ([], []) == (notifier.outbox.find(), bell.ids)


def test_commits_one_after_the_other(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """The bell of each rings when the connection goes on, at the latest when it is given back."""
    with engine.connect() as connection:
        first = hello(notifier, connection)
        connection.commit()
        second = hello(notifier, connection)
        assert [first.id] == bell.ids
        connection.commit()

    assert [first.id, second.id] == bell.ids


def test_a_savepoint_that_is_undone(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """Takes its jobs and their bell with it, and leaves the others."""
    if engine.dialect.name == "sqlite":
        # As SQLAlchemy's manual says, for savepoints to work with sqlite3.
        event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.begin() as connection:
        first = hello(notifier, connection)
        with connection.begin_nested() as savepoint:
            hello(notifier, connection)
            with connection.begin_nested():
                hello(notifier, connection)
            savepoint.rollback()
        with connection.begin_nested():
            last = hello(notifier, connection)

    assert [last, first] == notifier.outbox.find()
    assert [first.id, last.id] == bell.ids


def test_a_savepoint_from_before(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """One that was made before the first job takes all with it, too."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.begin() as connection:
        savepoint = connection.begin_nested()
        hello(notifier, connection)
        savepoint.rollback()

    assert ([], []) == (notifier.outbox.find(), bell.ids)


def test_a_session(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """Its bell rings right after its commit, and only for what was committed."""
    with Session(engine) as session:
        hello(notifier, session)
        session.rollback()
        second = hello(notifier, session)
        assert [] == bell.ids
        session.commit()
        assert [second.id] == bell.ids
        hello(notifier, session)

    assert ([second], [second.id]) == (notifier.outbox.find(), bell.ids)


def test_a_session_of_the_thread(notifier: Notifier, engine: Engine, bell: Bell) -> None:
    """A scoped_session is the session that it stands for."""
    sessions = scoped_session(sessionmaker(engine))
    job = hello(notifier, sessions)
    sessions.commit()
    sessions.remove()

    assert ([job], [job.id]) == (notifier.outbox.find(), bell.ids)


def test_a_session_without_an_engine(notifier: Notifier) -> None:
    """The error says what to give instead."""
    with Session() as session, pytest.raises(ConfigError, match="the session has no engine of its own"):
        hello(notifier, session)


@POSTGRESQL
def test_what_is_asynchronous(notifier: Notifier, url: str) -> None:
    """The error says how; and what it says works."""
    engine = create_async_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    async def use(connection: AsyncConnection | AsyncSession) -> None:
        async with connection:
            with pytest.raises(ConfigError, match=r"await connection.run_sync\(lambda own: notifier.enqueue"):
                hello(notifier, connection)
            await connection.run_sync(lambda own: hello(notifier, own))
            await connection.commit()

    async def both() -> None:
        await use(engine.connect())
        await use(AsyncSession(engine))
        await engine.dispose()

    asyncio.run(both())
    assert 2 == len(notifier.outbox.find())


def test_a_connection_of_the_driver(notifier: Notifier, connect: Connect) -> None:
    """The job is there when the caller commits, and not if it rolls back."""
    with closing(connect()) as connection:
        hello(notifier, connection)
        connection.rollback()
        job = hello(notifier, connection)
        assert [] == notifier.outbox.find()
        connection.commit()

    assert [job] == notifier.outbox.find()


def test_many_with_the_driver(notifier: Notifier, connect: Connect) -> None:
    """A rollback takes them all, though they were given in several statements."""
    with closing(connect()) as connection:
        assert 1500 == hellos(notifier, connection)
        connection.rollback()
        assert [] == notifier.outbox.find()
        hellos(notifier, connection)
        connection.commit()

    assert 1500 == len(notifier.outbox.find(limit=2000))


def test_a_wrong_row_leaves_the_callers_transaction(
    notifier: Notifier, connect: Connect, engine: Engine, bell: Bell
) -> None:
    """What the caller did before stays, what `enqueue_many` did is undone, and the transaction goes on."""
    rows: list[Any] = [*(("a@example.com", {"name": "A"}) for _ in range(1500)), ("a@example.com", {})]
    with closing(connect()) as connection:
        first = hello(notifier, connection)
        with pytest.raises(ParamsError, match="row 1501"):
            notifier.enqueue_many("hello", rows, connection=connection)
        connection.commit()
    with engine.begin() as connection:
        second = hello(notifier, connection)
        with pytest.raises(ParamsError, match="row 1501"):
            notifier.enqueue_many("hello", rows, connection=connection)

    assert [second, first] == notifier.outbox.find()
    assert [second.id] == bell.ids


def test_a_connection_that_commits_by_itself(notifier: Notifier, connect: Connect) -> None:
    """One job is there at once; many are there together or not at all."""
    rows: list[Any] = [*(("a@example.com", {"name": "A"}) for _ in range(1500)), ("a@example.com", {})]
    with closing(connect()) as connection:
        if isinstance(connection, sqlite3.Connection):
            connection.isolation_level = None
        else:
            connection.autocommit = True
        job = hello(notifier, connection)
        with pytest.raises(ParamsError, match="row 1501"):
            notifier.enqueue_many("hello", rows, connection=connection)
        assert [job] == notifier.outbox.find()
        hellos(notifier, connection)
        assert 1501 == len(notifier.outbox.find(limit=2000))


class Autonomous(sqlite3.Connection):
    """As `sqlite3.connect(..., autocommit=True)` makes it since Python 3.12, if its own `isolation_level` is None."""

    autocommit = True
    isolation_level = "DEFERRED"


def test_sqlite3_that_commits_by_itself(notifier: Notifier) -> None:
    """As its `autocommit` says: no transaction is left open that nobody would commit."""
    path = notifier.outbox.database.path
    if path is None:
        return
    with closing(sqlite3.connect(path, isolation_level=None, factory=Autonomous)) as connection:
        hellos(notifier, connection)

        assert not connection.in_transaction
    assert 1500 == len(notifier.outbox.find(limit=2000))


def test_rows_of_the_callers_own_shape(notifier: Notifier, connect: Connect) -> None:
    """A connection that gives rows as mappings is used all the same, and goes on doing so."""
    with closing(connect()) as connection:
        connection.row_factory = sqlite3.Row if isinstance(connection, sqlite3.Connection) else dict_row
        first = hello(notifier, connection, key="k")
        second = hello(notifier, connection, key="k")
        row = connection.execute("SELECT 1 AS one").fetchone()
        connection.commit()

    assert first == second
    assert 1 == row["one"]


def test_a_message_in_the_callers_transaction(notifier: Notifier, connect: Connect) -> None:
    """As any other job."""
    message = notifier.render("hello", to="a@example.com", params={"name": "A"})
    with closing(connect()) as connection:
        notifier.enqueue_message(message, connection=connection)
        connection.rollback()

    assert [] == notifier.outbox.find()


def test_the_contract_outlives_a_rollback(notifier: Notifier, connect: Connect) -> None:
    """It is there for the next job, even if the transaction that it came with was undone."""
    with closing(connect()) as connection:
        hello(notifier, connection)
        connection.rollback()
    job = hello(notifier, None)

    with notifier.outbox.database.reading() as connection:
        assert [job.contract] == list(connection.exec_driver_sql("SELECT hash FROM notify_contracts").scalars())


@pytest.mark.parametrize("value", ["sqlite://", 5, object()])
def test_what_is_no_connection(notifier: Notifier, value: object) -> None:
    """The error says what can be given, and what came."""
    with pytest.raises(ConfigError, match=r"connection: expected a Connection or Session .*, got builtins\."):
        hello(notifier, value)


def test_an_engine_is_no_connection(notifier: Notifier, engine: Engine) -> None:
    """It has no transaction that the job could be part of."""
    with pytest.raises(ConfigError, match=r"got sqlalchemy\.engine\.base\.Engine"):
        hello(notifier, engine)


def test_another_database(notifier: Notifier, tmp_path: Path, url: str) -> None:
    """Where no worker would ever look, nothing is put; whatever the connection is."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as other, pytest.raises(ConfigError, match="connection: it"):
        hello(notifier, other)
    with closing(sqlite3.connect(":memory:")) as other, pytest.raises(ConfigError, match="connection: it"):
        hello(notifier, other)
    if url.startswith("postgresql"):
        elsewhere = url.rpartition("/")[0] + "/postgres"
        with psycopg.connect(elsewhere) as server, pytest.raises(ConfigError, match="has no tables of the outbox"):
            hello(notifier, server)


@POSTGRESQL
def test_another_outbox_of_the_same_server(notifier: Notifier, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with its own tables is another one, although they look alike."""
    monkeypatch.setattr(raw, "_seen", {})  # by an earlier test, in the same database
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE TABLE other.notify_migrations AS SELECT 1 AS version, 1.0::float8 AS applied_at")
        connection.execute("SET search_path = other")
        with pytest.raises(ConfigError, match="it leads to another database"):
            hello(notifier, connection)


@POSTGRESQL
def test_a_failed_transaction_of_the_caller(notifier: Notifier, url: str) -> None:
    """The error is one of the outbox, with the server's words."""
    with psycopg.connect(url) as connection:
        hello(notifier, connection)
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM nothing")
        with pytest.raises(OutboxError, match="current transaction is aborted"):
            hello(notifier, connection)
        connection.rollback()

    assert [] == notifier.outbox.find()


@POSTGRESQL
def test_workers_are_told_at_the_commit(notifier: Notifier, url: str, connect: Connect) -> None:
    """PostgreSQL tells those who listen when the transaction is committed, and nothing if it is not."""
    with psycopg.connect(url, autocommit=True) as listener, closing(connect()) as connection:
        listener.execute("LISTEN notify_outbox")
        hello(notifier, connection)
        hellos(notifier, connection, 10)
        connection.rollback()
        assert [] == list(listener.notifies(timeout=0.2))
        hello(notifier, connection)
        hellos(notifier, connection, 10)
        connection.commit()
        assert ["notify_outbox"] == [each.channel for each in listener.notifies(timeout=5, stop_after=1)]
        hello(notifier, None)
        assert ["notify_outbox"] == [each.channel for each in listener.notifies(timeout=5, stop_after=1)]
