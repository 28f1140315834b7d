"""A job between its being rendered and its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.delivery.slot import Slot
from notify.delivery.telling import Attempt
from notify.receipt import Receipt

if TYPE_CHECKING:
    from notify.delivery.delivery import Route
    from notify.errors import NotifyError
    from notify.outbox.worker.assembling import Load
    from notify.outbox.worker.holding import Hold
    from notify.transport import Transport


class Parcel(Slot):
    """A slot that belongs to a job, and is not sent once the lease of the job is lost.

    Args:
        load: the jobs as they were leased.
        hold: their lease.
        route: the message, and where it goes.

    Attributes:
        job: the job whose message it is.
        ids: of all jobs.
        hold: as above.
        transport: what carries it.
        envelope: who the message leaves from and to.
        people: those of the recipients of the message as it was rendered who are written to.
        outcome: what became of it, once that is known.
        handed_at: when it was given to the senders, by the clock of `hold`.
        settled_at: when the outcome was known.
    """

    __slots__ = ("envelope", "handed_at", "hold", "ids", "job", "outcome", "people", "settled_at", "transport")

    def __init__(self, load: Load, hold: Hold, route: Route) -> None:
        super().__init__(route.asked, route.message, route.judgement)
        self.job = load.job
        self.ids = load.ids
        self.hold = hold
        self.transport = route.transport
        self.envelope = route.message.envelope
        same = route.asked is route.message
        self.people = self.envelope.recipients if same else route.asked.envelope.recipients
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

    def attempt(self, transport: Transport) -> Attempt:
        """How a transport has carried it, as a try of its job."""
        return Attempt(transport, self._seconds, self.job.attempts + 1, self.job.id)

    def settle(self, outcome: Receipt | NotifyError) -> None:
        """Put down what became of it, and let go of the message."""
        self.settled_at = self.hold.clock()
        self.outcome = self.judgement.complete(outcome) if isinstance(outcome, Receipt) else outcome
        del self._asked, self.message
