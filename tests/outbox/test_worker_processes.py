"""Workers as processes: signals, leases that end, clocks that differ, and files that say how they are."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest
from leases import look
from patience import PATIENCE
from sqlalchemy import MetaData, func, select, text
from working import job_of, opened, process, smtp_project, until

from notify.outbox.tables import jobs
from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from notify.database import Database

HELLO: dict[str, Any] = {"to": "Ada <ada@example.com>", "params": {"name": "Ada"}}
_SKEWED = """
import os, time
ahead, real = float(os.environ["SKEW"]), time.time
time.time = lambda: real() + ahead
"""


@pytest.fixture(autouse=True)
def _tables(database: Database) -> None:
    """The outbox has its tables."""


def states(database: Database) -> Counter[str]:
    """How many jobs there are of each state."""
    with database.reading() as connection:
        rows = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
        return Counter({row[0]: row[1] for row in rows})


def enqueue(project: Path, number: int) -> list[int]:
    """Put in so many jobs; their ids."""
    with opened(project) as notifier:
        return [notifier.enqueue("hello", **HELLO).id for _ in range(number)]


def ids_of(server: ScriptedServer) -> list[str]:
    """The Message-IDs of what a server took."""
    return [str(message_from_bytes(each.data)["Message-ID"]) for each in server.messages]


def test_it_sends_what_comes_and_ends_in_order(project: Path, database: Database, tmp_path: Path) -> None:
    """A new job wakes it; SIGTERM ends it with 0, and its files say what it did."""
    health, metrics = tmp_path / "health.json", tmp_path / "metrics.prom"
    with process(project, "--health", str(health), "--metrics", str(metrics)) as worker:
        until(health.exists, "the health file is there")
        enqueue(project, 3)
        until(lambda: states(database)["sent"] == 3, "three are sent")
        check = [sys.executable, "-m", "notify", "worker", "--check", str(health)]
        alive = subprocess.run(check, capture_output=True, text=True, check=False)
        worker.terminate()
        _, said = worker.communicate(timeout=PATIENCE)
        ended = subprocess.run(check, capture_output=True, text=True, check=False)
    document = json.loads(health.read_text("utf-8"))

    assert (0, 0, 1) == (worker.returncode, alive.returncode, ended.returncode)
    assert "was running" in alive.stderr
    assert "3 sent" in said
    assert ("ended", 3, worker.pid, 0) == (
        document["state"],
        document["counts"]["sent"],
        document["pid"],
        document["due"],
    )
    assert 'notify_jobs_total{notification="hello",transport="memory",outcome="sent"} 3' in metrics.read_text("utf-8")


def test_sigterm_finishes_what_is_in_hand(project: Path, database: Database) -> None:
    """The message that the server has is marked; what no server has seen is at once there for others."""
    rules = [{"at": "eod", "do": [{"sleep": 1.0}, {"default": True}]}]
    with ScriptedServer({"rules": rules, "pipelining": False}) as server:
        ids = enqueue(smtp_project(project, server.port, pool=1), 10)
        with process(project) as worker:
            until(lambda: any("DATA" in line for _, line in server.commands), "the first is being sent")
            worker.terminate()
            worker.communicate(timeout=PATIENCE)
    found = states(database)

    assert 0 == worker.returncode
    assert len(server.messages) == found["sent"] > 0
    assert {"sent", "queued"} == set(found)
    assert {0, 1} == {look(database, each)["attempts"] for each in ids}
    assert {0} == {look(database, each)["losses"] for each in ids}


def test_a_second_signal_ends_it_at_once(project: Path, database: Database) -> None:
    """Whatever it has in hand; others see to that when its lease has ended."""
    rules = [{"at": "eod", "do": [{"hang": 60}]}]
    with ScriptedServer({"rules": rules}) as server:
        enqueue(smtp_project(project, server.port, pool=1), 1)
        with process(project, "--drain-seconds", "60") as worker:
            until(lambda: any("DATA" in line for _, line in server.commands), "it is being sent")
            worker.terminate()
            time.sleep(0.5)
            still_there = worker.poll() is None
            worker.terminate()
            worker.communicate(timeout=PATIENCE)
        server.stopping.set()

    assert (True, -signal.SIGTERM) == (still_there, worker.returncode)
    assert 1 == states(database)["leased"]


def test_a_worker_that_is_killed_loses_nothing(project: Path, database: Database) -> None:
    """What was only leased is sent by another; what may have been sent is put aside."""
    rules = [{"at": "eod", "nth": 1, "do": [{"accept": True}, {"hang": 60}]}]
    with ScriptedServer({"rules": rules, "pipelining": False}) as server:
        enqueue(smtp_project(project, server.port, pool=1), 20)
        with process(project, "--lease", "1") as worker:
            until(lambda: server.messages, "the server has the first, and does not say so")
            worker.kill()
        with process(project, "--lease", "1") as other:
            until(lambda: states(database).keys() <= {"sent", "failed"}, "all are seen to")
            other.terminate()
            other.communicate(timeout=PATIENCE)
        server.stopping.set()
    found = states(database)

    assert 20 == found["sent"] + found["failed"]
    assert found["failed"] >= 1
    assert found["sent"] + 1 == len(set(ids_of(server))) == len(ids_of(server))


def stop(worker: subprocess.Popen[str], database: Database) -> None:
    """Stop a worker in a moment when it is in no transaction, which would keep all others waiting until it goes on."""
    while True:
        worker.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        if not in_transaction(database):
            return
        worker.send_signal(signal.SIGCONT)
        time.sleep(0.05)


def in_transaction(database: Database) -> bool:
    """Whether somebody has begun to write, and not ended."""
    if database.path is not None:
        with closing(sqlite3.connect(database.path, timeout=0.1, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
        return False
    with database.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in trans%%'"
        )
        return bool(found.scalar())


def test_one_that_was_stopped_beyond_its_lease(project: Path, database: Database) -> None:
    """When it goes on, it sends nothing that another took meanwhile, and marks nothing of it."""
    rules = [{"at": "mail", "do": [{"sleep": 0.02}, {"default": True}]}]
    with ScriptedServer({"rules": rules}) as server:
        enqueue(smtp_project(project, server.port, pool=2), 300)
        with process(project, "--lease", "1") as first:
            until(lambda: len(server.messages) > 20, "some are sent")
            stop(first, database)
            with process(project, "--lease", "1") as second:
                until(lambda: states(database).keys() <= {"sent", "failed"}, "the other did the rest")
                first.send_signal(signal.SIGCONT)
                time.sleep(1.5)  # it has gone on
                for each in (first, second):
                    each.terminate()
                    each.communicate(timeout=PATIENCE)
    sent, found = Counter(ids_of(server)), states(database)

    assert {"sent", "failed"} >= set(found)
    assert 300 == found["sent"] + found["failed"]
    # What the first had begun may have been taken: it is parked, since it must not be sent twice.
    assert [] == [message_id for message_id, number in sent.items() if number > 1]
    assert found["sent"] <= len(sent) <= 300


def test_several_workers_share_the_work(project: Path, database: Database) -> None:
    """Each message is sent once."""
    with ScriptedServer() as server:
        enqueue(smtp_project(project, server.port, pool=2), 400)
        with process(project, "--once") as one, process(project, "--once") as two, process(project, "--once") as three:
            for each in (one, two, three):
                each.communicate(timeout=PATIENCE)

    assert {"sent": 400} == states(database)
    assert 400 == len(set(ids_of(server))) == len(server.messages)


@pytest.mark.parametrize("skew", [-60, 60])
def test_clocks_that_differ_by_a_minute(project: Path, database: Database, tmp_path: Path, skew: int) -> None:
    """All times are the database's: nothing is sent early or twice, and no lease is taken for ended."""
    (tmp_path / "skew").mkdir()
    (tmp_path / "skew" / "sitecustomize.py").write_text(_SKEWED, "utf-8")
    skewed = {"PYTHONPATH": str(tmp_path / "skew"), "SKEW": str(skew)}
    rules = [{"at": "mail", "do": [{"sleep": 0.01}, {"default": True}]}]
    with ScriptedServer({"rules": rules}) as server:
        enqueue(smtp_project(project, server.port, pool=2), 100)
        with opened(project) as notifier:
            later = notifier.enqueue("hello", delay=30, **HELLO).id
        with process(project, environment=skewed) as one, process(project) as two:
            until(lambda: states(database)["sent"] >= 100, "all that is due is sent")
            for each in (one, two):
                each.terminate()
                each.communicate(timeout=PATIENCE)

    assert {"sent": 100, "queued": 1} == states(database)
    assert 100 == len(set(ids_of(server))) == len(server.messages)
    assert "queued" == look(database, later)["state"]
    assert {0} == {look(database, each)["losses"] for each in range(1, 101)}


