"""Bells, brokers and workers that are lost: the sweep has everything delivered all the same."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from outbox.celery_shop import HELLO, Shop, children, kill
from services import service

from notify.errors import OutboxError
from notify.outbox.celery import doorbell

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("database")
RABBITMQ, REDIS = "RabbitMQ", "Redis"
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
_IN_FLIGHT = 4  # of a process: two for each of its connections
with_both = pytest.mark.parametrize("broker", [RABBITMQ, REDIS])


@with_both
@on_postgresql
def test_killed_children_lose_nothing(project: Path, broker: str) -> None:
    """Children of a worker are killed in the middle of sending: all is sent, and twice only what they had in flight."""
    with Shop(project, service(broker), answer=0.05) as shop:
        people = enqueue_codes(shop, 40)
        worker = shop.worker("--concurrency", "2")
        shop.beat()
        for number in (8, 20):
            shop.waits_for_mails(number)
            for child in children(worker):
                os.kill(child, signal.SIGKILL)
        shop.waits_for(lambda: sent(shop) == len(people), "all are sent")

        assert_sent(shop, people, kills=4)


@with_both
@on_postgresql
def test_a_killed_worker_loses_nothing(project: Path, broker: str) -> None:
    """The whole worker is killed in the middle of sending: the next one sends the rest."""
    with Shop(project, service(broker), answer=0.05) as shop:
        people = enqueue_codes(shop, 40)
        shop.beat()
        worker = shop.worker("--concurrency", "2")
        for number in (8, 20):
            shop.waits_for_mails(number)
            kill(worker)
            worker = shop.worker("--concurrency", "2")
        shop.waits_for(lambda: sent(shop) == len(people), "all are sent")

        assert_sent(shop, people, kills=4)


@pytest.mark.parametrize(("url", "broker"), [("sqlite", RABBITMQ), ("postgresql", REDIS)], indirect=["url"])
def test_a_broker_that_forgets_all_bells_loses_nothing(project: Path, broker: str) -> None:
    """The queue is purged before a worker comes: the sweep of beat rings again."""
    with Shop(project, service(broker)) as shop:
        for _ in range(5):
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
        lost = shop.lose_bells()
        shop.worker("--concurrency", "1", "--beat", "--schedule", str(project / "schedule"))
        shop.waits_for(lambda: sent(shop) == 5, "all are sent")

        assert (5, 5) == (lost, len(shop.people()))


@with_both
@on_postgresql
def test_what_is_due_later_is_rung_for_when_it_is_due(project: Path, broker: str) -> None:
    """A job with a delay is let be by its first bell, and a sweep after its time rings again."""
    with Shop(project, service(broker)) as shop:
        job = shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO, delay=1.5)
        too_early = shop.doorbell.sweep()
        shop.worker("--pool", "solo")
        shop.beat()
        shop.waits_for(lambda: shop.job(job.id).state == "sent", "it is sent")

        assert 0 == too_early
        assert shop.job(job.id).history[0]["at"] >= job.due_at.timestamp()


@with_both
@on_sqlite
def test_bells_do_not_pile_up_while_no_worker_is_there(
    project: Path, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sweeps ring for the same job again and again, until so many wait; a broker counts a little late."""
    monkeypatch.setattr(doorbell, "WAITING", 7)
    with Shop(project, service(broker)) as shop:
        shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
        rung: list[int] = []
        for _ in range(10):
            rung.append(shop.doorbell.sweep())
            shop.waits_for(lambda: shop.bells() == 1 + sum(rung), "the broker has counted what was rung")

        assert [*[1] * 6, 0, 0, 0, 0] == rung


@on_postgresql
def test_who_empties_the_queue_sweeps(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More jobs than may be rung for at once are delivered without a wait for the next sweep."""
    monkeypatch.setattr(doorbell, "WAITING", 2)
    with Shop(project, service(RABBITMQ)) as shop:
        shop.notifier.enqueue_many("hello", [(f"{number}@example.com", HELLO) for number in range(500)])
        shop.waits_for(lambda: shop.bells() == 2, "two bells wait")
        shop.worker("--concurrency", "2")
        shop.waits_for(lambda: sent(shop) == 500, "all are sent")

        assert {1} == set(Counter(shop.people()).values())


@on_sqlite
def test_a_sweep_without_a_broker_says_so(project: Path) -> None:
    """Whoever calls it learns that nothing was rung for; no password is shown."""
    with Shop(project, service(RABBITMQ), own_broker="amqp://ada:secret@127.0.0.1:9//") as shop:
        shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)

        with pytest.raises(OutboxError, match="the broker amqp://ada:") as caught:
            shop.doorbell.sweep()
        assert "secret" not in str(caught.value)
        assert "Connection refused" in str(caught.value)


@on_postgresql
def test_a_worker_outlives_its_database(project: Path) -> None:
    """A bell that rings while the database is gone is dropped with a line in the log; a later sweep rings again."""
    with Shop(project, service(RABBITMQ)) as shop:
        shop.worker("--pool", "solo", NOTIFY_OUTBOX="postgresql://postgres@127.0.0.1:9/nowhere")
        job = shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
        shop.waits_for(lambda: "cannot be used: " in shop.said(), "the worker says that its database is gone")
        said = shop.said()
        shop.worker("--pool", "solo", "--queues", shop.queue)
        kill(shop.processes[0])
        shop.beat()
        shop.waits_for(lambda: shop.job(job.id).state == "sent", "it is sent")

        assert "Traceback" not in said


def enqueue_codes(shop: Shop, number: int) -> list[str]:
    """Put in so many jobs that may be sent twice; to whom."""
    people = [f"{each}@example.com" for each in range(number)]
    for person in people:
        shop.notifier.enqueue("code", to=person, params={"code": "482913"})
    return people


def sent(shop: Shop) -> int:
    """How many jobs are."""
    return shop.notifier.outbox.stats().states["sent"]


def assert_sent(shop: Shop, people: list[str], *, kills: int) -> None:
    """Everybody has it; twice only, and with the same Message-ID, what was in flight in a process that was killed."""
    mails = Counter(message.recipients[0] for message in shop.server.messages)
    ids = {re.search(rb"(?im)^message-id: *(\S+)", message.data)[1] for message in shop.server.messages}  # type: ignore[index]

    assert set(people) == set(mails)
    assert len(people) == len(ids)
    assert sum(mails.values()) - len(people) <= kills * _IN_FLIGHT
