"""Celery as a doorbell, with real brokers and real workers: what is enqueued is delivered by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy
from kombu.entity import Queue
from outbox.celery_shop import HELLO, REFUSED, Hole, Shop, cut
from servers.tunnel import Tunnel
from services import service

from notify.outbox.celery import Doorbell, doorbell

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("database")
RABBITMQ, REDIS = "RabbitMQ", "Redis"
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
with_both = pytest.mark.parametrize("broker", [RABBITMQ, REDIS])


@pytest.mark.parametrize(
    ("url", "broker", "pool"),
    [
        ("postgresql", RABBITMQ, "prefork"),
        ("postgresql", REDIS, "solo"),
        ("sqlite", RABBITMQ, "solo"),
        ("sqlite", REDIS, "threads"),
    ],
    indirect=["url"],
)
def test_a_worker_delivers_what_was_enqueued(project: Path, broker: str, pool: str) -> None:
    """The bell alone brings it to a worker, from which the server has it, once."""
    with Shop(project, service(broker)) as shop:
        shop.worker("--pool", pool, "--concurrency", "2")
        job = shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
        shop.waits_for(lambda: shop.job(job.id).state == "sent", "the job is sent")

        assert ["ada@example.com"] == shop.people()


@with_both
def test_a_bell_rings_after_the_commit_and_not_after_a_rollback(project: Path, broker: str) -> None:
    """Only what others can see is rung for: nothing of a caller's transaction that came to nothing."""
    with Shop(project, service(broker)) as shop:
        engine = sqlalchemy.create_engine(shop.notifier.outbox.database.url)
        with engine.connect() as connection:
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO, connection=connection)
            connection.rollback()
            rolled_back = shop.bells()
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO, connection=connection)
            before = shop.bells()
            connection.commit()
        after = shop.bells()
        engine.dispose()

        assert (0, 0, 1) == (rolled_back, before, after)
        assert 1 == len(shop.notifier.outbox.find())


@with_both
@on_postgresql
def test_many_are_rung_for_by_the_hundred(project: Path, broker: str) -> None:
    """Few bells for many jobs, all of which are sent, once each."""
    with Shop(project, service(broker)) as shop:
        everybody = [f"{number}@example.com" for number in range(450)]
        shop.notifier.enqueue_many("hello", [(person, HELLO) for person in everybody])
        bells = shop.bells()
        shop.worker("--concurrency", "2")
        shop.waits_for(lambda: shop.notifier.outbox.stats().states["sent"] == 450, "all are sent")

        assert 5 == bells
        assert sorted(everybody) == sorted(shop.people())


@on_postgresql
def test_who_enqueues_does_not_depend_on_the_broker(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody listens at the broker's port: jobs are enqueued, which is said once, and a sweep has them delivered."""
    with Shop(project, service(RABBITMQ), own_broker=REFUSED) as shop:
        jobs = [shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO) for _ in range(3)]
        shop.worker("--concurrency", "1")
        shop.beat()
        shop.waits_for(lambda: {shop.job(job.id).state for job in jobs} == {"sent"}, "all are sent")

        assert 3 == len(shop.people())
        (warning,) = [record.getMessage() for record in caplog.records if record.name == "notify.outbox"]
        assert "amqp://guest:**@127.0.0.1:9// cannot be reached: [Errno 111] Connection refused" in warning


@on_sqlite
@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_a_broker_that_does_not_answer_is_left_alone(project: Path, scheme: str) -> None:
    """One caller waits for it, for a second; the next ones do not even ask."""
    with Hole() as hole, Shop(project, service(RABBITMQ), own_broker=f"{scheme}://127.0.0.1:{hole.port}//0") as shop:
        for _ in range(5):
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)

        assert 1 == hole.asked
        assert 5 == len(shop.notifier.outbox.find())


