"""How a worker is, as it knows itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from notify.outbox.worker.clock import clock

if TYPE_CHECKING:
    from notify.outbox.worker.patience import Patience

RUNNING, WAITING, DRAINING, ENDED = "running", "waiting for the database", "draining", "ended"
_STUCK = 30.0


class Status:
    """How a worker is. Its own thread writes, another one reads.

    Args:
        patiences: of all its threads.

    Attributes:
        phase: running, draining or ended.
        since: when it began, in seconds of the epoch.
        last_batch: when it last had something to do, likewise; None if it never had.
        last_size: how many jobs that were.
    """

    def __init__(self, *patiences: Patience) -> None:
        self._patiences = patiences
        self.phase = RUNNING
        self.since = time.time()
        self.last_batch: float | None = None
        self.last_size = 0
        self._turned = clock()

    @property
    def state(self) -> str:
        """The phase, or that it waits for the database."""
        if self.phase == RUNNING and any(each.waiting for each in self._patiences):
            return WAITING
        return self.phase

    def turn(self) -> None:
        """It goes on."""
        self._turned = clock()

    def batch(self, size: int) -> None:
        """It has something to do."""
        self.turn()
        self.last_batch, self.last_size = time.time(), size

    @property
    def is_stuck(self) -> bool:
        """Whether it has not been heard of for long."""
        return clock() - self._turned > _STUCK
