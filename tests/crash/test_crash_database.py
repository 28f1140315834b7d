"""Nothing is lost where the database goes away, is locked or full for a while; nobody is killed."""

from __future__ import annotations

import resource
import signal
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from crash.campaign import until
from crash.scale import IS_FULL
from crash.shop import POLICIES, TWICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crash.account import Account
    from crash.campaign import Campaign
    from crash.nursing import Child

_WORKERS = 3
_BEFORE = 20
_PAUSE = 0.01
_LEASE = 60.0  # it lasts while the database is gone
_RESTARTS = 40 if IS_FULL else 8
_LOCKED = 12.0 if IS_FULL else 1.0
_FULL = 4.0 if IS_FULL else 1.0
_ROOM, _MUCH = 8192, 200_000
_END_ALL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def at_work(campaign: Campaign, notification: str) -> Iterator[Child]:
    """An enqueuer and workers, of whom something was heard; at the end all is let come to its end."""
    enqueuer = campaign.start_enqueuer(notification, _PAUSE)
    campaign.staff(_WORKERS, lease=_LEASE)
    until(lambda: len(campaign.journal.read("accepted")) > _BEFORE)
    yield enqueuer
    enqueuer.signal(signal.SIGTERM)

    assert 0 == campaign.nursery.wait(enqueuer)

    campaign.drain(_WORKERS, lease=_LEASE)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("delivery", POLICIES)
def test_all_connections_end(campaign: Campaign, judged: Callable[[], Account], delivery: str) -> None:
    """Over and over, as when the server starts anew: a call fails in words or is kept, and each mail arrives once."""
    with at_work(campaign, delivery), psycopg.connect(campaign.url, autocommit=True) as connection:
        for _ in range(_RESTARTS):
            connection.execute(_END_ALL)
            time.sleep(campaign.chance.uniform(0.05, 0.4))
    found = judged()

    assert [] == found.faults
    assert 0 == found.duplicates
    assert {"sent"} == found.states.keys()
    assert found.calls["failed"] > 0


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_somebody_holds_the_lock(campaign: Campaign, judged: Callable[[], Account]) -> None:
    """Whoever waits longer than an outbox does fails in words; each mail arrives once."""
    with at_work(campaign, TWICE), closing(sqlite3.connect(str(campaign.database.path))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(_LOCKED)
        connection.rollback()
    found = judged()

    assert [] == found.faults
    assert 0 == found.duplicates
    assert {"sent"} == found.states.keys()
    assert IS_FULL == (found.calls["failed"] > 0)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_disk_is_full(campaign: Campaign, judged: Callable[[], Account]) -> None:
    """What can no longer be written fails in words, and what workers know is written down when there is room again."""
    with at_work(campaign, TWICE) as enqueuer:
        log = Path(f"{campaign.database.path}-wal")
        until(lambda: log.stat().st_size > _MUCH)  # more than the journals, which go on
        written = log.stat().st_size + _ROOM
        people = [enqueuer.pid, *(worker.pid for worker in campaign.workers)]
        for pid in people:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (written, resource.RLIM_INFINITY))
        until(lambda: bool(campaign.enqueued.read("failed")))
        time.sleep(_FULL)
        for pid in people:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    found = judged()

    assert [] == found.faults
    assert 0 == found.duplicates
    assert {"sent"} == found.states.keys()
    assert found.calls["failed"] > 0
