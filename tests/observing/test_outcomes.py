"""The words for what became of messages."""

from __future__ import annotations

import pytest
from observed import mail

from notify import (
    ConfigError,
    MessageError,
    NotifyError,
    Receipt,
    RefusedError,
    SuppressedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.errors import DeliveryError
from notify.outcomes import carrier_of, outcome_of, people_of
from notify_null import Null

WORDS: dict[type[NotifyError], str] = {
    SuppressedError: "suppressed",
    RefusedError: "refused",
    ThrottledError: "throttled",
    TransportConfigError: "misconfigured",
    ConfigError: "misconfigured",
    TemporaryError: "temporary",
    UnknownOutcomeError: "unknown",
    MessageError: "refused",
}


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_each_error_has_its_word(kind: type[NotifyError]) -> None:
    """The nearest class decides."""
    assert WORDS[kind] == outcome_of(kind("it is so"))


def test_every_error_of_delivery_is_named() -> None:
    """A new one is not taken for a refusal by accident."""
    kinds = [*DeliveryError.__subclasses__()]
    for kind in kinds:
        kinds += kind.__subclasses__()

    assert set() == {kind for kind in kinds if kind.__module__ == "notify.errors"} - WORDS.keys()


@pytest.mark.parametrize(
    ("accepted", "rejected", "word"),
    [
        (1, [], "accepted"),
        (1, [RefusedError], "partly"),
        (1, [SuppressedError], "partly"),
        (0, [SuppressedError], "suppressed"),
        (0, [SuppressedError, RefusedError], "refused"),
        (0, [TemporaryError, RefusedError], "temporary"),
        (0, [UnknownOutcomeError, TransportConfigError, ThrottledError], "unknown"),
    ],
    ids=["all", "some", "the others are suppressed", "suppressed", "refused", "to be tried again", "perhaps taken"],
)
def test_a_receipt_has_the_word_of_what_it_leaves_open(
    accepted: int, rejected: list[type[DeliveryError]], word: str
) -> None:
    """Where nobody was served, what may still change decides."""
    errors = {f"{number}@example.com": kind("so") for number, kind in enumerate(rejected)}
    receipt = Receipt("<1@example.com>", "relay", tuple(f"a{each}@example.com" for each in range(accepted)), errors)

    assert word == outcome_of(receipt)


def test_the_transport_is_the_one_that_had_the_message() -> None:
    """A member of a group, if it says so; nothing, if nothing had it."""
    group = Null(name="group")

    assert "member" == carrier_of(Receipt("<1@example.com>", "member", ()), group)
    assert "member" == carrier_of(TemporaryError("later", transport="member"), group)
    assert "group" == carrier_of(TemporaryError("later"), group) == carrier_of(MessageError("no"), group)
    assert "" == carrier_of(MessageError("no"), None)


def test_a_receipt_is_of_those_too_who_were_left_out() -> None:
    """An error is of those whom the message was to go to."""
    held = {"bob@example.com": SuppressedError("no")}
    receipt = Receipt("<1@example.com>", "relay", ("ada@example.com",), held)

    assert ("ada@example.com", "bob@example.com") == people_of(receipt, mail())
    assert ("Ada@example.com",) == people_of(TemporaryError("later"), mail())