def test_the_database_goes_and_comes_back(project: Path, database: Database) -> None:
    """The worker waits, goes on, and marks what was sent meanwhile."""
    rules = [{"at": "mail", "do": [{"sleep": 0.02}, {"default": True}]}]
    with ScriptedServer({"rules": rules}) as server:
        enqueue(smtp_project(project, server.port, pool=2), 150)
        with process(project) as worker:
            until(lambda: len(server.messages) > 10, "some are sent")
            for _ in range(5):
                _interrupt(database)
            until(lambda: states(database)["sent"] == 150, "all are sent and marked")
            worker.terminate()
            worker.communicate(timeout=PATIENCE)

    assert (0, {"sent": 150}) == (worker.returncode, states(database))
    assert 150 == len(set(ids_of(server))) == len(server.messages)


def _interrupt(database: Database) -> None:
    """End all other connections to a server; keep all others from writing into a file."""
    if database.dialect == "sqlite":
        with database.writing():
            time.sleep(0.3)
        return
    with database.reading() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    time.sleep(0.2)


def test_rates_hold_over_two_workers(project: Path, database: Database) -> None:
    """Which share the counts in the outbox's database."""
    config = project / "notify.yaml"
    with ScriptedServer() as server:
        smtp_project(project, server.port, pool=2, limits="40/minute", over_limit="refuse")
        config.write_text(config.read_text("utf-8") + "state: outbox\n", "utf-8")
        enqueue(project, 80)
        with process(project, "--once") as one, process(project, "--once") as two:
            for each in (one, two):
                each.communicate(timeout=PATIENCE)
    waiting = [each for each in range(1, 81) if look(database, each)["state"] == "queued"]

    assert {"sent": 40, "queued": 40} == states(database)
    assert 40 == len(server.messages)
    assert {0} == {look(database, each)["attempts"] for each in waiting}


