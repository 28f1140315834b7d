"""Figures of the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from outbox.operated import change, put

from notify.database.tables import now
from notify.outbox.job import STATES
from notify.outbox.operating import stats

if TYPE_CHECKING:
    from notify.database import Database


def test_an_empty_outbox(database: Database) -> None:
    """Everything is zero, or nothing."""
    found = stats(database)

    assert dict.fromkeys(STATES, 0) == found.states
    assert {} == found.notifications
    assert (0, None, None) == (found.due, found.oldest_due, found.next_due)
    assert (0, 0, None, 0, 0) == (
        found.sent_last_minute,
        found.sent_last_hour,
        found.mean_attempts,
        found.lost,
        found.overdue,
    )


def test_states_and_notifications(database: Database) -> None:
    """How many of each; of notifications those that are not sent."""
    for state in STATES:
        put(database, state=state)
    put(database, notification="billing.paid", state="dead")
    put(database, losses=1)
    put(database, notification=None)
    found = stats(database)

    assert {"queued": 3, "leased": 1, "sent": 1, "failed": 1, "dead": 2, "cancelled": 1} == found.states
    assert {
        "billing.paid": {"dead": 1},
        "hello": {"queued": 2, "leased": 1, "failed": 1, "dead": 1, "cancelled": 1},
        None: {"queued": 1},
    } == found.notifications
    assert ["billing.paid", "hello", None] == list(found.notifications)
    assert 1 == found.lost


def test_what_is_due(database: Database) -> None:
    """How many wait for a worker, and for how long the first has, whatever its priority."""
    put(database, due_in=600)
    later = stats(database)
    put(database, due_in=-60)
    put(database, due_in=-120, priority=2)
    put(database, due_in=-90, losses=2)
    found = stats(database)

    assert (0, None) == (later.due, later.oldest_due)
    assert 590 < (later.next_due or 0) <= 600
    assert (3, None) == (found.due, found.next_due)
    assert found.oldest_due is not None
    assert 120 <= found.oldest_due < 180


def test_what_was_sent_lately(database: Database) -> None:
    """In the last minute, in the last hour, and how many attempts the latter took."""
    put(database, state="sent", age=9000, ended=10, attempts=1)
    put(database, state="sent", age=9000, ended=600, attempts=4)
    put(database, state="sent", age=9000, attempts=20)
    put(database, state="dead", attempts=20)
    found = stats(database)

    assert (1, 2) == (found.sent_last_minute, found.sent_last_hour)
    assert 2.5 == pytest.approx(found.mean_attempts)


def test_leases_that_have_ended(database: Database) -> None:
    """Their workers are lost, and nobody has seen to it yet."""
    change(database, put(database, state="leased"), lease_end=now() - 5)
    change(database, put(database, state="leased"), lease_end=now() + 500)

    assert (2, 1) == (stats(database).states["leased"], stats(database).overdue)
