"""What the mail is sent to: Postfix's sink on loopback, near or at the end of a long way; and Postfix's own client."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.timing import ContenderError
from bench.workers import ROOT
from bench.workload import SENDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HOST = "127.0.0.1"


def tool(name: str) -> str:
    """Where a program of Postfix is.

    Raises:
        ContenderError: it is not installed.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ContenderError(f"{name} is not installed; it comes with Postfix")
    return found


@contextmanager
def sink() -> Iterator[int]:
    """The port of an smtp-sink.

    Raises:
        ContenderError: it is not installed.
    """
    port = free_port()
    user = ["-u", "nobody"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    with process([tool("smtp-sink"), *user, f"inet:{HOST}:{port}", "1000"], port):
        yield port


@contextmanager
def far(port: int, round_trip: float) -> Iterator[int]:
    """The port of a relay to a server on loopback, that many seconds away and back."""
    listen = free_port()
    with process([sys.executable, "-m", "bench.relay", str(listen), f"{HOST}:{port}", str(round_trip)], listen):
        yield listen


def smtp_source(port: int, sessions: int, count: int, message: Path) -> float:
    """The seconds that Postfix's client needs for so many copies of a message, over so many lasting sessions.

    Raises:
        ContenderError: it is not installed.
    """
    command = [
        tool("smtp-source"), "-d", "-m", str(count), "-s", str(sessions), "-F", str(message),
        "-f", SENDER[1], "-t", "user@example.net", f"inet:{HOST}:{port}",
    ]  # fmt: skip
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


@contextmanager
def process(command: Sequence[str], port: int) -> Iterator[None]:
    """A server, from when it listens on that port."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        _wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ContenderError(f"nothing listens on port {port}")
