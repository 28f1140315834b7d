"""Looking at jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from outbox.operated import put

from notify.errors import ConfigError
from notify.outbox.job import STATES
from notify.outbox.operating import Filter, count, find, get

if TYPE_CHECKING:
    from typing import Any

    from notify.database import Database


def ids(database: Database, limit: int = 50, before: int | None = None, **filters: Any) -> list[int]:
    """The numbers of those that a filter finds."""
    found = find(database, Filter(**filters), limit=limit, before=before)

    assert count(database, Filter(**filters)) >= len(found)
    return [job.id for job in found]


def test_the_newest_first_page_by_page(database: Database) -> None:
    """Each page begins where the one before ended."""
    put_in = [put(database) for _ in range(7)]
    first = ids(database, limit=3)
    second = ids(database, limit=3, before=first[-1])
    third = ids(database, limit=3, before=second[-1])

    assert put_in[::-1] == [*first, *second, *third]
    assert [] == ids(database, before=third[-1])


def test_by_state(database: Database) -> None:
    """One state or several, page by page too; those of any state are found by their numbers."""
    by_state = {state: [put(database, state=state) for _ in range(2)] for state in STATES}

    for state in STATES:
        assert by_state[state][::-1] == ids(database, states=(state,))
        assert by_state[state][1:] == ids(database, states=(state, state), limit=1)
        assert by_state[state][:1] == ids(database, states=(state,), before=by_state[state][1])
        assert 2 == count(database, Filter(states=(state,)))
    both = sorted([*by_state["queued"], *by_state["dead"]], reverse=True)
    assert both == ids(database, states=("queued", "dead"))
    assert both[:3] == ids(database, states=("queued", "dead"), limit=3)
    assert by_state["dead"][:1] == ids(database, states=("dead",), ids=(by_state["dead"][0], by_state["sent"][0]))
    assert 2 * len(STATES) == count(database)


def test_by_what_they_are(database: Database) -> None:
    """Id or glob of the notification, address in any case or glob, key, priority."""
    first = put(database, notification="billing.paid", recipient="Ada@Example.com", key="order:1", priority=0)
    second = put(database, notification="billing_paid", recipient="bob@acme.example", key="order_2")
    third = put(database, notification=None, recipient="ädä%x@acme.example", state="sent")

    assert [first] == ids(database, notification="billing.paid")
    assert [first] == ids(database, notification="billing.*")
    assert [second] == ids(database, notification="billing_*")
    assert [second, first] == ids(database, notification="billing?paid")
    assert [first] == ids(database, to="ada@EXAMPLE.com")
    assert [third, second] == ids(database, to="*@ACME.example")
    assert [third] == ids(database, to="ädä%x@acme.example")
    assert [] == ids(database, to="ada_example.com")
    assert [first] == ids(database, key="order:1")
    assert [second, first] == ids(database, key="order*")
    assert [first] == ids(database, priority="high")
    assert [] == ids(database, priority="high", states=("sent",))


def test_by_time(database: Database) -> None:
    """When they were put in, and when they are due."""
    old = put(database, age=7200, due_in=-7200)
    new = put(database, due_in=3600)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)

    assert [new] == ids(database, since=hour_ago)
    assert [old] == ids(database, until=hour_ago)
    assert [old] == ids(database, due_before=hour_ago)
    assert [new, old] == ids(database, due_before=hour_ago + timedelta(hours=3))
    assert [] == ids(database, since=hour_ago, until=hour_ago)


def test_many_numbers(database: Database) -> None:
    """More than a statement takes parameters, and one that is none."""
    job = put(database)

    assert [job] == ids(database, ids=tuple(range(job, job + 70_000)))
    assert [] == ids(database, ids=(10**30,))


def test_one(database: Database) -> None:
    """A job has all that its row has; of one that there is not there is nothing."""
    job = get(database, put(database, pending=["b@example.com"], blobs=["d1"], history=[{"at": 1.0, "event": "lost"}]))

    assert job is not None
    assert ("hello", '{"name":"Ada"}', ("b@example.com",), ("d1",)) == (
        job.notification,
        job.params,
        job.pending,
        job.blobs,
    )
    assert ({"at": 1.0, "event": "lost"},) == job.history
    assert abs(job.created_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert get(database, 0) is None


def test_listings_leave_out_what_is_large(database: Database) -> None:
    """The rest is the same."""
    job = put(database, frozen="x" * 1000, reason="no", state="dead")
    [brief] = find(database, whole=False)

    assert (job, "dead", "no") == (brief.id, brief.state, brief.reason)
    assert (None, None, None, (), ()) == (brief.params, brief.call, brief.frozen, brief.blobs, brief.history)


def test_words_that_are_none() -> None:
    """The message says which there are."""
    with pytest.raises(ConfigError, match=r"there is no state 'sended' \(did you mean 'sent'\?"):
        Filter(states=("sended",))
    with pytest.raises(ConfigError, match=r"there is no priority 'urgent'"):
        Filter(priority="urgent")
