"""The leases that a worker has, as far as it can know by its own clock."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

from notify.outbox.worker.clock import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.outbox.leasing import Leased

MARGIN = 0.05
"""The part of a lease before whose end nothing is begun any more."""


class Hold:
    """The lease of one batch.

    Args:
        owner: its word.
        seconds: how long it lasts from each renewal on.
        asked_at: when it was asked for, by `clock`: before the database gave it, so that it ends here first.
        clock: seconds since some moment.

    Attributes:
        owner: as above.
        open: how many jobs of the batch are not done with.
    """

    __slots__ = ("_ahead", "_before", "_lasts", "_renewed", "clock", "open", "owner")

    def __init__(self, owner: str, seconds: float, asked_at: float, clock: Callable[[], float] = clock) -> None:
        self.owner = owner
        self.clock = clock
        self.open = 0
        self._ahead = 0.0
        self._lasts = seconds
        self._renewed = self._before = asked_at

    def took(self, jobs: Sequence[Leased]) -> None:
        """These are its jobs; they say how far the database's clock is ahead of ours."""
        self.open = len(jobs)
        if jobs:
            self._ahead = jobs[0].lease_end - self._lasts - self._renewed

    def is_held(self) -> bool:
        """Whether the lease surely lasts."""
        return self.clock() < self._before + self._lasts * (1 - MARGIN)

    def at(self, moment: float) -> float:
        """What the database's clock said, in seconds of the epoch, when ours said this; or a little more."""
        return moment + self._ahead

    def now(self) -> float:
        """What it says now."""
        return self.at(self.clock())

    def is_due(self) -> bool:
        """Whether it is time to renew it."""
        return self.clock() >= self._renewed + self._lasts / 3

    def renewed(self, asked_at: float) -> None:
        """It was renewed.

        A job that was being written down in that moment was passed over; it has the end that the renewal before gave.
        """
        self._before, self._renewed = self._renewed, asked_at


class Holds:
    """All leases of a worker that has jobs which are not done with. Safe to share between threads."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
        self._number = 0
        self._holds: dict[str, Hold] = {}
        self._lock = threading.Lock()

    @property
    def worker(self) -> str:
        """What all owners of this worker begin with."""
        return self._worker

    def new(self) -> Hold:
        """The lease of a batch that is about to be taken."""
        with self._lock:
            self._number += 1
            hold = Hold(f"{self._worker}/{self._number}", self.seconds, clock())
            self._holds[hold.owner] = hold
            return hold

    def joined(self, hold: Hold, number: int) -> None:
        """So many jobs were leased under it besides."""
        with self._lock:
            hold.open += number

    def done(self, hold: Hold, number: int = 1) -> None:
        """So many of its jobs are done with."""
        with self._lock:
            hold.open -= number
            if hold.open <= 0:
                self._holds.pop(hold.owner, None)

    def all(self) -> list[Hold]:
        """Those that are to be renewed."""
        with self._lock:
            return list(self._holds.values())
