"""A transport that sends no more than it may."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from notify.errors import NotifyError, RefusedError, TemporaryError, ThrottledError, undelivered
from notify.limits.rates import Usage
from notify.rates import Rate
from notify.settings import setting
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify.diagnosis import Diagnosis
    from notify.errors import DeliveryError
    from notify.feedback import Event
    from notify.message import Message
    from notify.receipt import Receipt
    from notify.state import State
    from notify.transport import Feed


def _rates(texts: tuple[str, ...]) -> str | None:
    try:
        for text in texts:
            Rate.parse(text)
    except ValueError as error:
        return str(error)
    return None


def _positive(value: float) -> str | None:
    return None if value > 0 else f"expected more than 0, got {value:g}"


class LimitSettings:
    """What any transport can be told of how much it may send."""

    limits: tuple[str, ...] = setting(
        "How many mails, counted by recipient: 10/second, 100/day; one or several.", default=(), check=_rates
    )
    over_limit: Literal["wait", "refuse"] = setting(
        "What becomes of a mail that exceeds them: it waits, or is refused as throttled.", default="wait"
    )
    longest_wait: float = setting("Seconds that it waits at most; else it is refused.", default=60.0, check=_positive)
    max_recipients: int | None = setting(
        "The most recipients of one mail; one with more is refused.", default=None, check=_positive
    )


class Limited(Transport):
    """Another transport, within its limits.

    A message that fails has used up its share all the same: whether the provider counts it is not known.

    Args:
        inner: the transport.
        limits: the rates, all of which hold; see `LimitSettings`.
        over_limit: see `LimitSettings`.
        longest_wait: see `LimitSettings`.
        max_recipients: see `LimitSettings`.
        state: where the counts are kept.

    Attributes:
        settings: those of `LimitSettings`, by name.
        usage: what is used up.
    """

    def __init__(
        self,
        inner: Transport,
        *,
        limits: Iterable[str],
        over_limit: Literal["wait", "refuse"],
        longest_wait: float,
        state: State,
        max_recipients: int | None = None,
    ) -> None:
        super().__init__(name=inner.name)
        self.inner = inner
        self.capabilities = inner.capabilities
        if max_recipients is not None:
            most = min(max_recipients, inner.capabilities.max_recipients or max_recipients)
            self.capabilities = replace(inner.capabilities, max_recipients=most)
        self.senders = max(inner.senders, 1)
        self.rates = tuple(map(Rate.parse, limits))
        self.settings = {
            "limits": tuple(map(str, self.rates)),
            "over_limit": over_limit,
            "longest_wait": longest_wait,
            "max_recipients": max_recipients,
        }
        self._most = max_recipients
        self.usage = Usage(f"limits/{inner.name}", self.rates, state)
        self._patience = longest_wait if over_limit == "wait" else 0.0
        self._hurried = threading.Event()

    def __repr__(self) -> str:
        return f"Limited({self.inner!r}, {', '.join(map(str, self.rates))})"

    def send(self, message: Message) -> Receipt:
        """Send it when there is room.

        Raises:
            ThrottledError: there is none soon enough; `retry_after` says when there will be.
            RefusedError: the message has more recipients than one may have.
            DeliveryError: as the transport's.
        """
        self._admit(message)
        return self.inner.send(message)

    def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
        """As `send`, in the way of the transport."""
        admitting = _Admitting(feed, settle, self._admit, self._must_wait)
        self.inner.stream(admitting, admitting.settle)

    def verify(self) -> None:
        """As the transport's."""
        self.inner.verify()

    def diagnose(self) -> Iterable[Diagnosis]:
        """As the transport's."""
        return self.inner.diagnose()

    def suppressions(self, *, temporary: bool = False) -> Iterable[Event]:
        """As the transport's."""
        return self.inner.suppressions(temporary=temporary)

    def objection(self, message: Message) -> str | None:
        """As the transport's."""
        return self.inner.objection(message)

    def status(self) -> str:
        """How much of the limits is used up, and what the transport says."""
        used = [f"{number} of {rate} used" for rate, number in self.usage.used(time.time()).items()]
        return "; ".join(filter(None, [*used, self.inner.status()]))

    def hurry(self) -> None:
        """Have nothing wait for room any more."""
        self._hurried.set()
        self.inner.hurry()

    def close(self) -> None:
        """As the transport's."""
        self._hurried.clear()
        self.inner.close()

    def _must_wait(self, message: Message) -> bool:
        """Whether it cannot go now; if it can, its room is taken."""
        return len(message.envelope.recipients) > (self._most or math.inf) or self._wait(message) > 0

    def _wait(self, message: Message) -> float:
        """Take room; 0.0 if there was some, else seconds until there is."""
        return self.usage.take(len(message.envelope.recipients), time.time())

    def _admit(self, message: Message) -> None:
        """Take room, waiting for it as long as that is allowed."""
        people = len(message.envelope.recipients)
        if self._most is not None and people > self._most:
            raise RefusedError(
                f"the message has {people} recipients, and max_recipients is {self._most}",
                transport=self.name,
                phase="limit",
                advice="Send it to fewer at once: `send_many` makes a message for each.",
            )
        end = time.monotonic() + self._patience
        while wait := self._wait(message):
            if wait > end - time.monotonic() or self._hurried.wait(wait):
                raise ThrottledError(
                    f"the limit of {' and '.join(map(str, self.rates))} is used up",
                    transport=self.name,
                    phase="limit",
                    retry_after=wait,
                    advice=f"There is room again in {_duration(wait)}; the limit is the setting limits.",
                )


