"""Changing jobs while workers, and others, do so too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from outbox.operated import put

from notify.outbox.leasing import Leases
from notify.outbox.operating import Filter, batches, cancel, find, purge, retry

if TYPE_CHECKING:
    from notify.database import Database

_JOBS = 120


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there are many."""
    monkeypatch.setattr(batches, "SIZE", 10)


def test_what_a_worker_takes_is_not_taken_back(database: Database) -> None:
    """Each job is the worker's or is cancelled, and never both."""
    jobs = {put(database) for _ in range(_JOBS)}

    def work() -> set[int]:
        leases = Leases(database)
        taken: set[int] = set()
        while found := leases.take(f"worker/{len(taken)}", 7):
            taken |= {job.id for job in found}
        return taken

    with ThreadPoolExecutor(2) as pool:
        worker, person = pool.submit(work), pool.submit(cancel, database, Filter())
        taken, outcome = worker.result(), person.result()
    cancelled = {job.id for job in find(database, Filter(states=("cancelled",)), limit=_JOBS)}

    assert jobs == taken | cancelled
    assert set() == taken & cancelled
    assert len(cancelled) == outcome.taken_back


def test_two_do_the_same_at_once(database: Database) -> None:
    """Neither waits for ever, and each job is counted once."""
    for _ in range(_JOBS):
        put(database, state="dead", age=100)
    with ThreadPoolExecutor(4) as pool:
        retried = [pool.submit(retry, database, Filter()) for _ in range(2)]
        taken_back = [pool.submit(cancel, database, Filter()) for _ in range(2)]
        again = sum(each.result().queued for each in retried)
        back = sum(each.result().taken_back for each in taken_back) + cancel(database, Filter()).taken_back
    with ThreadPoolExecutor(2) as pool:
        deleted = sum(pool.map(lambda _: purge(database, 0), range(2)))

    assert (_JOBS, _JOBS, _JOBS) == (again, back, deleted)
