"""How many messages are between being begun and being written down, and how many there may be."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from notify.outbox.worker.clock import clock

if TYPE_CHECKING:
    from collections.abc import Collection

    from notify.outbox.worker.parcel import Parcel

FEWEST = 2
MOST = 512
_LONG = 0.1
_SHORT = 0.05
_LOOK = 0.02  # nobody tells when a sender takes a message


class Traffic:
    """Counts messages on their way. Safe to share between threads.

    What is on its way when a worker dies may have been sent, so there is no more of it than keeps the senders busy: as
    many as pass in some tens of milliseconds, and two for each sender, besides those that senders have in hand.

    Attributes:
        most: how many there may be.
        least: how many there may be however long they take.
    """

    def __init__(self) -> None:
        self.least = FEWEST
        self.most = 2 * FEWEST
        self._parcels: set[Parcel] = set()
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._parcels)

    def enter(self, parcels: Collection[Parcel]) -> None:
        """These are begun."""
        with self._changed:
            self._parcels.update(parcels)

    def leave(self, parcels: Collection[Parcel]) -> None:
        """These are done with."""
        with self._changed:
            self._parcels.difference_update(parcels)
            self._changed.notify_all()

    def left(self) -> list[Parcel]:
        """Those that are not done with."""
        with self._changed:
            return list(self._parcels)

    def serve(self, senders: int) -> None:
        """There are so many senders."""
        self.least = max(FEWEST, 2 * senders)
        self.most = max(self.most, self.least)

    def took(self, seconds: float) -> None:
        """A message was so long on its way."""
        if seconds > _LONG:
            self.most = max(self.least, int(self.most * 0.8))
        elif seconds < _SHORT:
            self.most = min(max(MOST, self.least), self.most * 3 // 2)

    def room(self, timeout: float) -> int:
        """How many more there may be, as soon as there is room for half of them; 0 if that takes longer than `timeout`.

        What a sender has in hand takes no room: one that a server keeps waiting must not keep the others waiting.
        """
        end = clock() + timeout
        with self._changed:
            while (free := self.most - sum(not each.is_out for each in self._parcels)) < (self.most + 1) // 2:
                if (left := end - clock()) <= 0:
                    return 0
                self._changed.wait(min(left, _LOOK))
            return free

    def is_empty(self, timeout: float) -> bool:
        """Whether all are done with, at the latest after `timeout`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._parcels, timeout)
