"""The threads that send through one transport."""

from __future__ import annotations

import contextvars
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING

from notify.delivery.feed import Feed

if TYPE_CHECKING:
    from notify.delivery.delivery import Delivery
    from notify.delivery.exchange import Exchange
    from notify.delivery.slot import Slot
    from notify.transport import Transport


class Lane:
    """A queue of slots, and as many senders as they need and the transport allows.

    Senders are daemons, for the interpreter would else wait for them before anything can end them; whoever makes a lane
    ends it. They run in copies of the caller's context.

    Attributes:
        most: how many senders there may be.
        senders: those that were started.
    """

    def __init__(self, transport: Transport, delivery: Delivery, exchange: Exchange) -> None:
        self._transport = transport
        self.most = transport.senders
        self._delivery = delivery
        self._exchange = exchange
        self._queue: SimpleQueue[Slot | None] = SimpleQueue()
        self.senders: list[threading.Thread] = []

    def staff(self) -> None:
        """Start a sender if there is none, or none that has time.

        Raises:
            RuntimeError: the system gives no thread at all; fewer than wanted will do.
        """
        if not self.senders or (len(self.senders) < self.most and not self._queue.empty()):
            feed = Feed(self._queue, self._transport, self._delivery, self._exchange)
            sender = threading.Thread(
                target=contextvars.copy_context().run,
                args=(feed.carry_all,),
                name=f"notify-{self._transport.name}-{len(self.senders) + 1}",
                daemon=True,
            )
            self.senders.append(sender)  # first, for `start` can be interrupted when the thread is there
            try:
                sender.start()
            except RuntimeError:
                self.senders.remove(sender)
                if not self.senders:
                    raise
                self.most = len(self.senders)

    def put(self, slot: Slot) -> None:
        """Give the senders one more."""
        self._queue.put(slot)

    def end(self) -> None:
        """Say that no more will come."""
        for _ in self.senders:
            self._queue.put(None)

    def join(self) -> None:
        """Wait for the senders; called by one of them, for the others."""
        for sender in self.senders:
            if sender is not threading.current_thread():
                _join(sender)


def _join(sender: threading.Thread) -> None:
    for _ in range(100):
        try:
            sender.join()
        except RuntimeError:  # `start` was interrupted: it begins in a moment, or never
            time.sleep(0.01)
        else:
            break
