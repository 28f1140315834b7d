"""Messages of a feed: each one is settled once, in the order in which they were taken, whatever becomes of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from notify.errors import (
    ConfigError,
    DeliveryError,
    RefusedError,
    TemporaryError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_smtp.parcel import Parcel

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import Message, Receipt
    from notify.transport import Feed
    from notify_smtp.parcel import Outcome
    from notify_smtp.submission import Delivered, Submission


@dataclass(slots=True, eq=False)
class _Entry:
    """A message that was taken: on its way, or settled but for others in front of it."""

    parcel: Parcel | None = None
    outcome: Receipt | DeliveryError | None = None


class Ledger:
    """The messages that were taken from a feed and are not settled yet.

    Args:
        feed: the messages.
        settle: is told each outcome, in the order of the feed.
        submission: makes the submission of a message.
        receipt: the receipt of a submission that was delivered.
        seconds: how long all tries of a message may take together.
        name: the transport's name, for errors.
    """

    def __init__(
        self,
        feed: Feed,
        settle: Callable[[Receipt | DeliveryError], None],
        *,
        submission: Callable[[Message], Submission],
        receipt: Callable[[Submission, Delivered], Receipt],
        seconds: float,
        name: str,
    ) -> None:
        self._feed = feed
        self._tell = settle
        self._submission = submission
        self._receipt = receipt
        self._seconds = seconds
        self._name = name
        self._entries: deque[_Entry] = deque()

    def next(self) -> Parcel | None:
        """The parcel of the next message that can be sent, as soon as there is one; None when no more will come."""
        while (message := self._feed.next()) is not None:
            if (parcel := self._enter(message)) is not None:
                return parcel
        return None

    def ready(self) -> Parcel | None:
        """The parcel of the next message, if it is there already and can be sent."""
        message = self._feed.ready()
        return None if message is None else self._enter(message)

    def give_up(self) -> None:
        """Settle all that is left, because the work was broken off."""
        for entry in list(self._entries):
            if entry.outcome is not None:
                continue
            doubtful = entry.parcel is not None and entry.parcel.doubtful
            error = (UnknownOutcomeError if doubtful else TemporaryError)(
                "the work was broken off " + ("after the final dot" if doubtful else "before the message was sent"),
                transport=self._name,
                phase="final" if doubtful else "mail",
            )
            if entry.parcel is not None:
                entry.parcel.missed(error)
            self._settle(entry, error if entry.parcel is None else entry.parcel.outcome())
        self._tell_all()

    def _enter(self, message: Message) -> Parcel | None:
        """Take a message; one that cannot be packed is settled, and disturbs no other."""
        entry = _Entry()
        self._entries.append(entry)
        try:
            entry.parcel = Parcel(self._submission(message), self._seconds, partial(self._settle, entry))
        except Exception as error:  # noqa: BLE001 - a subclass's `prepare` may be anybody's code
            self._settle(entry, error)
        return entry.parcel

    def _settle(self, entry: _Entry, outcome: Outcome) -> None:
        if isinstance(outcome, DeliveryError):
            entry.outcome = outcome
        elif isinstance(outcome, Exception):
            kind = TransportConfigError if isinstance(outcome, ConfigError) else RefusedError
            entry.outcome = kind(str(outcome) or type(outcome).__name__, transport=self._name, phase="check")
            entry.outcome.__cause__ = outcome
        elif entry.parcel is not None:
            entry.outcome = self._receipt(entry.parcel.submission, outcome)
        self._tell_all()

    def _tell_all(self) -> None:
        """Tell the outcomes that are known and have no unknown one in front of them."""
        while self._entries and self._entries[0].outcome is not None:
            outcome = self._entries[0].outcome
            self._entries.popleft()
            self._tell(outcome)
