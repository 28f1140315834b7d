"""Clearing away what ended long ago."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from outbox.operated import keep, put
from patience import PATIENCE
from sqlalchemy import select

from notify import Notifier
from notify.errors import ConfigError
from notify.outbox.job import STATES
from notify.outbox.operating import Retention, batches, find, purge, retain
from notify.outbox.operating.purging import purgeable
from notify.outbox.tables import blobs

if TYPE_CHECKING:
    from pathlib import Path

    from notify.database import Database

DAY = 86400.0


def left(database: Database) -> set[int]:
    """The numbers of the jobs that there are."""
    return {job.id for job in find(database)}


def contents(database: Database) -> set[str]:
    """The digests of the contents that there are."""
    with database.reading() as connection:
        return set(connection.execute(select(blobs.c.digest)).scalars())


def test_purge_what_was_sent_or_cancelled_long_ago(database: Database) -> None:
    """By the time of its end; what failed, is dead, or has not ended stays."""
    old = {state: put(database, state=state, age=40 * DAY) for state in STATES}
    late = put(database, state="sent", age=40 * DAY, ended=10 * DAY)

    assert 2 == purgeable(database, 30 * DAY)
    assert 2 == purge(database, 30 * DAY)
    assert {late, *old.values()} - {old["sent"], old["cancelled"]} == left(database)
    assert 0 == purge(database, 30 * DAY)
    assert 1 == purge(database, 30 * DAY, states=("dead", "dead"))


@pytest.mark.parametrize("state", ["queued", "leased", "gone"])
def test_never_what_has_not_ended(database: Database, state: str) -> None:
    """The message says so."""
    put(database, age=40 * DAY)

    with pytest.raises(ConfigError, match=f"jobs do not end as '{state}'"):
        purge(database, 0, states=("sent", state))
    assert 1 == len(left(database))


def test_more_than_a_batch_is_purged(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many batches it takes."""
    monkeypatch.setattr(batches, "SIZE", 3)
    for _ in range(7):
        put(database, state="sent", age=40 * DAY)

    assert 7 == purge(database, 30 * DAY)
    assert set() == left(database)


def test_contents_go_with_the_last_job_that_refers_to_them(database: Database) -> None:
    """One that is new stays, since the job that it belongs to may not be committed yet."""
    put(database, state="sent", age=40 * DAY, blobs=["shared", "own"])
    put(database, state="dead", age=40 * DAY, blobs=["shared", "dead's"])
    put(database, state="sent", age=40 * DAY)
    for digest in ("shared", "own", "dead's", "orphan"):
        keep(database, digest, used=40 * DAY)
    keep(database, "new", used=60)
    purge(database, 30 * DAY)

    assert {"shared", "dead's", "new"} == contents(database)
    purge(database, 30 * DAY, states=("dead",))
    assert {"new"} == contents(database)


def test_retain(database: Database) -> None:
    """Each state for as long as it says; states that it does not name stay for ever."""
    old = {state: put(database, state=state, age=40 * DAY) for state in STATES}
    keep(database, "orphan", used=40 * DAY)

    assert 0 == retain(database, Retention())
    assert {"orphan"} == contents(database)
    assert 2 == retain(database, Retention.parse({"sent": "30 days", "dead": "5 weeks", "failed": "90 days"}))
    assert {*old.values()} - {old["sent"], old["dead"]} == left(database)
    assert set() == contents(database)


def test_a_worker_does_so_by_itself(project: Path, database: Database) -> None:
    """As `outbox_retention` in notify.yaml says."""
    with (project / "notify.yaml").open("a", encoding="utf-8") as file:
        file.write("outbox_retention: 30 days\n")
    put(database, state="sent", age=40 * DAY)
    dead = put(database, state="dead", age=40 * DAY)
    with Notifier.load(project) as notifier:
        worker = notifier.outbox.worker()
        thread = threading.Thread(target=worker.run)
        thread.start()
        end = time.monotonic() + PATIENCE
        while len(left(database)) > 1 and time.monotonic() < end:
            time.sleep(0.05)
        worker.stop()
        thread.join()

    assert {dead} == left(database)
