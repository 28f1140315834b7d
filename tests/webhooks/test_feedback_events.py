"""The event as a value: what it takes, and that it stays as it is."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any

import pytest

from notify.feedback import Bounce, Event, Kind, WebhookError
from notify.people import People


def an_event(**more: Any) -> Event:
    """An event with what it needs."""
    given: dict[str, Any] = {
        "kind": Kind.DELIVERED, "event_id": "1", "at": datetime(2026, 11, 27, tzinfo=UTC), "provider": "pigeon"
    }  # fmt: skip
    return Event(**(given | more))


def test_an_event_stays_as_it_is() -> None:
    """What it was made of may change."""
    raw, metadata = {"a": 1}, {"order": "1"}
    event = an_event(raw=raw, metadata=metadata)
    raw["a"] = 2
    metadata.clear()

    assert ({"a": 1}, {"order": "1"}) == (dict(event.raw), dict(event.metadata))
    with pytest.raises(FrozenInstanceError):
        event.reason = "x"  # type: ignore[misc]


def test_events_are_values() -> None:
    """They can be compared, hashed, copied, pickled; their raw form is left out of comparisons and of the repr."""
    event = an_event(raw={"a": 1})

    assert an_event() == event
    assert hash(an_event()) == hash(event)
    assert event == copy.deepcopy(event) == pickle.loads(pickle.dumps(event))  # noqa: S301 - our own
    assert "raw" not in repr(event)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"event_id": ""}, "1 to 255 characters, not 0"),
        ({"event_id": "x" * 256}, "1 to 255 characters, not 256"),
        ({"at": datetime(2026, 11, 27)}, "needs a zone"),  # noqa: DTZ001 - the point of it
        ({"at": datetime(1, 1, 1, tzinfo=UTC)}, "years 1970 to 9998, not 0001-01-01"),
        ({"at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "years 1970 to 9998, not 9999-12-31"),
        ({"kind": Kind.BOUNCED}, "give one with bounced only"),
        ({"bounce": Bounce.HARD}, "give one with bounced only"),
    ],
)
def test_what_is_no_event_is_refused(more: dict[str, Any], reason: str) -> None:
    """The reason says what was expected."""
    with pytest.raises(ValueError, match=reason):
        an_event(**more)


def test_kinds_are_their_words() -> None:
    """A database or a log has them as text."""
    words = [
        "queued", "deferred", "delivered", "bounced", "rejected", "complained", "unsubscribed", "resubscribed",
        "opened", "clicked",
    ]  # fmt: skip

    assert words == [str(kind) for kind in Kind]
    assert Kind("bounced") is Kind.BOUNCED


def test_a_log_names_people_by_hashes() -> None:
    """Whatever letters an address is written in; with a key, as tables do; by addresses only if that was asked for."""
    hashed = People("a key that nobody can guess", clear_logs=True)

    assert "b5fc85e55755" == People().shown("Ada@Example.com") == People().shown("ada@example.com")
    assert "Ada@Example.com" == People(clear_logs=True).shown("Ada@Example.com")
    assert hashed.name("ada@example.com") == hashed.shown("Ada@Example.com")


def test_a_refusal_says_its_status_and_survives_pickling() -> None:
    """As every error of notify."""
    error = pickle.loads(pickle.dumps(WebhookError(403, "no")))  # noqa: S301 - our own

    assert ("403 no", 403, "no") == (str(error), error.status, error.reason)
