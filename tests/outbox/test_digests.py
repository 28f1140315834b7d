"""Digests: which jobs go together, and that a group stays together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from leases import end_leases, look, put
from sqlalchemy import update

from notify import Catalog
from notify.database import Database
from notify.database.migrations import migrate
from notify.definition.gathering import Digest
from notify.errors import OutboxError
from notify.outbox.digests import bucket_of, gather, merged
from notify.outbox.history import ATTEMPT, entry
from notify.outbox.leasing import Leased, Leases
from notify.outbox.operating import Filter, cancel, retry
from notify.outbox.settling import Settlement, settle
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Definition

DIGEST = Digest(window=100, param="items")


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


def test_a_param_that_is_left_out_has_its_default(tmp_path: Path) -> None:
    """Whoever says what is the default anyway is of the same bucket."""
    news(tmp_path, "digest: {window: 1h, by: [recipient, team]}\n")
    text = (tmp_path / "news.yaml").read_text("utf-8")
    (tmp_path / "news.yaml").write_text(text.replace("team: str", "team: {type: str, default: red}"), "utf-8")
    definition = Catalog.load([tmp_path])["news"]
    params: list[dict[str, Any]] = [{}, {"team": "red"}, {"team": "blue"}]

    assert 2 == len({bucket_of(definition, ["a@example.com"], each) for each in params})


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
    members = [job.id for job in gather(database, leader, replace(DIGEST, most=3), 30.0)]

    assert due == leader.id
    assert [later, third] == members
    assert [due] * 3 == [look(database, job)["leader"] for job in (due, later, third)]
    assert ["leased"] * 3 == [look(database, job)["state"] for job in (due, later, third)]
    assert ["queued"] * 2 == [look(database, job)["state"] for job in (other, left)]


def test_what_waits_for_its_own_time(database: Database) -> None:
    """It is not taken along before that, and then it is."""
    due, own = put(database, {"bucket": "b"}, {"bucket": "b", "due_in": 200.0})
    leases = Leases(database)

    assert [] == gather(database, first(leases, "one"), DIGEST, 30.0)
    assert ("queued", None) == tuple(look(database, own)[name] for name in ("state", "leader"))
    (late,) = put(database, {"bucket": "b"})
    with database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == own).values(due_at=jobs.c.created_at + 100.0))
    assert [own] == [job.id for job in gather(database, first(leases, "two"), DIGEST, 30.0)]
    assert [due, late] == [look(database, job)["leader"] for job in (due, own)]


def test_one_batch_may_have_several_of_a_bucket(database: Database) -> None:
    """They go together, and the rest in a message of its own."""
    ids = put(database, *({"bucket": "b"} for _ in range(5)))
    leases = Leases(database)
    batch = leases.take("one", 9)
    members = gather(database, batch[0], replace(DIGEST, most=3), 30.0)
    rest = gather(database, batch[3], replace(DIGEST, most=3), 30.0)

    assert ids[1:3] == [job.id for job in members]
    assert ids[4:] == [job.id for job in rest]


def test_a_group_shares_its_leaders_fate(database: Database) -> None:
    """It is settled with the leader; put back, it waits as a group, which no newer one joins."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    leader = first(leases, "one")
    gather(database, leader, DIGEST, 30.0)
    assert {one, two} == leases.begin("one", [one, two])
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), "busy", group=True)])
    (three,) = put(database, {"bucket": "b", "due_in": 60.0})
    again = first(leases, "two")

    assert ("queued", "busy", one) == tuple(look(database, two)[name] for name in ("state", "reason", "leader"))
    assert [] == leases.take("three", 9)
    assert (one, one) == (again.id, again.leader)
    assert [two] == [job.id for job in gather(database, again, DIGEST, 30.0)]
    settle(database, [Settlement(one, "two", "sent", entry(ATTEMPT), group=True)])
    assert ["sent", "sent", "queued"] == [look(database, job)["state"] for job in (one, two, three)]


