"""Workers and what they work on, for tests of the outbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from patience import PATIENCE

from notify import Notifier
from notify.outbox.worker import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from notify.outbox.job import Job
    from notify.outbox.worker import Worker


@contextmanager
def opened(project: Path, **kinds: Any) -> Iterator[Notifier]:
    """The project's notifier, closed in the end with its outbox."""
    with Notifier.load(project, **kinds) as notifier:
        yield notifier
        notifier.outbox.close()


def work(notifier: Notifier, **settings: Any) -> Worker:
    """Have a worker do all that is due; the worker, which has counted."""
    worker = notifier.outbox.worker(Settings(**settings))
    assert worker.run(once=True)
    return worker


def job_of(notifier: Notifier, job: int) -> Job:
    """A job as it is now."""
    found = notifier.outbox.get(job)
    assert found is not None
    return found


def smtp_project(project: Path, port: int, **settings: Any) -> Path:
    """The same project, whose mail goes to an SMTP server on this machine."""
    usual = {"type": "smtp", "host": "127.0.0.1", "port": port, "tls": "none", "retries": 0, **settings}
    text = (project / "notify.yaml").read_text(encoding="utf-8")
    chosen = json.dumps(usual)
    (project / "notify.yaml").write_text(text.replace("{transport: memory}", f"{{transport: {chosen}}}"), "utf-8")
    return project


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited for {PATIENCE:.0f} s: {what}"
        time.sleep(0.02)


@contextmanager
def process(project: Path, *options: str, environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A `notify worker` of its own; what it said is in `stderr`. It is killed in the end, if it is still there."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "notify", "--config", str(project), "worker", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.send_signal(signal.SIGCONT)
            worker.kill()
        worker.communicate()
