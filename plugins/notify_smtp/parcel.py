"""A message from when it is taken in hand until its fate is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.errors import UnknownOutcomeError
from notify_smtp.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notify.errors import DeliveryError
    from notify_smtp.submission import Delivered, Submission

    Outcome = Delivered | Exception


@dataclass(slots=True, eq=False)
class Parcel:
    """A submission on its way, with what was tried already.

    Attributes:
        submission: what is to be carried.
        seconds: how long all tries may take together, from when it is first offered.
        settle: is told the outcome, once.
        recipients: whom it is offered for: at first all, then those who may still get it.
        tries: how often it was put off and is offered again.
        due: when it may be offered again, on the monotonic clock; 0.0 at once.
        fresh: whether it wants a session that nothing was sent over.
        doubtful: something broke the work off when the server may have taken it.
        failure: why the last try failed as a whole, if it did.
        fates: those who did not get it, each with the error of the last try that was for them.
    """

    submission: Submission
    seconds: float
    settle: Callable[[Outcome], object]
    recipients: tuple[str, ...] = field(init=False)
    tries: int = 0
    due: float = 0.0
    fresh: bool = False
    doubtful: bool = False
    failure: DeliveryError | None = None
    fates: dict[str, DeliveryError] = field(default_factory=dict)
    _delivered: Delivered | None = field(default=None, init=False)
    _unknown: dict[str, UnknownOutcomeError] = field(default_factory=dict, init=False)
    _deadline: Deadline | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.recipients = self.submission.recipients

    @property
    def deadline(self) -> Deadline:
        """When all has to be over; the clock runs from the first time that this is asked for."""
        if self._deadline is None:
            self._deadline = Deadline(self.seconds)
        return self._deadline

    def taken(self, delivered: Delivered) -> None:
        """Note that the server took it for those whom it was offered for, but for the rejected."""
        self._delivered = self._delivered or delivered
        self.failure = None
        self._note(delivered.rejected)

    def missed(self, error: DeliveryError) -> None:
        """Note that a try failed as a whole."""
        self.failure = error
        self._note(dict.fromkeys(self.recipients, error) | dict(error.rejected))

    def outcome(self) -> Outcome:
        """What all tries together came to. Who may have got it in one of them is not said to have got nothing.

        Raises:
            RuntimeError: no try has ended.
        """
        fates = {recipient: self._unknown.get(recipient, error) for recipient, error in self.fates.items()}
        if self._delivered is not None:
            return self._delivered._replace(rejected=fates)
        if self.failure is None:
            raise RuntimeError("no try of this message has ended")
        whole = self.failure
        if self._unknown and not isinstance(whole, UnknownOutcomeError):
            whole = next(iter(self._unknown.values()))
            whole.__cause__ = self.failure
        whole.rejected = {
            recipient: error for recipient, error in fates.items() if error is not whole and error is not self.failure
        }
        return whole

    def _note(self, rejected: Mapping[str, DeliveryError]) -> None:
        """Note the errors of a try; whom it was for and who has none has got it."""
        for recipient in self.recipients:
            self.fates.pop(recipient, None)
            if recipient not in rejected:
                self._unknown.pop(recipient, None)
        self.fates.update(rejected)
        self._unknown.update(
            {recipient: error for recipient, error in rejected.items() if isinstance(error, UnknownOutcomeError)}
        )
        self.doubtful = bool(self._unknown)