@dataclass(slots=True, eq=False)
class _Entry:
    """A message that was taken from the feed; `outcome` once it is known."""

    outcome: Receipt | DeliveryError | None = None


class _Admitting:
    """A feed of those messages for which there is room; the others are settled in their turn."""

    def __init__(
        self,
        feed: Feed,
        settle: Callable[[Receipt | DeliveryError], None],
        admit: Callable[[Message], None],
        must_wait: Callable[[Message], bool],
    ) -> None:
        self._feed = feed
        self._tell = settle
        self._admit = admit
        self._must_wait = must_wait
        self._held: Message | None = None
        self._entries: deque[_Entry] = deque()

    def next(self) -> Message | None:
        """See `Feed`."""
        while (message := self._taken(self._feed.next)) is not None:
            try:
                self._admit(message)
                if self.lapsed():
                    raise TemporaryError("not sent: while it waited for room, it became another's to send")
            except NotifyError as error:  # it was not let in, or that could not be found out
                self._entries.append(_Entry(undelivered(error, phase="limit")))
                self._tell_all()
            else:
                self._entries.append(_Entry())
                return message
        return None

    def ready(self) -> Message | None:
        """See `Feed`; a message that cannot go now is left for `next`."""
        message = self._taken(self._feed.ready)
        if message is not None and self._cannot_go(message):
            self._held, message = message, None
        if message is not None:
            self._entries.append(_Entry())
        return message

    def lapsed(self) -> bool:
        """See `Feed`."""
        return self._feed.lapsed()

    def _cannot_go(self, message: Message) -> bool:
        try:
            return self._must_wait(message)
        except NotifyError:  # `next` finds out too, and can say so
            return True

    def settle(self, outcome: Receipt | DeliveryError) -> None:
        """Settle the first of those that the transport has."""
        next(entry for entry in self._entries if entry.outcome is None).outcome = outcome
        self._tell_all()

    def _taken(self, take: Callable[[], Message | None]) -> Message | None:
        held, self._held = self._held, None
        return held or take()

    def _tell_all(self) -> None:
        while self._entries and self._entries[0].outcome is not None:
            self._tell(self._entries.popleft().outcome)  # type: ignore[arg-type]


def _duration(seconds: float) -> str:
    for name, length in (("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}"
    return f"{seconds:.1f} seconds"
