"""When a message is offered again: by the class of the error, its retry_after, and a budget in tries and time."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from notify import Message
from notify.errors import (
    DeliveryError,
    MessageError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.retries import Retries, may_be_repeated

MANY = 300


def a_message(delivery: str = "at_most_once") -> Message:
    """A message with that promise."""
    return Message(sender="hello@acme.example", to="r1@example.org", subject="Hello", text="Hello.", delivery=delivery)


def pauses(most: int, error: Exception, *, tries: int = 0, remaining: float = 300.0) -> list[float | None]:
    """What is said about the same error many times."""
    return [Retries(most).pause(error, a_message(), tries=tries, remaining=remaining) for _ in range(MANY)]


@pytest.mark.parametrize(
    ("error", "delivery", "expected"),
    [
        (TemporaryError("later"), "at_most_once", True),
        (ThrottledError("later"), "at_most_once", True),
        (UnknownOutcomeError("lost"), "at_most_once", False),
        (UnknownOutcomeError("lost"), "at_least_once", True),
        (RefusedError("no"), "at_least_once", False),
        (TransportConfigError("no"), "at_least_once", False),
        (DeliveryError("what"), "at_least_once", False),
        (MessageError("no"), "at_least_once", False),
    ],
)
def test_the_class_decides(error: Exception, delivery: str, *, expected: bool) -> None:
    """What may be taken later is repeated, and what is unknown only where a second copy is allowed."""
    message = a_message(delivery)

    assert expected is may_be_repeated(error, message)
    assert expected is (Retries(1).pause(error, message, tries=0, remaining=9.0) is not None)


def test_tries_run_out() -> None:
    """There are as many further tries as were asked for; none is the least."""
    error = TemporaryError("later")

    assert [None] * MANY == pauses(0, error)
    assert [None] * MANY == pauses(2, error, tries=2)
    assert None not in pauses(2, error, tries=1)


@pytest.mark.parametrize(("tries", "longest"), [(0, 1.0), (1, 2.0), (2, 4.0), (4, 16.0), (5, 30.0), (5000, 30.0)])
def test_the_pause_is_random_and_doubles(tries: int, longest: float) -> None:
    """Full jitter: anything from nothing to a length that doubles with each try, up to half a minute."""
    found = [pause for pause in pauses(9999, TemporaryError("later"), tries=tries) if pause is not None]

    assert len(found) == MANY
    assert 0 <= min(found) < longest / 4
    assert longest * 3 / 4 < max(found) <= longest


def test_the_server_is_not_asked_sooner_than_it_said() -> None:
    """The pause comes on top of retry_after."""
    found = [pause for pause in pauses(1, ThrottledError("later", retry_after=60.0)) if pause is not None]

    assert len(found) == MANY
    assert 60 <= min(found)
    assert max(found) <= 61


@pytest.mark.parametrize("remaining", [60.0, 59.0, 0.0, -1.0])
def test_what_would_wait_too_long_is_not_tried(remaining: float) -> None:
    """A retry_after that does not fit into what is left of the deadline means that there is no other try."""
    assert [None] * MANY == pauses(1, ThrottledError("later", retry_after=60.0), remaining=remaining)


def test_half_of_the_time_is_left_for_the_try() -> None:
    """However little time there is, another try is no matter of chance, and has half of the time."""
    found = [pause for pause in pauses(9, TemporaryError("later", retry_after=5.0), tries=8, remaining=7.0) if pause]

    assert len(found) == MANY
    assert max(found) <= 6.0


def test_whatever_has_a_promise_will_do() -> None:
    """A transport may ask about its own form of a message."""

    @dataclass
    class Packed:
        delivery: str

    lost = UnknownOutcomeError("lost")

    assert may_be_repeated(lost, Packed("at_least_once"))
    assert not may_be_repeated(lost, Packed("at_most_once"))
