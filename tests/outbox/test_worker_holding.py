"""What a worker knows of its leases, and how many messages it has under way."""

from __future__ import annotations

from typing import Any, cast

import pytest

from notify.errors import OutboxError
from notify.outbox.leasing import Leased
from notify.outbox.worker.holding import Hold, Holds
from notify.outbox.worker.patience import GivenUpError, Patience
from notify.outbox.worker.traffic import MOST, Traffic


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Under:
    """A message under way, as far as traffic looks at it."""

    def __init__(self, *, is_out: bool = False) -> None:
        self.is_out = is_out


def parcels(number: int, *, is_out: bool = False) -> Any:
    """Some messages under way."""
    return [Under(is_out=is_out) for _ in range(number)]


def test_a_lease_ends_here_before_it_ends_there() -> None:
    """A little before its time has passed since it was asked for."""
    clock = Clock()
    hold = Hold("worker/1", 30.0, clock.now, clock)
    found = []
    for clock.now in (1000.0, 1028.0, 1029.0):
        found.append(hold.is_held())

    assert [True, True, False] == found


def test_a_renewal_counts_when_the_next_one_comes() -> None:
    """For a job that was being written down in that moment has the end that the one before gave."""
    clock = Clock()
    hold = Hold("worker/1", 30.0, clock.now, clock)
    clock.now = 1010.0
    due = hold.is_due()
    hold.renewed(1010.0)
    at_once = hold.is_due()
    clock.now = 1029.0
    late = hold.is_held()
    hold.renewed(1029.0)

    assert (True, False, False) == (due, at_once, late)
    assert hold.is_held()


def test_it_knows_the_clock_of_the_database() -> None:
    """From the end of its leases, however wrong the machine's own clock is."""
    clock = Clock()
    hold = Hold("worker/1", 30.0, clock.now, clock)
    leased = Leased(**{**dict.fromkeys(Leased._fields), "lease_end": cast("Any", 5030.0)})
    hold.took([leased])
    clock.now += 7

    assert (5007.0, 5002.0) == (hold.now(), hold.at(1002.0))


def test_a_batch_is_renewed_until_all_of_it_is_done_with() -> None:
    """Each has a word of its own."""
    holds = Holds(30.0)
    first, second = holds.new(), holds.new()
    first.open = second.open = 2
    holds.done(first)
    one_left = holds.all()
    holds.done(first)

    assert [first, second] == one_left
    assert [second] == holds.all()
    assert first.owner != second.owner


def test_what_senders_have_in_hand_takes_no_room() -> None:
    """What waits for them does."""
    traffic = Traffic()
    traffic.serve(4)
    all_of_it = traffic.room(0.0)
    traffic.enter(parcels(20, is_out=True))
    still = traffic.room(0.0)
    waiting = parcels(6)
    traffic.enter(waiting)
    none = traffic.room(0.0)
    traffic.leave(waiting)

    assert (8, 8, 0, 8) == (all_of_it, still, none, traffic.room(0.0))
    assert (20, False) == (len(traffic.left()), traffic.is_empty(0.0))


def test_there_are_more_where_they_are_quick() -> None:
    """And fewer where they take long, but two for each sender."""
    traffic = Traffic()
    traffic.serve(3)
    for _ in range(20):
        traffic.took(0.001)
    quick = traffic.most
    for _ in range(50):
        traffic.took(0.5)

    assert (MOST, 6) == (quick, traffic.most)


def test_a_database_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """It is said once that it is gone, and once that it is back."""
    patience, failures = Patience(), [OutboxError("the outbox cannot be used")] * 3

    def act() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert "done" == patience.until_done(act)
    assert ["the outbox cannot be used; the worker waits for it", "the outbox can be used again"] == caplog.messages
    assert not patience.waiting


def test_waiting_can_be_given_up() -> None:
    """Then an action is tried once."""
    patience, tries = Patience(), []
    patience.given_up = True

    def act() -> None:
        tries.append(1)
        raise OutboxError("gone")

    with pytest.raises(GivenUpError, match="gone"):
        patience.until_done(act)
    assert [1] == tries
