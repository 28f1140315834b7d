"""`notify outbox sweep`: ring for Celery's workers, where beat does not."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from notify.cli.output import count, say

if TYPE_CHECKING:
    from notify.outbox.celery import Doorbell


@click.command("sweep", short_help="Ring for Celery's workers: for what is due and nobody has.")
@click.option(
    "--app",
    metavar="MODULE:NAME",
    required=True,
    help="Where the Doorbell is, or the Celery app that has one, such as shop.tasks:app.",
)
@click.option("--every", metavar="SECONDS", type=click.FloatRange(0.1), help="Go on, with this pause, until SIGTERM.")
def command(*, app: str, every: float | None) -> None:
    """Ring for Celery's workers, for what is due and nobody has: what beat does, where it runs.

    The module says which notify.yaml and which broker; it is looked for in the working directory, too.
    """
    from notify.cli.outbox.naming import doorbell_of

    doorbell = doorbell_of(app)
    if every is None:
        say(_sweep(doorbell))
        return
    _sweep_every(doorbell, every)


def _sweep(doorbell: Doorbell) -> str:
    """Ring; what to say about it."""
    return f"Rang for {count(rung, 'job')}." if (rung := doorbell.sweep()) else "Nothing to ring for."


def _sweep_every(doorbell: Doorbell, pause: float) -> None:
    """Ring until a signal ends it; what cannot be used is told, and tried again."""
    from notify.errors import OutboxError

    ended = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: ended.set())
    told = ""
    while True:
        try:
            words = _sweep(doorbell)
        except OutboxError as error:
            words = str(error)
        if words != told:
            say(words)
        told = words
        if ended.wait(pause):
            return
