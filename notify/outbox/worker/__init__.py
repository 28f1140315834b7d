"""The worker: what `notify worker` runs."""

from __future__ import annotations

from notify.outbox.worker.persistence import Persistence
from notify.outbox.worker.running import Means, Worker
from notify.outbox.worker.settings import Settings

__all__ = ["Means", "Persistence", "Settings", "Worker"]
