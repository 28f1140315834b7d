"""What plugins that observe deliveries are told."""

from __future__ import annotations

import contextvars
from typing import Any

import pytest
from observed import mail, notifier

from notify import Message, NotifyError, Receipt, TemporaryError, Transport, hookimpl


class Eyes:
    """Keeps all that it is told."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    @hookimpl
    def notify_delivered(
        self, receipt: Receipt, message: Message, transport: Transport, seconds: float, attempt: int
    ) -> None:
        self.seen.append({**locals()})

    @hookimpl
    def notify_failed(
        self, message: Message, error: NotifyError, transport: Transport | None, seconds: float | None, attempt: int
    ) -> None:
        self.seen.append({**locals()})


def test_who_observes_gets_the_message_its_transport_and_the_time() -> None:
    """Of one that was taken, and of one that was not."""
    eyes = Eyes()
    one = notifier(eyes)
    receipt = one.deliver(taken := mail())
    with pytest.raises(TemporaryError) as caught:
        one.deliver(failed := mail("temporary"))
    first, second = eyes.seen

    assert (receipt, taken, one.transports["relay"], 1) == tuple(
        first[name] for name in ("receipt", "message", "transport", "attempt")
    )
    assert (caught.value, failed, one.transports["relay"], 1) == tuple(
        second[name] for name in ("error", "message", "transport", "attempt")
    )
    assert all(0.002 <= each["seconds"] < 1.0 for each in eyes.seen)


def test_what_no_transport_had_took_no_time() -> None:
    """There is nothing to measure."""
    eyes = Eyes()
    with pytest.raises(NotifyError):
        notifier(eyes).deliver(mail(), via="nowhere")

    assert [(None, None)] == [(each["transport"], each["seconds"]) for each in eyes.seen]


def test_of_many_messages_each_has_its_own_time() -> None:
    """From when its transport began it until its outcome: not what it waited for its turn."""
    eyes = Eyes()
    one = notifier(eyes)
    list(one.deliver_many([mail() for _ in range(40)]))

    assert 40 == len(eyes.seen)
    assert all(0.002 <= each["seconds"] < 0.05 for each in sorted(eyes.seen, key=lambda each: each["seconds"])[:30])


def test_observers_of_many_messages_see_what_the_caller_has_set() -> None:
    """Senders run in copies of its context."""
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="nobody")
    seen: list[str] = []

    class Asking:
        @hookimpl
        def notify_delivered(self) -> None:
            seen.append(name.get())

    name.set("Ada")
    list(notifier(Asking()).deliver_many([mail() for _ in range(5)]))

    assert ["Ada"] * 5 == seen
