"""Sleeping until there is something to do."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from leases import put
from sqlalchemy import text
from working import until

from notify.outbox.worker.waking import CHANNEL, ByListening, Waking, waking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.database import Database

LONG = 60.0


@pytest.fixture
def sleeper(database: Database) -> Iterator[Waking]:
    """What fits the database; what was written before it began does not count any more."""
    found = waking(database)
    found.sleep(0.1)
    yield found
    found.close()


def announce(database: Database) -> None:
    """Put in a job as enqueuing does."""
    put(database, {})
    if database.dialect == "postgresql":
        with database.writing() as connection:
            connection.execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))


def sleeping(sleeper: Waking, seconds: float) -> threading.Thread:
    """A thread that sleeps."""
    thread = threading.Thread(target=sleeper.sleep, args=(seconds,), daemon=True)
    thread.start()
    return thread


def test_a_new_job_wakes(database: Database, sleeper: Waking) -> None:
    """At once, and not for the full time."""
    thread = sleeping(sleeper, LONG)
    time.sleep(0.1)
    announce(database)
    thread.join(LONG / 2)

    assert not thread.is_alive()


def test_a_job_that_came_before_the_sleep_wakes_too(database: Database, sleeper: Waking) -> None:
    """What was written between two sleeps is not slept through."""
    announce(database)
    thread = sleeping(sleeper, LONG)
    thread.join(LONG / 2)

    assert not thread.is_alive()


def test_it_can_be_woken(sleeper: Waking) -> None:
    """From another thread; also before it sleeps."""
    thread = sleeping(sleeper, LONG)
    for _ in range(100_000):
        sleeper.wake()
    thread.join(LONG / 2)
    woken = not thread.is_alive()
    sleeper.wake()
    thread = sleeping(sleeper, LONG)
    thread.join(LONG / 2)

    assert woken
    assert not thread.is_alive()


def test_it_is_woken_after_its_end(database: Database) -> None:
    """A signal may come then: there is nobody to wake, and nothing fails."""
    sleeper = waking(database)
    sleeper.close()
    sleeper.wake()


def test_it_sleeps_no_longer_than_it_should(sleeper: Waking) -> None:
    """Though nothing comes."""
    begun = time.monotonic()
    sleeper.sleep(0.2)

    assert time.monotonic() - begun >= 0.2


def test_a_lost_connection_is_made_again(database: Database, sleeper: Waking, caplog: pytest.LogCaptureFixture) -> None:
    """The worker looks itself meanwhile, and hears of new jobs afterwards."""
    if not isinstance(sleeper, ByListening):
        return
    with database.reading() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    def noticed() -> bool:
        sleeper.sleep(0.1)
        return "no longer hears" in caplog.text

    until(noticed, "it is noticed")
    time.sleep(1.1)
    sleeper.sleep(0.1)
    thread = sleeping(sleeper, LONG)
    time.sleep(0.1)
    announce(database)
    thread.join(LONG / 2)

    assert not thread.is_alive()