@on_sqlite
def test_a_broker_that_is_back_is_rung_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When the silence is over, the next job is rung for at once, and the log says so, once."""
    caplog.set_level("INFO", "notify.outbox")
    monkeypatch.setattr(doorbell, "SWEEP", 0.0)
    with Shop(project, service(RABBITMQ), own_broker=REFUSED) as shop:
        for broker in (REFUSED, REFUSED, shop.broker, shop.broker):
            shop.app.conf.broker_url = broker
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)

        assert 2 == shop.bells()
        assert ["WARNING", "INFO"] == [each.levelname for each in caplog.records if each.name == "notify.outbox"]


@with_both
@on_sqlite
def test_a_connection_that_was_lost_while_idle_costs_no_bell(project: Path, broker: str) -> None:
    """A broker that was started again, or a firewall, has closed it: the bell rings over a new one."""
    target = urlsplit(service(broker))
    assert target.port is not None
    with Tunnel(target.port) as tunnel:
        own = target._replace(netloc=target.netloc.replace(f":{target.port}", f":{tunnel.port}")).geturl()
        with Shop(project, service(broker), own_broker=own) as shop:
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
            cut(tunnel)
            shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)

            assert 2 == shop.bells()


@on_postgresql
def test_what_the_application_has_set_stays(project: Path) -> None:
    """Its own queue is served beside ours; another worker of it is as it was, and fetches as before."""
    with Shop(project, service(RABBITMQ)) as shop:
        shop.worker("--concurrency", "1")
        shop.worker("--concurrency", "1", "--queues", f"{shop.queue}-own")
        shop.worker("--concurrency", "1", "--queues", shop.queue, "--prefetch-multiplier", "3")
        shop.app.send_task("shop.note", [str(project / "noted")])
        shop.waits_for((project / "noted").exists, "a task of the application's own is done")
        found: dict[str, Any] = {}

        def everybody() -> bool:
            found.update(shop.app.control.inspect(timeout=1).stats() or {})
            return sum(name.startswith(f"{shop.queue}-w") for name in found) == 3

        shop.waits_for(everybody, "the workers say how they are")
        fetched = {name.split("-")[-1]: each["prefetch_count"] for name, each in found.items() if shop.queue in name}

        assert {"w0": 1, "w1": 4, "w2": 3} == {name.partition("@")[0]: number for name, number in fetched.items()}
        assert 2 == shop.said().count("Global QoS is disabled")


@on_sqlite
def test_an_eager_application_delivers_at_once(project: Path) -> None:
    """As its tests have it: no broker, no worker."""
    with Shop(project, service(RABBITMQ), own_broker=REFUSED) as shop:
        shop.app.conf.task_always_eager = True
        job = shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)

        assert "sent" == shop.job(job.id).state


@on_postgresql
def test_a_worker_may_have_sent_and_enqueued_before_it_forks(project: Path) -> None:
    """What the parent has open, to the server, the database and the broker, is not used by its children.

    A child rings as the parent did; when the worker ends in order, servers are told.
    """
    with Shop(project, service(RABBITMQ)) as shop:
        worker = shop.worker("--concurrency", "2", SHOP_SENDS="1")
        for number in range(20):
            shop.app.send_task("shop.order", [f"{number}@example.com"])
        shop.waits_for(lambda: shop.notifier.outbox.stats().states["sent"] == 21, "all are sent")
        worker.terminate()
        worker.wait()
        everybody = ["parent@example.com", "enqueued@example.com", *(f"{number}@example.com" for number in range(20))]
        connected, ended = (
            {n for n, line in shop.server.commands if line.startswith(word)} for word in ("EHLO", "QUIT")
        )

        assert sorted(everybody) == sorted(shop.people())
        assert connected == ended


@on_sqlite
def test_the_queue_may_be_any_other(project: Path) -> None:
    """A queue of kombu's is taken as it is, here one that RabbitMQ does not replicate."""
    with Shop(project, service(RABBITMQ)) as shop:
        classic = Queue(f"{shop.queue}-own")  # type: ignore[no-untyped-call]
        other = Doorbell(shop.app, shop.notifier, queue=classic, sweep=None)
        other.ring([1])

        assert 0 == shop.bells()
        assert 1 == other._line.waiting()
        assert other.queue is classic
        other.close()
