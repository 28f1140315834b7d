"""Where senders leave what is settled, and the caller waits for it."""

from __future__ import annotations

from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.delivery.slot import Slot

_NEVER = 1 << 62
_MOMENT = 0.02
_LONG = 1.0  # where a wait for a lock cannot be interrupted, Ctrl-C is heard after this


class Exchange:
    """Settled slots on their way to the caller's thread.

    The caller is woken when as many are there as it asked for, or a moment later if there are fewer: one that is woken
    for each takes the interpreter's lock from the senders between each two of their system calls.

    Nothing here takes a lock in Python, so that an interrupt can come at any time.

    Attributes:
        stopped: no further message is to be begun.
    """

    def __init__(self) -> None:
        self.stopped = False
        self._slots: deque[Slot] = deque()
        self._wanted = _NEVER
        self._bell: SimpleQueue[None] = SimpleQueue()

    def settled(self, slot: Slot) -> None:
        """Leave a slot; from any thread."""
        self._slots.append(slot)
        if len(self._slots) >= self._wanted:
            self._wanted = _NEVER
            self._bell.put(None)

    def next(self) -> Slot | None:
        """A settled slot that was not taken yet; never waits."""
        return self._slots.popleft() if self._slots else None

    def wait(self, wanted: int) -> None:
        """Wait for so many settled slots, or for at least one if that takes more than a moment."""
        seconds = _MOMENT
        while len(self._slots) < wanted:
            self._wanted = wanted
            if len(self._slots) >= wanted:  # it came between the two lines
                break
            try:
                self._bell.get(timeout=seconds)
            except Empty:
                wanted, seconds = 1, _LONG
        self._wanted = _NEVER
