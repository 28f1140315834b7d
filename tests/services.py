"""The servers that some tests talk to: where they are, and what becomes of a test when they are not there."""

from __future__ import annotations

import os
import socket
from functools import cache
from urllib.parse import urlsplit

import pytest

SERVICES = {
    "PostgreSQL": ("NOTIFY_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test"),
    "RabbitMQ": ("NOTIFY_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    "Redis": ("NOTIFY_TEST_REDIS_URL", "redis://127.0.0.1:6379/0"),
}
# As the variables are when the tests are collected: each test begins without any.
_URLS = {name: os.environ.get(variable, default) for name, (variable, default) in SERVICES.items()}
_REQUIRED = "NOTIFY_TEST_REQUIRE_SERVICES" in os.environ  # in CI a server that is missing fails the tests that need it


def service(name: str) -> str:
    """The URL of a server; the test is skipped, or fails in CI, if nobody listens there."""
    variable, url = SERVICES[name][0], _URLS[name]
    if not _listens(url):
        parts = urlsplit(url)
        words = (
            f"no {name} listens at {parts.hostname}:{parts.port}: start one with `docker compose up`, or set {variable}"
        )
        if _REQUIRED:
            pytest.fail(words, pytrace=False)
        pytest.skip(words)
    return url


@cache
def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port or 0), timeout=3).close()
    except OSError:
        return False
    return True
