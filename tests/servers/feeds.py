"""Feeds of messages, as `Notifier.send_many` gives them to a transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify import DeliveryError, Message, Receipt, Transport


class Feed:
    """Messages that are all there, or else one at a time: each only once it is waited for.

    `taken` is how many were taken; `before` is called with that number before each is given.
    """

    def __init__(
        self, messages: Iterable[Message], *, ready: bool = True, before: Callable[[int], object] | None = None
    ) -> None:
        self._messages = iter(messages)
        self._ready = ready
        self._before = before or (lambda _: None)
        self.taken = 0

    def next(self) -> Message | None:
        """The next message."""
        self._before(self.taken)
        message = next(self._messages, None)
        self.taken += message is not None
        return message

    def ready(self) -> Message | None:
        """The next message, if they are all there."""
        return self.next() if self._ready else None

    def lapsed(self) -> bool:
        """Whether one was taken away; never."""
        return False


def stream(transport: Transport, messages: Iterable[Message], *, ready: bool = True) -> list[Receipt | DeliveryError]:
    """What a transport says of each message of a feed."""
    outcomes: list[Receipt | DeliveryError] = []
    transport.stream(Feed(messages, ready=ready), outcomes.append)
    return outcomes
