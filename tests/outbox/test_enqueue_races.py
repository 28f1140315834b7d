"""Several that enqueue at the same time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from patience import PATIENCE

from notify import Notifier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THREADS = 6
KEYS = [f"order:{number}" for number in range(25)]
PROGRAM = """
import json, sys
from notify import Notifier
with Notifier.load(sys.argv[1]) as notifier:
    notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key="warm")
    print("ready", flush=True)
    sys.stdin.readline()
    keys = json.loads(sys.argv[2])
    print(json.dumps([notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key=key).id for key in keys]))
"""


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """A notifier whose outbox has its tables."""
    with Notifier.load(project) as notifier:
        notifier.outbox.migrate()
        yield notifier


def test_threads_with_the_same_keys(notifier: Notifier) -> None:
    """There is one job of each key, and everybody gets it."""
    together = threading.Barrier(THREADS)

    def enqueue(_thread: int) -> list[int]:
        together.wait()
        return [notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key=key).id for key in KEYS]

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(enqueue, range(THREADS)))

    assert [found[0]] * THREADS == found
    assert sorted(found[0]) == [job.id for job in notifier.outbox.find()[::-1]]


def test_threads_open_one_outbox(project: Path) -> None:
    """Also when all of them need it first."""
    together = threading.Barrier(THREADS)
    with Notifier.load(project) as notifier:

        def outbox(_thread: int) -> int:
            together.wait()
            return id(notifier.outbox)

        with ThreadPoolExecutor(THREADS) as pool:
            assert 1 == len(set(pool.map(outbox, range(THREADS))))


def test_processes_with_the_same_keys(notifier: Notifier, project: Path) -> None:
    """Likewise."""
    command = [sys.executable, "-c", PROGRAM, str(project), json.dumps(KEYS)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = [json.loads(process.communicate(timeout=PATIENCE)[0]) for process in processes]

    assert [found[0]] * 3 == found
    assert len(KEYS) + 1 == len(notifier.outbox.find())


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_key_in_a_transaction_that_is_still_open(notifier: Notifier, url: str, ending: str) -> None:
    """Whoever comes second waits for the first to end: it gets the first's job, or its own if there is none."""
    with psycopg.connect(url) as first, psycopg.connect(url) as second, ThreadPoolExecutor(1) as pool:
        earlier = notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key="k", connection=first)
        waiting = pool.submit(
            notifier.enqueue, "hello", to="a@example.com", params={"name": "A"}, key="k", connection=second
        )
        with psycopg.connect(url, autocommit=True) as watch:
            while not watch.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                assert not waiting.done()
        getattr(first, ending)()
        later = waiting.result(timeout=PATIENCE)
        second.commit()

    assert (ending == "commit") == (earlier.id == later.id)
    assert [later.id] == [job.id for job in notifier.outbox.find()]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_database_that_isolates_more(notifier: Notifier, project: Path, url: str) -> None:
    """By default: who comes second gets the first's job all the same, and not a failure to serialize."""
    hello: dict[str, Any] = {"to": "a@example.com", "params": {"name": "A"}}
    notifier.enqueue("hello", **hello)
    path = project / "notify.yaml"
    stricter = f"{url}?options=-c%20default_transaction_isolation%3Dserializable"
    path.write_text(path.read_text("utf-8").replace(url, stricter), "utf-8")
    with (
        psycopg.connect(url) as first,
        psycopg.connect(url, autocommit=True) as watch,
        Notifier.load(project) as second,
        ThreadPoolExecutor(1) as pool,
    ):
        second.enqueue("hello", **hello)  # what needs a transaction of several statements is there now
        earlier = notifier.enqueue("hello", **hello, key="k", connection=first)
        waiting = pool.submit(second.enqueue, "hello", **hello, key="k")
        while not watch.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert not waiting.done()
        first.commit()
        later = waiting.result(timeout=PATIENCE)

    assert earlier.id == later.id


def test_a_child_of_a_fork(notifier: Notifier) -> None:
    """Parent and child go on, each with connections of its own."""
    notifier.enqueue("hello", to="a@example.com", params={"name": "A"})
    child = os.fork()
    if child == 0:  # pragma: no cover  # it is measured in another process
        status = 1
        try:
            notifier.enqueue("hello", to="child@example.com", params={"name": "A"})
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    notifier.enqueue("hello", to="parent@example.com", params={"name": "A"})

    assert 0 == status
    assert ["parent@example.com", "child@example.com", "a@example.com"] == [
        job.recipient for job in notifier.outbox.find()
    ]
