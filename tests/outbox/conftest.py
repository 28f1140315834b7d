"""An outbox in SQLite and one in PostgreSQL, each of the test's own, and a project that uses it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from services import service

from notify.database import Database, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def postgres() -> str:
    """The URL of a database that others can be made from."""
    return service("PostgreSQL")


@pytest.fixture(scope="session")
def room(postgres: str) -> Iterator[str]:
    """The URL of a database for the tests of this process; to make one for each test takes longer than most tests."""
    import psycopg

    name = f"notify_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"{postgres.rpartition('/')[0]}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def empty(room: str) -> None:
    """Have a database as it was when it was new, and nobody in it."""
    import psycopg

    with psycopg.connect(room, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = connection.execute(
            "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        for (name,) in found.fetchall():
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
        connection.execute("CREATE SCHEMA public")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of the test's own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'outbox.db'}"
    room: str = request.getfixturevalue("room")
    empty(room)
    return room


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    """A database with the tables."""
    database = Database(url, tmp_path)
    migrations.migrate(database)
    yield database
    database.close()


@pytest.fixture
def project(url: str, tmp_path: Path) -> Path:
    """A project whose outbox is the database; `hello` takes a name, `code` a sensitive code; mails go to the memory."""
    folder = tmp_path / "project"
    (folder / "notifications").mkdir(parents=True)
    (folder / "notify.yaml").write_text(
        f"sender: Acme <hello@acme.example>\noutbox: {url}\n"
        "environments:\n  test: {transport: memory}\ndefault_environment: test\n",
        encoding="utf-8",
    )
    notifications = {
        "hello": 'subject: "Hello {{ name }}"\ntext: "Good day, {{ name }}."\nparams: {name: str}\n'
        "samples: {default: {name: Ada}}\n",
        "code": "subject: Your code\ntext: 'It is {{ code }}.'\ncategory: security\ndelivery: at_least_once\n"
        "params: {code: {type: str, sensitive: true}}\nsamples: {default: {code: '123456'}}\n",
    }
    for name, text in notifications.items():
        (folder / "notifications" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder
