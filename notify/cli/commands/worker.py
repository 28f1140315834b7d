"""`notify worker`: send what is due in the outbox."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notify.cli.failure import DONE, FAILED
from notify.cli.output import say
from notify.records import require_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.cli.project import Project
    from notify.outbox.worker import Worker


@click.command("worker", short_help="Send what is due in the outbox.")
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@click.option("--concurrency", type=click.IntRange(1), help="How many senders a transport has at most.")
@click.option(
    "--lease",
    type=click.FloatRange(1),
    default=30.0,
    show_default=True,
    help="Seconds after which other workers take what this one has, if it is no longer heard of.",
)
@click.option(
    "--drain-seconds",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="How long it waits for what is being sent when it is to end.",
)
@click.option("--health", type=click.Path(path_type=Path), help="A file that says in JSON how the worker is.")
@click.option("--metrics", type=click.Path(path_type=Path), help="A file for the textfile collector of Prometheus.")
@click.option("--log-messages", is_flag=True, help="Log what becomes of each message at each try.")
@click.option(
    "--check", type=click.Path(path_type=Path), help="See whether a worker keeps that health file; nothing else."
)
@click.option(
    "--max-age", type=click.FloatRange(1), default=30.0, show_default=True, help="How old that may be, in seconds."
)
@click.pass_obj
def command(
    project: Project,
    /,
    *,
    once: bool,
    concurrency: int | None,
    lease: float,
    drain_seconds: float,
    health: Path | None,
    metrics: Path | None,
    log_messages: bool,
    check: Path | None,
    max_age: float,
) -> None:
    """Send what is due in the outbox, until SIGTERM or Ctrl-C.

    Any number of workers may run. One that is to end begins nothing more, finishes what is being sent, and leaves the
    rest to others; a second signal ends it at once. What it then had is taken by others when its lease has ended.
    """
    require_database()
    if check is not None:
        sys.exit(_checked(check, max_age))
    from notify.outbox.worker import Settings

    _log_to_stderr(messages=log_messages)
    with project.notifier() as notifier:
        settings = Settings(concurrency=concurrency, lease=lease, drain=drain_seconds, health=health, metrics=metrics)
        outbox = notifier.outbox
        worker = outbox.worker(settings)
        say(f"notify worker: {outbox.database.shown}, environment {notifier.environment}")
        with _signals(worker):
            done = worker.run(once=once)
        say(f"notify worker: {worker.counts.in_words()}")
        outbox.close()
    sys.exit(DONE if done else FAILED)


def _checked(path: Path, max_age: float) -> int:
    from notify.outbox.worker.health import checked

    healthy, words = checked(path, max_age)
    say(f"{path}: {words}")
    return DONE if healthy else FAILED


@contextmanager
def _signals(worker: Worker) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the worker in order, once; the next one ends the process."""
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def stop(_number: int, _frame: Any) -> None:
        for kind in kinds:
            signal.signal(kind, signal.SIG_DFL)
        worker.stop()

    for kind in kinds:
        signal.signal(kind, stop)
    try:
        yield
    finally:
        for kind in kinds:
            signal.signal(kind, before[kind])


def _log_to_stderr(*, messages: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("notify")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    # Of each message and try, which the outbox keeps anyway: else one would not see what a person must mend.
    logging.getLogger("notify.delivery").setLevel(logging.INFO if messages else logging.ERROR)
