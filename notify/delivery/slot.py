"""A message between its being made and its receipt being given out."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from notify.delivery.failed import failed_message
from notify.delivery.gate import FREE
from notify.delivery.telling import Attempt
from notify.errors import NotifyError, TemporaryError, UnknownOutcomeError

if TYPE_CHECKING:
    from notify.delivery.gate import Judgement
    from notify.message import Message
    from notify.receipt import Receipt
    from notify.transport import Transport


class Slot:
    """One place in the order of receipts.

    Args:
        asked: the message as it was asked for, whose recipients the receipt is about.
        message: the message as it leaves.
        judgement: who of the recipients is not written to.

    Attributes:
        judgement: as above.
        message: as above; gone when there is a receipt.
        begun: whether a transport has it or had it.
        receipt: the receipt, once there is one.
        known: whether the receipt was counted.
        weight: the size of bodies and attachments, in octets.
        void: whether it must not be sent any more; it is settled without having been begun.
    """

    __slots__ = ("_asked", "_begun_at", "begun", "judgement", "known", "message", "receipt", "weight")

    @property
    def void(self) -> bool:
        """See above."""
        return False

    def __init__(self, asked: Message, message: Message, judgement: Judgement = FREE) -> None:
        self._asked = asked
        self.message = message
        self.judgement = judgement
        self.begun = self.known = False
        self._begun_at = 0.0
        self.receipt: Receipt | None = None
        self.weight = sum(map(len, filter(None, message.octets)))
        if message.attachments:
            self.weight += sum(len(each.content or b"") for each in message.attachments)

    def begin(self) -> None:
        """A transport gets it."""
        self._begun_at = perf_counter()
        self.begun = True

    @property
    def _seconds(self) -> float | None:
        return perf_counter() - self._begun_at if self.begun else None

    def attempt(self, transport: Transport) -> Attempt:
        """How a transport has carried it, at the moment that its outcome is known."""
        return Attempt(transport, self._seconds)

    def settle(self, outcome: Receipt | NotifyError) -> None:
        """Put down what became of it, and let go of the message: receipts wait for their turn, in memory."""
        receipt = failed_message(self._asked, outcome) if isinstance(outcome, NotifyError) else outcome
        self.receipt = self.judgement.complete(receipt)
        del self._asked, self.message

    def broken_off(self) -> Receipt:
        """The receipt, when no more will be heard of it."""
        if self.receipt is not None:
            return self.receipt
        if self.begun:
            error: NotifyError = UnknownOutcomeError("interrupted while it was being sent", phase="interrupted")
        else:
            error = TemporaryError("not sent: interrupted before its turn", phase="interrupted")
        return self.judgement.complete(failed_message(self._asked, error))
