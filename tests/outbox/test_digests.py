"""Digests: which jobs go together, and that a group stays together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leases import end_leases, look, put
from sqlalchemy import update

from notify import Catalog
from notify.outbox.digests import bucket_of, gather, merged
from notify.outbox.history import ATTEMPT, entry
from notify.outbox.leasing import Leased, Leases
from notify.outbox.operating import Filter, cancel, retry
from notify.outbox.settling import Settlement, settle
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Definition
    from notify.database import Database


def news(folder: Path, more: str = "digest: {window: 1h}\n") -> Definition:
    """A notification with a list of items."""
    text = "subject: News\ntext: News\nparams: {items: 'list[str]', team: str}\n"
    (folder / "news.yaml").write_text(text + more, encoding="utf-8")
    return Catalog.load([folder])["news"]


def first(leases: Leases, owner: str) -> Leased:
    """The job that is due first, leased."""
    (job,) = leases.take(owner, 1)
    return job


def test_a_bucket_is_of_a_recipient(tmp_path: Path) -> None:
    """However its address is written; of other recipients there are other buckets."""
    definition = news(tmp_path)
    buckets = [bucket_of(definition, to, {}) for to in (["a@example.com"], ["A@Example.com"], ["b@example.com"])]

    assert buckets[0] == buckets[1] != buckets[2]
    assert buckets[0] is not None
    assert "example" not in buckets[0]


def test_a_bucket_is_of_params_too(tmp_path: Path) -> None:
    """Where the digest says so."""
    alike = news(tmp_path)
    apart = news(tmp_path, "digest: {window: 1h, by: [recipient, team]}\n")
    teams: list[dict[str, Any]] = [{"team": "red"}, {"team": "blue"}]

    assert 1 == len({bucket_of(alike, ["a@example.com"], team) for team in teams})
    assert 2 == len({bucket_of(apart, ["a@example.com"], team) for team in teams})
    assert bucket_of(news(tmp_path, ""), ["a@example.com"], {}) is None
    assert bucket_of(news(tmp_path, "throttle: 3/hour\n"), ["a@example.com"], {}) is not None


def test_the_first_that_is_due_takes_the_others_along(database: Database) -> None:
    """Those that are not due, too; at most so many, the oldest first; none of another bucket."""
    bucket: dict[str, Any] = {"bucket": "b"}
    later, due, other, third, left = put(
        database,
        {**bucket, "due_in": 60.0},
        bucket,
        {"bucket": "c"},
        {**bucket, "due_in": 90.0},
        {**bucket, "due_in": 99.0},
    )
    leases = Leases(database)
    leader = first(leases, "one")
    members = [job.id for job in gather(database, leader, 3, 30.0)]

    assert due == leader.id
    assert [later, third] == members
    assert [due] * 3 == [look(database, job)["leader"] for job in (due, later, third)]
    assert ["leased"] * 3 == [look(database, job)["state"] for job in (due, later, third)]
    assert ["queued"] * 2 == [look(database, job)["state"] for job in (other, left)]


def test_one_batch_may_have_several_of_a_bucket(database: Database) -> None:
    """They go together, and the rest in a message of its own."""
    ids = put(database, *({"bucket": "b"} for _ in range(5)))
    leases = Leases(database)
    batch = leases.take("one", 9)
    members = gather(database, batch[0], 3, 30.0)
    rest = gather(database, batch[3], 3, 30.0)

    assert ids[1:3] == [job.id for job in members]
    assert ids[4:] == [job.id for job in rest]


def test_a_group_shares_its_leaders_fate(database: Database) -> None:
    """It is settled with the leader; put back, it waits as a group, which no newer one joins."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    leader = first(leases, "one")
    gather(database, leader, 50, 30.0)
    assert {one, two} == leases.begin("one", [one, two])
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), "busy", group=True)])
    (three,) = put(database, {"bucket": "b", "due_in": 60.0})
    again = first(leases, "two")

    assert ("queued", "busy", one) == tuple(look(database, two)[name] for name in ("state", "reason", "leader"))
    assert [] == leases.take("three", 9)
    assert (one, one) == (again.id, again.leader)
    assert [two] == [job.id for job in gather(database, again, 50, 30.0)]
    settle(database, [Settlement(one, "two", "sent", entry(ATTEMPT), group=True)])
    assert ["sent", "sent", "queued"] == [look(database, job)["state"] for job in (one, two, three)]


def test_a_lost_worker_of_a_group(database: Database) -> None:
    """The leader is tried again alone, with its group."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), 50, 30.0)
    end_leases(database)
    leases.recover()
    leader = leases.take_suspect("two")

    assert leader is not None
    assert (one, one) == (leader.id, leader.leader)
    assert leases.take_suspect("three") is None
    assert [two] == [job.id for job in gather(database, leader, 50, 30.0)]


def test_a_leader_that_is_gone(database: Database) -> None:
    """What waited to go in its message is on its own again, as soon as anybody looks after lost jobs."""
    one, two, lost = put(database, {"bucket": "b"}, {"bucket": "b"}, {})
    leases = Leases(database)
    gather(database, leases.take("one", 3)[0], 50, 30.0)
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), group=True)])
    with database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == one).values(state="cancelled"))
    end_leases(database)
    leases.recover()

    assert [two] == [job.id for job in leases.take("two", 9)]
    assert "queued" == look(database, lost)["state"]


def test_a_leader_that_is_taken_back(database: Database) -> None:
    """So are those that waited to go in its message."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), 50, 30.0)
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), group=True)])

    assert 1 == cancel(database, Filter(ids=(one,))).taken_back
    assert [two] == [job.id for job in leases.take("two", 9)]


def test_a_member_that_is_sent_again(database: Database) -> None:
    """Alone, for its group has ended."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), 50, 30.0)
    settle(database, [Settlement(one, "one", "dead", entry(ATTEMPT), group=True)])

    assert 1 == retry(database, Filter(ids=(two,))).queued
    assert [two] == [job.id for job in leases.take("two", 9)]


def test_params_of_a_digest(tmp_path: Path) -> None:
    """The items of all calls in their order, and else the params of the last one."""
    definition = news(tmp_path)

    assert {"items": ["a", "b", "c"], "team": "blue"} == merged(
        definition, [{"items": ["a"], "team": "red"}, {"items": ["b", "c"], "team": "blue"}]
    )
