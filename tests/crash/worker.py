"""A worker of the project under test, with short leases and short pauses, that is not given up after many losses."""

from __future__ import annotations

import logging
import os
import signal

from crash.plugins.striking import FOLDER
from crash.shop import notifier_of

from notify.outbox.worker import Persistence, Settings

LEASE = 8.0
"""Seconds until others take what a worker had that was killed; a busy machine leaves one alone for some of them."""
LOSSES = 10_000
PERSISTENCE = Persistence(pauses=(0.05, 0.2), unknown=0.3, throttled=0.2, misconfigured=0.3, tries=1000, doubts=1000)


def run(folder: str, *, lease: float = LEASE, tries: int = PERSISTENCE.tries) -> int:
    """Work until SIGTERM."""
    logging.basicConfig(format=f"worker {os.getpid()}: %(levelname)s %(message)s", level=logging.WARNING)
    os.environ["CRASH_NAME"] = f"w{os.getpid()}.crash.example"
    os.environ[FOLDER] = folder
    persistence = Persistence(
        pauses=PERSISTENCE.pauses,
        unknown=PERSISTENCE.unknown,
        throttled=PERSISTENCE.throttled,
        misconfigured=PERSISTENCE.misconfigured,
        tries=tries,
        doubts=PERSISTENCE.doubts,
    )
    with notifier_of(folder) as notifier:
        worker = notifier.outbox.worker(Settings(lease=lease, losses=LOSSES, persistence=persistence))
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        return 0 if worker.run() else 1
