"""What a transport takes its messages from, and the thread that it does so in."""

from __future__ import annotations

import logging
from collections import deque
from queue import Empty
from typing import TYPE_CHECKING

from notify.delivery.delivery import broken, checked
from notify.errors import TransportConfigError

if TYPE_CHECKING:
    from queue import SimpleQueue

    from notify.delivery.delivery import Delivery
    from notify.delivery.exchange import Exchange
    from notify.delivery.slot import Slot
    from notify.errors import NotifyError
    from notify.message import Message
    from notify.receipt import Receipt
    from notify.transport import Transport

_log = logging.getLogger("notify.plugins")


class Feed:
    """The messages of one sender: slots of a queue, settled in the order in which they were taken.

    Args:
        queue: the slots, shared with the other senders of the transport; None says that no more will come.
        transport: what carries them.
        delivery: calls the hooks.
        exchange: where settled slots go; also says when no further one is to be begun.
    """

    def __init__(
        self, queue: SimpleQueue[Slot | None], transport: Transport, delivery: Delivery, exchange: Exchange
    ) -> None:
        self._queue = queue
        self._transport = transport
        self._delivery = delivery
        self._exchange = exchange
        self._held: Slot | None = None
        self._ended = False
        self._taken: deque[Slot] = deque()

    def next(self) -> Message | None:
        """See `notify.transport.Feed`."""
        if self._taken:
            raise RuntimeError("next() was called before all messages that were taken are settled; ready() never waits")
        return self._begin() if self._hold() else None

    def ready(self) -> Message | None:
        """See `notify.transport.Feed`."""
        return self._begin() if self._hold(wait=False) else None

    def lapsed(self) -> bool:
        """See `notify.transport.Feed`."""
        return any(slot.void for slot in self._taken)

    def settle(self, outcome: Receipt | NotifyError) -> None:
        """Say what became of the message that was taken first among those that are not settled.

        Raises:
            RuntimeError: all are.
        """
        if not self._taken:
            raise RuntimeError("settle was called more often than messages were taken")
        self._settle(self._taken.popleft(), checked(outcome, self._transport))

    def carry_all(self) -> None:
        """Have the transport carry all messages, whatever it does wrong."""
        while self._hold():
            held, reason, cause = self._held, "a plugin did not say what became of the message", None
            try:
                self._carry()
            except BaseException as error:  # noqa: BLE001 - whatever one message does, the others are carried
                reason, cause = f"a plugin failed during delivery: {type(error).__name__}: {error}", error
            while self._taken:
                self._settle(self._taken.popleft(), broken(self._transport, reason, cause))
            if held is not None and held is self._held:  # it was not taken, and would not be the next time
                self._held = None
                self._settle(held, self._refused(reason, cause))

    def _carry(self) -> None:
        if not self._delivery.hooked:
            self._transport.stream(self, self.settle)
            return
        while (message := self.next()) is not None:
            self.settle(self._delivery.carry(message, self._transport))

    def _refused(self, reason: str, cause: BaseException | None) -> TransportConfigError:
        advice = f"The message was not taken. This is a fault of {type(self._transport).__module__}."
        error = TransportConfigError(reason, transport=self._transport.name, phase="plugin", advice=advice)
        error.__cause__ = cause
        return error

    def _hold(self, *, wait: bool = True) -> bool:
        """Whether there is a next slot, which is then in hand but not begun."""
        while self._held is None and not self._ended:
            try:
                self._held = self._queue.get(block=wait)
            except Empty:
                return False
            if self._held is None:
                self._ended = True
            elif self._held.void:
                self._exchange.settled(self._held)
                self._held = None
        return self._held is not None

    def _begin(self) -> Message | None:
        slot, self._held = self._held, None
        assert slot is not None  # noqa: S101 - for the type checker: it is held
        # In this order: who stops and then sees it not begun can rely on that.
        slot.begin()
        if self._exchange.stopped:
            slot.begun, self._ended = False, True
            return None
        self._taken.append(slot)
        return slot.message

    def _settle(self, slot: Slot, outcome: Receipt | NotifyError) -> None:
        try:
            self._delivery.tell(slot.message, outcome, slot.judgement, slot.attempt(self._transport))
        except BaseException:  # noqa: BLE001 - a thread that ended here would leave messages behind
            _log.exception("an observer failed; the delivery stands")
        slot.settle(outcome)
        self._exchange.settled(slot)
