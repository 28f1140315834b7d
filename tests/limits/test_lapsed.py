"""A message that waited for room is not sent any more if it has become another's meanwhile."""

from __future__ import annotations

import time
from queue import SimpleQueue
from typing import TYPE_CHECKING

from notify import Catalog, Message, Notifier, TemporaryError
from notify.delivery.exchange import Exchange
from notify.delivery.feed import Feed
from notify.delivery.slot import Slot
from notify.limits import Limited
from notify.state import MemoryState
from notify_memory import Memory

if TYPE_CHECKING:
    from pathlib import Path


class Leased(Slot):
    """A slot that is ours for so many seconds."""

    __slots__ = ("end",)

    def __init__(self, message: Message, seconds: float) -> None:
        super().__init__(message, message)
        self.end = time.monotonic() + seconds

    @property
    def void(self) -> bool:
        """Whether it is another's."""
        return time.monotonic() > self.end


def test_what_became_anothers_while_it_waited_is_not_sent(tmp_path: Path) -> None:
    """The wait is longer than the lease: it is settled as not sent, and the one behind it goes."""
    inner, exchange = Memory(name="m"), Exchange()
    limited = Limited(inner, limits=["2/second"], over_limit="wait", longest_wait=60.0, state=MemoryState())
    delivery = Notifier(catalog=Catalog.load([tmp_path]), transport=inner)._delivery
    messages = [
        Message(sender="shop@acme.example", to="a@example.com", subject=str(number), text="t") for number in range(4)
    ]
    slots = [Leased(message, 0.05 if number == 2 else 60.0) for number, message in enumerate(messages)]
    queue = SimpleQueue[Slot | None]()
    for slot in [*slots, None]:
        queue.put(slot)
    Feed(queue, limited, delivery, exchange).carry_all()

    assert [message.subject for message in inner.messages] == ["0", "1", "3"]
    receipt = slots[2].receipt
    assert receipt is not None
    assert isinstance(receipt.rejected["a@example.com"], TemporaryError)
    assert "became another's" in str(receipt.rejected["a@example.com"])
