"""Where queues are: a database of PostgreSQL or SQLite, a queue of RabbitMQ where it runs, and a Redis of our own."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.servers import HOST, free_port, process
from bench.timing import ContenderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a new database, dropped afterwards; on the server of `NOTIFY_TEST_POSTGRES_URL`.

    Raises:
        ContenderError: it cannot be had.
    """
    server = os.environ.get("NOTIFY_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
    name = f"notify_bench_{uuid.uuid4().hex[:12]}"
    try:
        import psycopg

        connection = psycopg.connect(server, autocommit=True)
    except ImportError as error:
        raise ContenderError("psycopg is not installed") from error
    except psycopg.Error as error:
        raise ContenderError("PostgreSQL does not run") from error
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def database(name: str, scratch: Path) -> Iterator[str]:
    """The URL of a new database of `PostgreSQL`, or else of SQLite, gone afterwards.

    Raises:
        ContenderError: it cannot be had.
    """
    if name == "PostgreSQL":
        with postgres() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            yield f"sqlite:///{folder}/outbox.db"


def rabbitmq() -> tuple[str, str]:
    """The URL of the broker of `NOTIFY_TEST_RABBITMQ_URL`, and the name of a new queue.

    Raises:
        ContenderError: it does not run.
    """
    url = os.environ.get("NOTIFY_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port or 5672), 3).close()
    except OSError as error:
        raise ContenderError("RabbitMQ does not run") from error
    return url, f"notify_bench_{uuid.uuid4().hex[:12]}"


@contextmanager
def redis(scratch: Path, sync: str) -> Iterator[str]:
    """The URL of a Redis that writes what it was told into a file.

    Args:
        scratch: a folder for it.
        sync: when that is made durable: `always`, before it answers, or `everysec`.

    Raises:
        ContenderError: it is not installed.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise ContenderError("redis-server is not installed")
    folder, port = scratch / "redis", free_port()
    folder.mkdir()
    durable = ["--appendonly", "yes", "--appendfsync", sync, "--save", ""]
    with process([program, "--bind", HOST, "--port", str(port), "--dir", str(folder), *durable], port):
        yield f"redis://{HOST}:{port}/0"
