"""The example of the outbox runs: embedded with `notify worker`, and with Celery, PostgreSQL and RabbitMQ."""

from __future__ import annotations

import email
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from patience import PATIENCE
from services import service

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTBOX = Path(__file__).resolve().parent.parent / "examples" / "outbox"
SUBJECTS = ["Thank you for your order 1", "Your code to sign in"]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy."""
    folder = tmp_path / "outbox"
    shutil.copytree(OUTBOX, folder, ignore=shutil.ignore_patterns(".notify"))
    return folder


def run(example: Path, *words: str, **environ: str) -> str:
    """What a program of the example prints, which comes to a good end."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=example,
        env={**os.environ, **environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def subjects(example: Path) -> list[str]:
    """Those of the mails that were sent."""
    files = (example / ".notify" / "mail").glob("*.eml")
    return sorted(str(email.message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"]) for file in files)


def test_it_runs_on_one_machine(example: Path) -> None:
    """Nothing but a file of SQLite and `notify worker`: the order that came to nothing has no mail."""
    run(example, "-m", "notify", "outbox", "migrate")
    printed = run(example, "shop.py")
    before = subjects(example)
    run(example, "-m", "notify", "worker", "--once")

    assert "Ada has order 1\n" in printed
    assert [] == before
    assert SUBJECTS == subjects(example)


def test_it_runs_with_celery(example: Path, shop: dict[str, str]) -> None:
    """Two workers and beat, as in `compose.yaml`, on the servers of this machine."""
    run(example, "-m", "notify", "outbox", "migrate", **shop)
    name = shop["SHOP_QUEUE"]
    programs = [celery("worker", "--concurrency", "2", "-Q", name, "--hostname", f"{name}-{each}@%h") for each in "12"]
    with running(example, shop, *programs, celery("beat", "--schedule", str(example / "beat"))):
        run(example, "shop.py", **shop)
        end = time.monotonic() + PATIENCE
        while len(subjects(example)) < len(SUBJECTS):
            assert time.monotonic() < end, "\n".join(file.read_text() for file in example.glob("*.log"))
            time.sleep(0.05)

    assert SUBJECTS == subjects(example)


def test_compose_starts_what_the_example_needs() -> None:
    """PostgreSQL, RabbitMQ and two workers; each service that is built runs a program of the example."""
    services = yaml.safe_load((OUTBOX / "compose.yaml").read_text(encoding="utf-8"))["services"]
    built = {name: each["command"] for name, each in services.items() if "build" in each}

    assert {"postgres", "rabbitmq", "migrate", "worker", "beat", "shop"} == set(services)
    assert 2 == services["worker"]["deploy"]["replicas"]
    assert {"notify", "celery", "python"} == {command.split()[0] for command in built.values()}
    assert {"SHOP_DATABASE", "SHOP_BROKER"} == set(services["worker"]["environment"])


@pytest.fixture
def shop() -> Iterator[dict[str, str]]:
    """The environment of a shop with a database and a queue of its own, which are gone afterwards."""
    import psycopg
    from kombu.connection import Connection

    server, broker, name = service("PostgreSQL"), service("RabbitMQ"), f"notify_{uuid.uuid4().hex[:12]}"
    url = f"{server.rpartition('/')[0]}/{name}".replace("postgresql:", "postgresql+psycopg:")
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield {"SHOP_DATABASE": url, "SHOP_BROKER": broker, "SHOP_QUEUE": name}
        finally:
            database.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            with Connection(broker) as connection:  # type: ignore[no-untyped-call]
                connection.default_channel.queue_delete(name)
                connection.default_channel.exchange_delete(name)


def celery(*words: str) -> list[str]:
    """The words that start a program of Celery's."""
    return [sys.executable, "-m", "celery", "--app", "tasks", *words]


@contextmanager
def running(example: Path, environ: dict[str, str], *programs: list[str]) -> Iterator[None]:
    """Programs that run in the meantime, and are ended in order."""
    started = []
    try:
        for number, words in enumerate(programs):
            with (example / f"{number}.log").open("wb") as log:
                process = subprocess.Popen(
                    words, cwd=example, env={**os.environ, **environ}, stdout=log, stderr=log, start_new_session=True
                )
            started.append(process)
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait()
