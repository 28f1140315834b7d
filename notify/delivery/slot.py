"""A message between its being made and its receipt being given out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.delivery.failed import failed_message
from notify.errors import NotifyError, TemporaryError, UnknownOutcomeError

if TYPE_CHECKING:
    from notify.message import Message
    from notify.receipt import Receipt


class Slot:
    """One place in the order of receipts.

    Args:
        asked: the message as it was asked for, whose recipients the receipt is about.
        message: the message as it leaves.

    Attributes:
        message: as above; gone when there is a receipt.
        begun: whether a transport has it or had it.
        receipt: the receipt, once there is one.
        known: whether the receipt was counted.
        weight: the size of bodies and attachments, in octets.
        void: whether it must not be sent any more; it is settled without having been begun.
    """

    __slots__ = ("_asked", "begun", "known", "message", "receipt", "weight")

    @property
    def void(self) -> bool:
        """See above."""
        return False

    def __init__(self, asked: Message, message: Message) -> None:
        self._asked = asked
        self.message = message
        self.begun = self.known = False
        self.receipt: Receipt | None = None
        self.weight = sum(map(len, filter(None, message.octets)))
        if message.attachments:
            self.weight += sum(len(each.content or b"") for each in message.attachments)

    def settle(self, outcome: Receipt | NotifyError) -> None:
        """Put down what became of it, and let go of the message: receipts wait for their turn, in memory."""
        self.receipt = failed_message(self._asked, outcome) if isinstance(outcome, NotifyError) else outcome
        del self._asked, self.message

    def broken_off(self) -> Receipt:
        """The receipt, when no more will be heard of it."""
        if self.receipt is not None:
            return self.receipt
        if self.begun:
            error: NotifyError = UnknownOutcomeError("interrupted while it was being sent", phase="interrupted")
        else:
            error = TemporaryError("not sent: interrupted before its turn", phase="interrupted")
        return failed_message(self._asked, error)