def test_a_breaker_holds_over_two_workers(project: Path, database: Database) -> None:
    """What one worker found out, the other one knows."""
    config = project / "notify.yaml"
    rules = [{"at": "connect", "do": [{"reply": "421 4.3.2 down"}]}]
    with ScriptedServer({"rules": rules}) as broken, ScriptedServer() as whole:
        first, second = (
            json.dumps({"type": "smtp", "host": "127.0.0.1", "port": each.port, "tls": "none", "retries": 0})
            for each in (broken, whole)
        )
        text = config.read_text("utf-8").replace("{transport: memory}", "{transport: {failover: [a, b]}}")
        config.write_text(f"{text}transports:\n  a: {first}\n  b: {second}\nstate: outbox\n", "utf-8")
        enqueue(project, 20)
        with process(project, "--once") as worker:
            worker.communicate(timeout=PATIENCE)
        before = broken.connections
        enqueue(project, 20)
        with process(project, "--once") as worker:
            worker.communicate(timeout=PATIENCE)

    assert {"sent": 40} == states(database)
    assert (True, before) == (before > 0, broken.connections)


def test_a_waiting_worker_ends_at_once(project: Path) -> None:
    """And what waited for room goes back without a try."""
    with ScriptedServer() as server:
        smtp_project(project, server.port, pool=1, limits="2/minute")
        ids = enqueue(project, 6)
        with process(project) as worker:
            until(lambda: len(server.messages) == 2, "two are sent")
            time.sleep(0.3)
            begun = time.monotonic()
            worker.terminate()
            worker.communicate(timeout=PATIENCE)
            took = time.monotonic() - begun
    with opened(project) as notifier:
        found = [job_of(notifier, each) for each in ids]

    assert (0, True) == (worker.returncode, took < 10)
    assert ["sent"] * 2 + ["queued"] * 4 == [job.state for job in found]
    assert {0} == {job.attempts for job in found if job.state == "queued"}


def test_it_needs_the_tables(project: Path, url: str, tmp_path: Path) -> None:
    """On a server, and says what makes them, with the exit code of a wrong configuration; a file gets them."""
    from notify.database import Database

    database, found = Database(url, tmp_path), MetaData()
    found.reflect(database.engine)
    found.drop_all(database.engine)
    database.close()
    with process(project, "--once") as worker:
        _, said = worker.communicate(timeout=PATIENCE)

    assert (0 if url.startswith("sqlite") else 2) == worker.returncode
    assert url.startswith("sqlite") or "notify outbox migrate" in said
