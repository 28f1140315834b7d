"""Documents in the outbox's database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE
from sqlalchemy import update
from working import until

from notify import Notifier
from notify.database import Database
from notify.errors import ConfigError
from notify.outbox.state import DatabaseState
from notify.outbox.tables import state
from notify.outbox.worker.patience import Patience

if TYPE_CHECKING:
    from pathlib import Path


def add(document: dict[str, Any]) -> int:
    """One more."""
    document["count"] = document.get("count", 0) + 1
    return int(document["count"])


def test_a_document_is_kept(database: Database) -> None:
    """Also for who opens it anew; one that there is not is empty."""
    first = DatabaseState(database)
    found = [first.change("a", add), first.change("a", add)]

    assert [1, 2] == found
    assert {"count": 2} == DatabaseState(database).read("a")
    assert {} == first.read("b")


def test_what_fails_changes_nothing(database: Database) -> None:
    """And is raised as it is."""
    kept = DatabaseState(database)
    kept.change("a", add)

    def fail(document: dict[str, Any]) -> None:
        document["count"] = 99
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept.change("a", fail)
    assert {"count": 1} == kept.read("a")


def test_changes_come_one_after_another(database: Database, url: str, tmp_path: Path) -> None:
    """From several connections, also where all of them make the document."""
    databases = [Database(url, tmp_path) for _ in range(4)]

    def change(one: Database) -> None:
        for _ in range(10):
            DatabaseState(one).change("a", add)

    threads = [threading.Thread(target=change, args=(each,)) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in databases:
        each.close()

    assert {"count": 40} == DatabaseState(database).read("a")


def test_a_database_that_is_gone_is_waited_for(tmp_path: Path) -> None:
    """For as long as a worker waits for it."""
    path, patience, found = tmp_path / "outbox.db", Patience(), list[int]()
    path.write_text("These are not the octets of a database, and there are more than a few of them.")
    waiting = DatabaseState(Database("sqlite:///outbox.db", tmp_path), patience.until_done)
    thread = threading.Thread(target=lambda: found.append(waiting.change("a", add)))
    thread.start()
    until(lambda: patience.waiting, "the database is missed")
    path.unlink()
    thread.join(PATIENCE)
    waiting.close()

    assert [1] == found


def test_a_damaged_document_is_said(database: Database) -> None:
    """With its name."""
    kept = DatabaseState(database)
    kept.change("limits/smtp", add)
    with database.writing() as connection:
        connection.execute(update(state).values(document="{"))

    with pytest.raises(ConfigError, match="state: what is kept of limits/smtp is damaged"):
        kept.read("limits/smtp")


def test_a_database_that_is_gone_is_waited_for_and_then_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the state's own error, which the breakers know."""
    monkeypatch.setattr("notify.outbox.state._PATIENCE", 0.2)
    kept = DatabaseState(Database("postgresql://nobody@127.0.0.1:1/none", tmp_path))

    with pytest.raises(ConfigError, match=r"state: the outbox .* cannot be used"):
        kept.read("a")


def test_the_configuration_can_say_so(project: Path, database: Database) -> None:
    """`state: outbox` has limits and breakers count there."""
    config = project / "notify.yaml"
    text = config.read_text("utf-8").replace("{transport: memory}", "{transport: memory, transports: LIMITED}")
    text = text.replace("LIMITED", "{memory: {limits: 5/day, over_limit: refuse}}")
    config.write_text(f"{text}state: outbox\n", "utf-8")
    with Notifier.load(project) as notifier:
        notifier.send("hello", to="ada@example.com", params={"name": "Ada"})

        assert {"5/day"} == DatabaseState(database).read("limits/memory").keys()
