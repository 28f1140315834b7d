"""Leases: who gets which job, who loses it, and that never two have the same one."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from leases import end_leases, events, look, put

from notify.outbox.history import ATTEMPT, entry
from notify.outbox.leasing import Leases
from notify.outbox.settling import Settlement, settle

if TYPE_CHECKING:
    from notify.database import Database


def test_by_priority_then_by_due_time(database: Database) -> None:
    """What is not due yet, or is somebody's, stays."""
    low, late, normal, high, first, _ = put(
        database,
        {"priority": 2},
        {"due_in": -5.0},
        {},
        {"priority": 0},
        {"due_in": -9.0},
        {"due_in": 60.0},
    )
    leases = Leases(database)
    taken = [[job.id for job in leases.take(f"worker/{number}", limit)] for number, limit in enumerate((2, 2, 9))]

    assert [sorted([high, first]), sorted([late, normal]), [low]] == taken
    assert [] == leases.take("worker/4", 9)
    assert ("leased", "worker/0") == (look(database, high)["state"], look(database, high)["owner"])


def test_no_more_than_are_asked_for(database: Database) -> None:
    """Also where the database thinks that there is only one job, and plans so."""
    put(database, {})
    with database.writing() as connection:
        connection.exec_driver_sql("ANALYZE notify_jobs")
    put(database, *({} for _ in range(6)), *({"losses": 1} for _ in range(3)))
    taken = Leases(database).take("a", 3)
    suspect = Leases(database).take_suspect("b")

    assert 3 == len(taken)
    assert suspect is not None
    assert ["a", "a", "a", "b"] == sorted(
        owner for number in range(1, 11) if (owner := look(database, number)["owner"]) is not None
    )


def test_several_workers_share_the_jobs(database: Database) -> None:
    """Each job is leased once, whoever asks at the same time."""
    put(database, *({} for _ in range(300)))
    taken: list[int] = []

    def work(name: int) -> None:
        leases, number = Leases(database), 0
        while found := leases.take(f"{name}/{number}", 7):
            taken.extend(job.id for job in found)
            number += 1

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 300 == len(taken) == len(set(taken))


def test_only_the_owner_begins_renews_and_settles(database: Database) -> None:
    """By the word of the batch, and as long as the lease lasts."""
    (job,) = put(database, {})
    leases = Leases(database)
    leases.take("one", 1)

    assert set() == leases.begin("other", [job])
    assert 0 == leases.renew("other")
    assert set() == settle(database, [Settlement(job, "other", "sent", entry(ATTEMPT))])
    assert {job} == leases.begin("one", [job])
    assert 1 == leases.renew("one")
    end_leases(database)
    assert set() == leases.begin("one", [job])
    assert 0 == leases.renew("one")
    assert {job} == settle(database, [Settlement(job, "one", "sent", entry(ATTEMPT, transport="null"))])
    row = look(database, job)
    assert ("sent", 1, None, None) == (row["state"], row["attempts"], row["owner"], row["begun_at"])
    assert [ATTEMPT] == events(database, job)


def test_a_job_that_is_put_back(database: Database) -> None:
    """It is due after the delay, keeps its history, and an attempt that is forgiven does not count."""
    (job,) = put(database, {})
    leases = Leases(database)
    for number, forgiven in enumerate((False, True)):
        leases.take(str(number), 1)
        leases.begin(str(number), [job])
        again = Settlement(job, str(number), "queued", entry(ATTEMPT), "busy", 0.0, '["b@example.com"]', forgiven)
        settle(database, [again])
    row = look(database, job)

    assert ("queued", 1, "busy", '["b@example.com"]') == (row["state"], row["attempts"], row["reason"], row["pending"])
    assert [ATTEMPT, ATTEMPT] == events(database, job)
    leases.take("again", 1)
    settle(database, [Settlement(job, "again", "queued", entry(ATTEMPT), delay=50.0)])
    assert 40 < look(database, job)["due_at"] - look(database, job)["changed_at"] < 60
    assert [] == leases.take("later", 1)