def test_a_lost_worker_of_a_group(database: Database) -> None:
    """The leader is tried again alone, with its group."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), DIGEST, 30.0)
    end_leases(database)
    leases.recover()
    leader = leases.take_suspect("two")

    assert leader is not None
    assert (one, one) == (leader.id, leader.leader)
    assert leases.take_suspect("three") is None
    assert [two] == [job.id for job in gather(database, leader, DIGEST, 30.0)]


def test_a_leader_that_another_worker_has(database: Database) -> None:
    """The worker that stood still leaves what goes with it to that one, whether it was a group before or not."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    lost = first(leases, "one")
    end_leases(database)
    leases.recover()
    mine = leases.take_suspect("two")
    assert mine is not None

    assert [] == gather(database, lost, DIGEST, 30.0)
    assert ("queued", None) == tuple(look(database, two)[name] for name in ("state", "leader"))
    assert [two] == [job.id for job in gather(database, mine, DIGEST, 30.0)]
    end_leases(database)
    leases.recover()
    led = leases.take_suspect("three")
    assert led is not None
    assert [] == gather(database, mine._replace(leader=one), DIGEST, 30.0)
    assert [two] == [job.id for job in gather(database, led, DIGEST, 30.0)]


def test_a_leader_that_is_gone(database: Database) -> None:
    """What waited to go in its message is on its own again, as soon as anybody looks after lost jobs."""
    one, two, lost = put(database, {"bucket": "b"}, {"bucket": "b"}, {})
    leases = Leases(database)
    gather(database, leases.take("one", 3)[0], DIGEST, 30.0)
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), group=True)])
    with database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == one).values(state="cancelled"))
    end_leases(database)
    leases.recover()

    assert [two] == [job.id for job in leases.take("two", 9)]
    assert "queued" == look(database, lost)["state"]


def test_a_leader_that_went_without_its_group(database: Database) -> None:
    """Those that waited to go in its message are on their own again."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), DIGEST, 30.0)
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), group=True)])
    first(leases, "two")
    settle(database, [Settlement(one, "two", "queued", entry(ATTEMPT), group=True)])
    waiting = look(database, two)["leader"]
    first(leases, "three")
    settle(database, [Settlement(one, "three", "sent", entry(ATTEMPT), group=True)])

    assert (one, None) == (waiting, look(database, two)["leader"])
    assert two == first(leases, "four").id


def test_a_leader_that_is_taken_back(database: Database) -> None:
    """So are those that waited to go in its message."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), DIGEST, 30.0)
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), group=True)])

    assert 1 == cancel(database, Filter(ids=(one,))).taken_back
    assert [two] == [job.id for job in leases.take("two", 9)]


def test_a_leader_that_is_taken_back_by_halves(tmp_path: Path) -> None:
    """There is no half of it: if the others cannot be let go, it stays."""
    database = Database(f"sqlite:///{tmp_path / 'outbox.db'}", tmp_path)
    migrate(database)
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), DIGEST, 30.0)
    settle(database, [Settlement(one, "one", "queued", entry(ATTEMPT), group=True)])
    with database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE OF leader ON notify_jobs BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(OutboxError, match="full"):
        cancel(database, Filter(ids=(one,)))

    assert [("queued", one)] * 2 == [
        (look(database, job)["state"], look(database, job)["leader"]) for job in (one, two)
    ]
    database.close()


def test_a_member_that_is_sent_again(database: Database) -> None:
    """Alone, for its group has ended."""
    one, two = put(database, {"bucket": "b"}, {"bucket": "b"})
    leases = Leases(database)
    gather(database, first(leases, "one"), DIGEST, 30.0)
    settle(database, [Settlement(one, "one", "dead", entry(ATTEMPT), group=True)])

    assert 1 == retry(database, Filter(ids=(two,))).queued
    assert [two] == [job.id for job in leases.take("two", 9)]


def test_params_of_a_digest(tmp_path: Path) -> None:
    """The items of all calls in their order, and else the params of the last one."""
    definition = news(tmp_path)

    assert {"items": ["a", "b", "c"], "team": "blue"} == merged(
        definition, [{"items": ["a"], "team": "red"}, {"items": ["b", "c"], "team": "blue"}]
    )
