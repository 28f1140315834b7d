"""Celery as a doorbell, with real brokers and real workers: what is in the outbox is delivered, whatever is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from celery_shop import Shop
from services import service

from notify.outbox import migrations

if TYPE_CHECKING:
    from pathlib import Path

RABBITMQ, REDIS = "RabbitMQ", "Redis"
ON_POSTGRESQL = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
HELLO = {"name": "Ada"}


@pytest.fixture
def migrated(project: Path, database: object) -> Path:
    """The project, whose outbox has its tables."""
    del database
    return project


@pytest.mark.parametrize(
    ("url", "broker", "pool"),
    [
        ("postgresql", RABBITMQ, "prefork"),
        ("postgresql", REDIS, "solo"),
        ("sqlite", RABBITMQ, "solo"),
        ("sqlite", REDIS, "prefork"),
    ],
    indirect=["url"],
)
def test_a_worker_delivers_what_was_enqueued(migrated: Path, broker: str, pool: str) -> None:
    """The bell alone brings it to a worker, from which the server has it, once."""
    with Shop(migrated, service(broker)) as shop:
        shop.worker("--pool", pool, "--concurrency", "2")
        job = shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
        shop.waits_for(lambda: shop.job(job.id).state == "sent", "the job is sent")

        assert ["ada@example.com"] == shop.people()
