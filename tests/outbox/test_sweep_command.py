"""`notify outbox sweep`: rings for Celery's workers, with real brokers."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from outbox.celery_shop import HELLO, REFUSED, Shop
from services import service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.parametrize("url", ["sqlite"], indirect=True),
]


@pytest.fixture
def shop(project: Path) -> Iterator[Shop]:
    """A shop whose own process cannot ring."""
    with Shop(project, service("Redis"), own_broker=REFUSED) as shop:
        yield shop


def sweep(shop: Shop, *words: str, broker: str | None = None) -> tuple[int, str]:
    """The exit code and what the command says."""
    done = subprocess.run(
        [sys.executable, "-m", "notify", "outbox", "sweep", *words],
        cwd=shop.folder,
        env={**os.environ, **shop.environ, **({"SHOP_BROKER": broker} if broker else {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", ["tasks:app", "tasks:doorbell"])
def test_it_rings_for_what_is_due(shop: Shop, name: str) -> None:
    """By the name of the Celery app or of the doorbell; it says for how many jobs."""
    before = sweep(shop, "--app", name)
    for _ in range(2):
        shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
    after = sweep(shop, "--app", name)

    assert (0, "Nothing to ring for.\n") == before
    assert (0, "Rang for 2 jobs.\n") == after
    assert 1 == shop.bells()


def test_it_goes_on_until_it_is_ended(shop: Shop) -> None:
    """With --every it stands for beat: what is enqueued meanwhile is delivered, and SIGTERM ends it in order."""
    sweeper = shop.program("-m", "notify", "outbox", "sweep", "--app", "tasks:app", "--every", "0.2")
    shop.worker("--pool", "solo")
    job = shop.notifier.enqueue("hello", to="ada@example.com", params=HELLO)
    shop.waits_for(lambda: shop.job(job.id).state == "sent", "it is sent")
    sweeper.terminate()

    assert 0 == sweeper.wait()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tasks", "expected MODULE:NAME"),
        ("nowhere:app", "there is no module 'nowhere'"),
        ("tasks:notifier", "tasks:notifier is neither a Doorbell nor a Celery app that has one"),
    ],
)
def test_a_wrong_name_is_explained(shop: Shop, name: str, words: str) -> None:
    """What was expected, and what there is."""
    code, said = sweep(shop, "--app", name)

    assert 2 == code
    assert words in said
    assert "Traceback" not in said


def test_a_broker_that_is_gone_is_named(shop: Shop) -> None:
    """Nothing was rung for, and the exit code says so."""
    code, said = sweep(shop, "--app", "tasks:app", broker=REFUSED)

    assert code != 0
    assert "the broker amqp://guest:**@127.0.0.1:9// cannot be used: [Errno 111] Connection refused" in said
