"""What `send_many` and `deliver_many` give: receipts in order, and an exact account when it ends early."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from notify.delivery.flow import Flow
from notify.errors import Interrupted
from notify.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notify.delivery.delivery import Delivery
    from notify.delivery.exchange import Exchange
    from notify.delivery.lane import Lane
    from notify.delivery.progress import Progress
    from notify.message import Message


class Receipts(Iterator[Receipt]):
    """The receipts of many messages, one for each row, in the order of the rows; for one thread at a time.

    Rows are taken, and messages sent, ahead of the receipts that were asked for. At most 64 messages, or 8 for each
    sender if that is more, and about 32 MB of them are on their way; at most 1024 receipts wait for one before them.

    What the rows themselves raise is raised behind the receipts of all rows before. Ctrl-C raises Interrupted. `close`
    stops early; so does leaving a `with` block, or letting go of the iterator.
    """

    def __init__(
        self,
        messages: Iterator[Message | Receipt],
        delivery: Delivery,
        *,
        via: str | None,
        progress: Callable[[Progress], object] | None,
    ) -> None:
        self._flow = Flow(messages, delivery, via, progress)
        self._delivery = delivery
        self._given = 0
        self._handed = False
        self._rest: tuple[Receipt, ...] | None = None
        self._process = os.getpid()
        self._end = weakref.finalize(self, _end, self._flow.lanes, self._flow.exchange, self._process)

    def __next__(self) -> Receipt:
        """The next receipt.

        Raises:
            Interrupted: Ctrl-C came.
            RuntimeError: this is a fork of the process that sends.
        """
        if self._process != os.getpid():
            raise RuntimeError("these messages are sent by another process, of which this one is a fork")
        if self._rest is not None:
            raise StopIteration
        try:
            self._drop_handed()
            receipt = self._flow.advance()
        except KeyboardInterrupt as interrupt:
            raise Interrupted(self.close(), self.rows) from interrupt
        except BaseException:
            self.close()
            raise
        if receipt is not None and self._rest is None:
            # No call stands from here to the return: an interrupt comes before all of it, or behind.
            self._given += 1
            self._handed = True
            return receipt
        self.close()
        failure, self._flow.failure = self._flow.failure, None
        if failure is not None:
            raise failure
        raise StopIteration

    @property
    def rows(self) -> int:
        """How many rows, from the first, have a receipt that was given out or is among those of `close`."""
        return self._given + len(self._rest or ())

    def close(self) -> tuple[Receipt, ...]:
        """Begin no further message, and wait for those that were begun.

        Returns:
            The receipts that were not given out, in order. Rows behind the last of them were not sent. A message in
            front of it that was not begun has a TemporaryError.

        Raises:
            Interrupted: Ctrl-C came while waiting. What was still on its way then has an UnknownOutcomeError.
        """
        if self._process != os.getpid():
            return ()
        if self._rest is None:
            try:
                self._end()
                self._delivery.flush()
            except KeyboardInterrupt as interrupt:
                self._rest = self._account()
                raise Interrupted(self._rest, self.rows) from interrupt
            self._rest = self._account()
        return self._rest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drop_handed(self) -> None:
        if self._handed:
            self._handed = False
            self._flow.window.popleft()

    def _account(self) -> tuple[Receipt, ...]:
        self._drop_handed()
        left = self._flow.window
        while left and not isinstance(last := left[-1], Receipt) and not last.begun:
            left.pop()
        return tuple(each if isinstance(each, Receipt) else each.broken_off() for each in left)


def _end(lanes: Mapping[int, Lane], exchange: Exchange, process: int) -> None:
    """Stop the senders and wait for them; garbage may be collected, and this be called, in any thread."""
    if os.getpid() != process:
        return
    exchange.stopped = True
    for lane in lanes.values():
        lane.end()
    for lane in lanes.values():
        lane.join()