def test_what_is_given_back_is_the_next_workers(database: Database) -> None:
    """As if it had not been leased."""
    first, second = put(database, {}, {})
    leases = Leases(database)
    leases.take("one", 2)
    leases.give_back("other", [first])
    leases.give_back("one", [second])

    assert [second] == [job.id for job in leases.take("two", 2)]
    assert (0, 0) == (look(database, second)["attempts"], look(database, second)["losses"])


def test_jobs_of_a_lost_worker(database: Database) -> None:
    """Those not begun, and those that may be sent twice, are tried again, one at a time; a begun one is put aside."""
    waiting, once, twice = put(database, {}, {}, {"delivery": "at_least_once"})
    leases = Leases(database)
    leases.take("one", 3)
    leases.begin("one", [once, twice])

    assert 0 == leases.recover()
    end_leases(database)
    assert 3 == leases.recover()
    assert [] == leases.take("two", 9)
    found = [job.id for number in range(3) if (job := leases.take_suspect(f"two/{number}")) is not None]
    assert {waiting, twice} == set(found)
    row = look(database, once)
    assert ("failed", 1) == (row["state"], row["losses"])
    assert "it may have been taken" in row["reason"]
    assert row["begun_at"] is not None


def test_a_job_that_workers_die_of(database: Database) -> None:
    """It is given up after the third, and does not take the others along."""
    poison, other = put(database, {}, {})
    leases = Leases(database, losses=3)
    leases.take("0", 2)
    for number in (1, 2, 3):
        end_leases(database)
        leases.recover()
        while (job := leases.take_suspect(f"{number}")) is not None and job.id == other:
            settle(database, [Settlement(other, f"{number}", "sent", entry(ATTEMPT))])

    assert "sent" == look(database, other)["state"]
    assert "dead" == look(database, poison)["state"]
    assert "a worker was lost with it, 3 times in a row" == look(database, poison)["reason"]
    assert ["worker lost"] * 3 == events(database, poison)


def test_one_by_its_number(database: Database) -> None:
    """If it is due, and nobody's."""
    due, late = put(database, {}, {"due_in": 60.0})
    leases = Leases(database)

    assert leases.take_one("one", late) is None
    assert leases.take_one("one", 99) is None
    taken = leases.take_one("one", due)
    assert taken is not None
    assert ("one", due) == (taken.owner, taken.id)
    assert leases.take_one("two", due) is None


@pytest.mark.parametrize(("rows", "soonest"), [([], None), ([{"due_in": -5.0}], 0.0), ([{"due_in": 50.0}], 50.0)])
def test_when_there_is_something_to_do(database: Database, rows: list[dict[str, Any]], soonest: float | None) -> None:
    """Nothing, now, or in so many seconds."""
    put(database, *rows)
    found = Leases(database).next_due()

    assert (soonest is None) == (found is None)
    assert found is None or soonest is None or abs(found - soonest) < 10


def test_the_end_of_a_lease_is_something_to_do(database: Database) -> None:
    """Somebody has to see to the job then."""
    put(database, {})
    leases = Leases(database, seconds=40.0)
    leases.take("one", 1)
    found = leases.next_due()

    assert found is not None
    assert 20 < found <= 40


def test_a_reason_that_is_no_unicode(database: Database) -> None:
    """No database takes it as it is, and it must not keep the others from being written down."""
    one, two = put(database, {}, {})
    Leases(database).take("me", 9)
    reason = "the file caf\udce9.pdf\0 is gone"
    written = settle(
        database,
        [
            Settlement(one, "me", "failed", entry(ATTEMPT, error={"reason": reason}), reason),
            Settlement(two, "me", "sent", entry(ATTEMPT)),
        ],
    )

    assert {one, two} == written
    assert "the file caf\ufffd.pdf\ufffd is gone" == look(database, one)["reason"]
    assert reason == json.loads(look(database, one)["history"])[0]["error"]["reason"]
