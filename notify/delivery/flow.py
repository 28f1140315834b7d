"""Messages on their way: taken while there is room, given to the transports, and waited for in order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from notify.delivery.exchange import Exchange
from notify.delivery.failed import failed_message
from notify.delivery.lane import Lane
from notify.delivery.progress import Tally
from notify.delivery.slot import Slot
from notify.errors import NotifyError
from notify.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify.delivery.delivery import Delivery
    from notify.delivery.progress import Progress
    from notify.message import Message
    from notify.transport import Transport

FEWEST = 64
FOR_EACH_SENDER = 8
HEAVIEST = 32 * 1024 * 1024
AHEAD = 1024


class Flow:
    """The caller's side of sending many messages.

    New messages are taken until there is no room, and then not before half of them are settled: the caller and the
    senders have one interpreter between them, and take turns better in batches.

    Args:
        messages: messages, and receipts of what could not be made one.
        delivery: routes and hooks.
        via: the name of the transport, or None.
        progress: see `Tally`.

    Attributes:
        window: all that was taken and not given out, in order.
        lanes: the senders of each transport, by its identity.
        exchange: where they leave what is settled.
        failure: what the messages raised instead of a further one.
    """

    def __init__(
        self,
        messages: Iterator[Message | Receipt],
        delivery: Delivery,
        via: str | None,
        progress: Callable[[Progress], object] | None,
    ) -> None:
        self._messages = messages
        self._delivery = delivery
        self._via = via
        self._tally = Tally(progress)
        self._open = self._weight = 0
        self._room = FEWEST
        self._filling = True
        self._exhausted = False
        self.window: deque[Slot | Receipt] = deque()
        self.lanes: dict[int, Lane] = {}
        self.exchange = Exchange()
        self.failure: Exception | None = None

    def advance(self) -> Receipt | None:
        """The first receipt of the window, as soon as there is one; None if the window stays empty, or was stopped."""
        while not self.exchange.stopped:
            self._collect()
            if self.window:
                first = self.window[0]
                if isinstance(first, Receipt):
                    return first
                if first.known:
                    return first.receipt
            if self._may_take():
                self._take()
            elif self.window:
                self.exchange.wait(self._open if self._exhausted else max(1, self._open - self._room // 2))
            else:
                break
        return None

    def _collect(self) -> None:
        while (slot := self.exchange.next()) is not None:
            self._open -= 1
            self._weight -= slot.weight
            self._count(slot)

    def _count(self, slot: Slot) -> None:
        slot.known = True
        if slot.receipt is not None:
            self._tally.add(slot.receipt)

    def _may_take(self) -> bool:
        if self._open >= self._room or self._weight >= HEAVIEST or len(self.window) >= AHEAD:
            self._filling = False
        elif self._open <= self._room // 2 and self._weight <= HEAVIEST // 2:
            self._filling = True
        return self._filling and not self._exhausted

    def _take(self) -> None:
        try:
            message = next(self._messages)
            self._tally.taken += 1
            if isinstance(message, Receipt):
                self._failed(message)
            else:
                self._send(message)
        except StopIteration:
            self._exhausted = True
        except Exception as error:  # noqa: BLE001 - raised when all before it is settled
            self._exhausted, self.failure = True, error

    def _failed(self, receipt: Receipt) -> None:
        self.window.append(receipt)
        self._tally.add(receipt)

    def _send(self, asked: Message) -> None:
        try:
            route = self._delivery.route(asked, self._via)
        except NotifyError as error:
            self._failed(failed_message(asked, error))
            return
        slot = Slot(route.asked, route.message, route.judgement)
        if route.transport.senders > 0:
            self._hand_over(slot, route.transport)
        else:
            self._send_here(slot, route.transport)

    def _hand_over(self, slot: Slot, transport: Transport) -> None:
        lane = self.lanes.get(id(transport))
        if lane is None:
            lane = self.lanes[id(transport)] = Lane(transport, self._delivery, self.exchange)
            self._room = max(FEWEST, FOR_EACH_SENDER * sum(each.most for each in self.lanes.values()))
        lane.staff()
        self.window.append(slot)
        self._open += 1
        self._weight += slot.weight
        lane.put(slot)

    def _send_here(self, slot: Slot, transport: Transport) -> None:
        self.window.append(slot)
        slot.begin()
        outcome = self._delivery.carry(slot.message, transport)
        self._delivery.tell(slot.message, outcome, slot.judgement, slot.attempt(transport))
        slot.settle(outcome)
        self._count(slot)
