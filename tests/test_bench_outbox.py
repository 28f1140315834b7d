"""The benchmark of the outbox measures what it says: the same rows, every job once, a worker that is waited for."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bench import outbox
from bench.contenders import bare
from bench.contenders import outbox as notify_outbox
from bench.draining import draining
from bench.timing import ContenderError
from bench.waiting import measure_growth
from bench.workers import Contender
from bench.workload import contexts

if TYPE_CHECKING:
    from pathlib import Path

CASE = "password_reset"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an outbox that is not there yet."""
    monkeypatch.setenv("NOTIFY_OUTBOX", "")  # contenders set it, each in a process of its own
    return f"sqlite:///{tmp_path / 'outbox.db'}"


@pytest.mark.parametrize("function", [bare.enqueue, bare.enqueue_many])
def test_a_bare_row_is_that_of_notify(function: object, url: str) -> None:
    """The limit inserts all columns that notify does, into the same table; only the Message-ID differs."""
    assert callable(function)
    function(CASE, url)(contexts(CASE, 3))

    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        rows = connection.execute("SELECT * FROM notify_jobs").fetchall()
        names = [column[1] for column in connection.execute("PRAGMA table_info(notify_jobs)")]
    connection.close()
    own = {names.index("id"), names.index("message_id")}
    without = [[value for place, value in enumerate(row) if place not in own] for row in rows]

    assert 4 == len(rows)
    assert [without[0]] * 3 == without[1:]


def test_a_drain_does_all_that_was_put_in(url: str, tmp_path: Path) -> None:
    """Each job ticks once, and is written down as sent when the worker has ended."""
    notify_outbox.enqueue_many(CASE, url)(contexts(CASE, 20))
    notify_outbox.enqueue(CASE, url)(contexts(CASE, 1))

    with draining(Contender("notify", "outbox", "drain", (CASE, url)), tmp_path) as drain:
        drain.wait(21)

    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        states = connection.execute("SELECT state, count(*) FROM notify_jobs GROUP BY state").fetchall()
    connection.close()

    assert 21 == drain.done
    assert [("sent", 21)] == states


def test_a_worker_that_ends_early_is_said_to(tmp_path: Path) -> None:
    """What is waited for in vain is an error, not a figure."""
    with (
        draining(Contender("none", "outbox", "drain", (CASE, "mysql://nobody")), tmp_path) as drain,
        pytest.raises(ContenderError, match="the worker stopped after 0 of 1"),
    ):
        drain.wait(1)


def test_queues_that_cannot_be_had_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without servers the rows of SQLite are left, and each other one is missing with why."""
    monkeypatch.setenv("NOTIFY_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:1/none")
    monkeypatch.setenv("NOTIFY_TEST_RABBITMQ_URL", "amqp://127.0.0.1:1//")
    monkeypatch.setenv("PATH", str(tmp_path))

    with outbox._queues(tmp_path / "queues", "always") as (queues, skipped):
        names = [queue.name for queue in queues]

    assert ["bare insert, SQLite", "notify, SQLite", "Huey, SQLite", "Huey, SQLite, fsync=False"] == names
    assert "PostgreSQL does not run" == skipped["notify, PostgreSQL"]
    assert "RabbitMQ does not run" == skipped["Celery, RabbitMQ"]
    assert "redis-server is not installed" == skipped["Dramatiq, Redis"]


def test_growth_has_a_figure_for_each_column(url: str) -> None:
    """Rows are put in, drained and kept, and then looked at."""
    found = measure_growth(url, 100)

    assert {"bulk", "drain", "one", "again", "list", "stats"} == found.keys()
    assert min(found.values()) > 0
