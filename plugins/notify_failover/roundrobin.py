"""The transport `roundrobin`."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from notify_failover.carrying import Carrying
from notify_failover.group import Group
from notify_failover.streaming import Returnable, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from notify import DeliveryError, Message, Receipt
    from notify.transport import Feed
    from notify_failover.member import Member

STRETCH = 100
"""Messages of a feed in one turn; a stretch costs a round trip, as a connection does after so many."""


class RoundRobin(Group):
    """Sends through its transports in turn, and through the next when one cannot."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.senders = sum(each.senders for each in self.transports)
        self._turns = _Turns([max(1, each.senders) for each in self.transports])

    def send(self, message: Message) -> Receipt:
        """Begin with the next in turn.

        Raises:
            DeliveryError: see `Carrying.through`.
        """
        with self._turns.take() as turn:
            return Carrying(self.name, message).through(self._order(turn))

    def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
        """As `send`, but a turn is up to 100 messages that come one behind the other."""
        messages = Returnable(feed)
        stretch = Stretch(self.name, messages, settle)
        more = True
        while more and messages.wait():
            with self._turns.take() as turn:
                more = stretch.carry(self._order(turn), strict=False, most=STRETCH)

    def _order(self, turn: int) -> Sequence[Member]:
        return [*self.members[turn:], *self.members[:turn]]


class _Turns:
    """Whose turn it is: the next one that is not busy with as many messages as it has senders.

    Args:
        senders: of each.
    """

    def __init__(self, senders: Sequence[int]) -> None:
        self._senders = senders
        self._busy = [0] * len(senders)
        self._next = 0
        self._lock = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[int]:
        """The number of the one whose turn it is, for as long as the block takes."""
        with self._lock:
            turns = [(self._next + step) % len(self._senders) for step in range(len(self._senders))]
            turn = next((each for each in turns if self._busy[each] < self._senders[each]), turns[0])
            self._next = turn + 1
            self._busy[turn] += 1
        try:
            yield turn
        finally:
            with self._lock:
                self._busy[turn] -= 1
