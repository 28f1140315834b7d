"""A job between its being rendered and its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.delivery.slot import Slot

if TYPE_CHECKING:
    from notify.errors import NotifyError
    from notify.message import Message
    from notify.outbox.worker.assembling import Load
    from notify.outbox.worker.holding import Hold
    from notify.receipt import Receipt
    from notify.transport import Transport


class Parcel(Slot):
    """A slot that belongs to a job, and is not sent once the lease of the job is lost.

    Args:
        load: the jobs as they were leased.
        hold: their lease.
        asked: the message as it was rendered.
        message: the message as it leaves.
        transport: what carries it.

    Attributes:
        job: the job whose message it is.
        ids: of all jobs.
        hold: as above.
        people: the recipients of the message as it was rendered.
        outcome: what became of it, once that is known.
        handed_at: when it was given to the senders, by the clock of `hold`.
        settled_at: when the outcome was known.
    """

    __slots__ = ("handed_at", "hold", "ids", "job", "outcome", "people", "settled_at", "transport")

    def __init__(self, load: Load, hold: Hold, asked: Message, message: Message, transport: Transport) -> None:
        super().__init__(asked, message)
        self.job = load.job
        self.ids = load.ids
        self.hold = hold
        self.transport = transport
        self.people = asked.envelope.recipients
        self.outcome: Receipt | NotifyError | None = None
        self.handed_at = self.settled_at = 0.0

    @property
    def void(self) -> bool:
        """Whether another worker may have it by now."""
        return not self.hold.is_held()

    @property
    def is_out(self) -> bool:
        """Whether a sender has it in hand."""
        return self.begun and self.outcome is None

    def settle(self, outcome: Receipt | NotifyError) -> None:
        """Put down what became of it, and let go of the message."""
        self.settled_at = self.hold.clock()
        self.outcome = outcome
        del self._asked, self.message
