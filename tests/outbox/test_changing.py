"""Taking jobs back and sending them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outbox.operated import change, put
from sqlalchemy import update

from notify.outbox.history import LOST, entry
from notify.outbox.job import STATES
from notify.outbox.leasing import Leases
from notify.outbox.operating import Filter, batches, cancel, find, get, retry
from notify.outbox.settling import Settlement, settle
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    import pytest

    from notify.database import Database

UNKNOWN = [{"at": 1.0, "event": "attempt", "error": {"class": "UnknownOutcomeError"}, "unknown": True}]


def states(database: Database) -> dict[int, str]:
    """The state of each job."""
    return {job.id: job.state for job in find(database)}


def test_cancel_takes_back_what_is_queued(database: Database) -> None:
    """What a worker has goes on, and is told; what has ended stays as it ended."""
    jobs = {state: put(database, state=state) for state in STATES}
    outcome = cancel(database, Filter())

    assert (1, 1) == outcome
    assert {**{jobs[state]: state for state in STATES}, jobs["queued"]: "cancelled"} == states(database)
    job = get(database, jobs["queued"])
    assert job is not None
    assert ("taken back", ["cancelled"]) == (job.reason, [entry["event"] for entry in job.history])
    assert (0, 1) == cancel(database, Filter())


def test_cancel_some(database: Database) -> None:
    """By filter or by numbers; why is told."""
    first, second, third = (put(database, recipient=f"{name}@example.com") for name in "abc")

    assert (1, 0) == cancel(database, Filter(to="A@example.com"), reason="gone")
    assert (1, 0) == cancel(database, Filter(ids=(first, second)))
    assert (0, 0) == cancel(database, Filter(states=("dead",)))
    assert {first: "cancelled", second: "cancelled", third: "queued"} == states(database)
    assert "gone" == next(job.reason for job in find(database, Filter(ids=(first,))))


def test_more_than_a_batch(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is changed, however many batches it takes, and the bell rings for each."""
    monkeypatch.setattr(batches, "SIZE", 3)
    jobs = [put(database) for _ in range(7)]
    rung: list[list[int]] = []

    assert (7, 0) == cancel(database, Filter())
    assert (7, 0) == retry(database, Filter(states=("cancelled",)), ring=lambda ids: rung.append(list(ids)))
    assert [jobs[:3], jobs[3:6], jobs[6:]] == rung


def test_retry_makes_it_as_if_it_were_new(database: Database) -> None:
    """It is due now, with a new count of attempts, its identity, and what is left of its recipients."""
    job = put(
        database, state="dead", age=100, attempts=20, losses=3, reason="no", pending=["b@example.com"], due_in=9999
    )
    before = get(database, job)
    outcome = retry(database, Filter(ids=(job,)))
    [leased] = Leases(database).take("a", 10)
    after = get(database, job)

    assert (1, 0) == outcome
    assert job == leased.id
    assert before is not None
    assert after is not None
    assert (0, 0, None, ["retried"]) == (
        after.attempts,
        after.losses,
        after.reason,
        [each["event"] for each in after.history],
    )
    assert (before.message_id, before.dated_at, before.pending) == (after.message_id, after.dated_at, after.pending)


def test_retry_of_no_state(database: Database) -> None:
    """Failed and dead ones; cancelled ones only by their state or number; never others."""
    jobs = {state: put(database, state=state) for state in STATES}

    assert (2, 0) == retry(database, Filter())
    assert (0, 0) == retry(database, Filter(states=("queued", "leased", "sent")))
    assert (1, 0) == retry(database, Filter(ids=tuple(jobs.values())))
    assert ["queued", "leased", "sent", "queued", "queued", "queued"] == list(states(database).values())[::-1]


def test_what_may_have_arrived_is_retried_only_if_it_is_said(database: Database) -> None:
    """A worker was lost while it was being sent, or an attempt's outcome is unknown."""
    lost = put(database, state="failed")
    change(database, lost, begun_at=1.0)
    unknown = put(database, state="dead", history=UNKNOWN)
    known = put(database, state="dead", history=[{"at": 1.0, "event": "attempt", "response": '"unknown":true'}])

    assert [False, True, True] == [job.may_have_arrived for job in find(database)]
    assert (1, 2) == retry(database, Filter())
    assert {lost: "failed", unknown: "dead", known: "queued"} == states(database)
    assert (2, 0) == retry(database, Filter(), unknown=True)
    assert {"queued"} == set(states(database).values())


def lost_now(database: Database) -> int:
    """See to the jobs of all workers as if their leases had ended; how many there were."""
    with database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.lease_end.is_not(None)).values(lease_end=0.0))
    return Leases(database).recover()


def test_a_worker_that_was_lost_while_it_sent(database: Database) -> None:
    """Its job may have arrived, as one may whose worker knew that nobody knows; one that was refused has not."""
    lost, parked, refused = (put(database) for _ in range(3))
    leases = Leases(database)
    leases.take("a", 10)
    assert {lost, parked, refused} == leases.begin("a", [lost, parked, refused])
    assert {parked, refused} == settle(
        database,
        [
            Settlement(parked, "a", "failed", entry("attempt", error={"class": "UnknownOutcomeError"}, unknown=True)),
            Settlement(refused, "a", "dead", entry("attempt", error={"class": "RefusedError"})),
        ],
    )
    assert 1 == lost_now(database)

    assert {LOST} == {each["event"] for each in find(database, Filter(ids=(lost,)))[0].history}
    assert (1, 2) == retry(database, Filter())
    assert {lost: "failed", parked: "failed", refused: "queued"} == states(database)


def test_one_that_was_sent_again_and_then_refused(database: Database) -> None:
    """A worker was lost while it was being sent, and the next was told that it is refused: it may have arrived."""
    job = put(database, delivery="at_least_once")
    Leases(database).take("a", 1)
    assert {job} == Leases(database).begin("a", [job])
    assert 1 == lost_now(database)
    assert job == getattr(Leases(database).take_suspect("b"), "id", None)
    settle(database, [Settlement(job, "b", "dead", entry("attempt", error={"class": "RefusedError"}))])

    assert (0, 1) == retry(database, Filter())
    assert (1, 0) == retry(database, Filter(), unknown=True)


def test_what_was_taken_back_is_not_sent_when_its_worker_comes_back(database: Database) -> None:
    """A worker that was away for longer than its lease can no longer say what became of the job."""
    job = put(database)
    Leases(database, seconds=-1).take("a", 1)
    Leases(database).recover()

    assert (1, 0) == cancel(database, Filter())
    assert set() == settle(database, [Settlement(job, "a", "sent", entry("attempt"))])
    assert {job: "cancelled"} == states(database)
