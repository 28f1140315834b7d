"""Where senders leave what became of jobs, in the order in which it is known."""

from __future__ import annotations

import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from notify.delivery.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.delivery.slot import Slot
    from notify.errors import NotifyError
    from notify.outbox.leasing import Leased
    from notify.outbox.worker.holding import Hold
    from notify.outbox.worker.verdict import Verdict

GROUP = 512
_MOMENT = 0.004


class Fault(NamedTuple):
    """A job of which no message could be made, the ids of all that share its fate, and the error if there is one."""

    job: Leased
    ids: tuple[int, ...]
    hold: Hold
    verdict: Verdict
    error: NotifyError | None = None


class Outcomes(Exchange):
    """Outcomes on their way to the one who writes them down, in groups."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: SimpleQueue[Slot | Fault | None] = SimpleQueue()

    def settled(self, slot: Slot) -> None:
        """Leave what a transport has settled; from any thread."""
        self._waiting.put(slot)

    def failed(self, fault: Fault) -> None:
        """Leave what no transport will have."""
        self._waiting.put(fault)

    def end(self) -> None:
        """No more will come."""
        self._waiting.put(None)

    def gather(self, under_way: Callable[[], int]) -> list[Slot | Fault]:
        """Those that are there, at least one; nothing when no more will come.

        If others are under way it waits a moment for them, so that one transaction serves several.
        """
        first = self._waiting.get()
        if first is None:
            return []
        group = [first]
        self._drain(group)
        if len(group) < min(under_way(), GROUP):
            time.sleep(_MOMENT)
            self._drain(group)
        return group

    def _drain(self, group: list[Slot | Fault]) -> None:
        try:
            while len(group) < GROUP:
                more = self._waiting.get_nowait()
                if more is None:
                    self._waiting.put(None)
                    return
                group.append(more)
        except Empty:
            pass
