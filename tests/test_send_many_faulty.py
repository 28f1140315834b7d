# ruff: noqa: ARG002 - what is wrong with them is what they leave out
"""Transports whose `stream` is wrong: what they did not settle is unknown, the rest is carried, nothing hangs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from notify import (
    Address,
    Catalog,
    DeliveryError,
    Message,
    Notifier,
    Receipt,
    Transport,
    TransportConfigError,
    UnknownOutcomeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.transport import Feed

    Settle = Callable[[Receipt | DeliveryError], None]


class Plain(Transport):
    """Says yes; the streams of its subclasses go wrong."""

    def __init__(self) -> None:
        super().__init__(name="plain")
        self.streams = 0

    def send(self, message: Message) -> Receipt:
        return self.receipt(message)


class RaisesAtOnce(Plain):
    """Takes nothing, and breaks."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        raise ZeroDivisionError("at once")


class ReturnsAtOnce(Plain):
    """Takes nothing."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        pass


class LeavesTheInterpreter(Plain):
    """Raises what is no Exception."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        feed.next()
        raise SystemExit(3)


class RaisesWithTwo(Plain):
    """Takes two, settles the first, and breaks; each time that it is called."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        one = feed.next()
        time.sleep(0.1)  # the next ones come
        two = feed.ready()
        if one is not None:
            settle(self.receipt(one))
        if two is not None:
            raise ZeroDivisionError("with two")


class SettlesTooFew(Plain):
    """Takes all there are, and says nothing."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        feed.next()
        while feed.ready() is not None:
            pass


class WaitsTooEarly(Plain):
    """Would wait for the next while the caller may wait for the first."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        while feed.next() is not None:
            pass


class SettlesTooMany(Plain):
    """Says everything twice."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        while (message := feed.next()) is not None:
            settle(self.receipt(message))
            settle(self.receipt(message))


class SettlesOtherThings(Plain):
    """Says something else."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        while feed.next() is not None:
            settle("yes")  # type: ignore[arg-type]


class StopsWhenNothingIsReady(Plain):
    """Does not wait; that is no fault, it is called again."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        while (message := feed.ready()) is not None:
            settle(self.receipt(message))


class AsksAgainBehindTheEnd(Plain):
    """The end stays the end."""

    def stream(self, feed: Feed, settle: Settle) -> None:
        super().stream(feed, settle)
        assert feed.next() is None
        assert feed.ready() is None


UNKNOWN, UNTAKEN = UnknownOutcomeError, TransportConfigError


@pytest.mark.parametrize(
    ("kind", "errors", "words"),
    [
        (RaisesAtOnce, [UNTAKEN] * 5, "ZeroDivisionError: at once"),
        (ReturnsAtOnce, [UNTAKEN] * 5, "did not say what became"),
        (LeavesTheInterpreter, [UNKNOWN] * 5, "SystemExit: 3"),
        (RaisesWithTwo, [None, UNKNOWN, None, UNKNOWN, None], "ZeroDivisionError: with two"),
        (SettlesTooFew, [UNKNOWN] * 5, "did not say what became"),
        (WaitsTooEarly, [UNKNOWN] * 5, "before all messages that were taken are settled"),
        (SettlesTooMany, [None] * 5, ""),
        (SettlesOtherThings, [UNKNOWN] * 5, "a plugin gave str for a receipt"),
        (StopsWhenNothingIsReady, [None] * 5, ""),
        (AsksAgainBehindTheEnd, [None] * 5, ""),
    ],
)
def test_every_message_has_a_receipt(kind: type[Plain], errors: list[Any], words: str) -> None:
    """It says unknown where the transport had the message, and not taken where it had not."""
    messages = [
        Message(sender=Address("a@b.example"), to=(Address(f"w{n}@example.com"),), subject="x", text="x")
        for n in range(5)
    ]
    notifier = Notifier(catalog=Catalog(()), transport=kind(), sender="a@b.example")
    receipts = list(notifier.deliver_many(messages))
    found = [receipt.rejected.get(f"w{n}@example.com") for n, receipt in enumerate(receipts)]

    assert errors == [None if error is None else type(error) for error in found]
    assert all(words in str(error) for error in found if error is not None)
    assert [message.message_id for message in messages] == [receipt.message_id for receipt in receipts]
