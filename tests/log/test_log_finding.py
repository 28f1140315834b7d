"""Looking at the log, counting it, and forgetting it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from log.logged import KEY, a_record, an_event, put
from sqlalchemy import func, select, update

from notify.database import Database
from notify.errors import ConfigError, OutboxError
from notify.feedback import Kind
from notify.log import RANKS, Log, LogSink, Status
from notify.log.tables import events, log
from notify.people import People

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

PEOPLE = People()


def numbered(number: int, **more: Any) -> dict[str, Any]:
    """What makes a record another one."""
    return {"message_id": f"<{number}@acme.example>", "person": f"p{number}@example.com", **more}


def age(database: Database, number: int, seconds: float) -> None:
    """Have an entry and its events be older."""
    message_id = f"<{number}@acme.example>"
    with database.writing() as connection:
        connection.execute(
            update(log).where(log.c.message_id == message_id).values(created_at=log.c.created_at - seconds)
        )
        connection.execute(
            update(events).where(events.c.message_id == message_id).values(received_at=events.c.received_at - seconds)
        )


def kept(database: Database) -> tuple[int, int]:
    """How many entries and events there are."""
    with database.reading() as connection:
        found = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (log, events)]
    return found[0], found[1]


def test_the_newest_first_page_by_page(database: Database) -> None:
    """With their events in the order of time, whoever told them first."""
    put(database, *(a_record(**numbered(number)) for number in range(5)))
    sink = LogSink(database, PEOPLE)
    for number in (3, 1, 2):
        sink.record([an_event(number, message_id="<4@acme.example>", recipient="P4@example.com")])
    first = Log(database, PEOPLE).find(limit=3)
    rest = Log(database, PEOPLE).find(limit=3, before=first[-1].id)

    assert [f"p{number}@example.com" for number in (4, 3, 2, 1, 0)] == [each.person for each in (*first, *rest)]
    assert ["event-1", "event-2", "event-3"] == [event.event_id for event in first[0].events]
    assert first[1] == Log(database, PEOPLE).get(first[1].id)
    assert Log(database, PEOPLE).get(999) is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [0, 1, 2, 3]),
        ({"to": "P1@Example.com"}, [1]),
        ({"to": "*@EXAMPLE.com"}, [0, 1, 2]),
        ({"notification": "billing.*"}, [1, 2]),
        ({"notification": "billing"}, []),
        ({"status": "failed"}, [2]),
        ({"status": ["failed", Status.SUPPRESSED]}, [2, 3]),
        ({"message_id": "<1@acme.example>"}, [1]),
        ({"message_id": "1@acme.example"}, [1]),
        ({"job": 7}, [0]),
        ({"since": datetime.now(UTC) - timedelta(hours=1)}, [0, 1, 2]),
        ({"until": datetime.now(UTC) - timedelta(hours=1)}, [3]),
        ({"to": "a_b@acme.example"}, [3]),
        ({"to": "a?b@acme.example"}, [3]),
        ({"to": "a_?@acme.example", "status": "failed"}, []),
    ],
    ids=lambda each: "-".join(each) or "all" if isinstance(each, dict) else "",
)
def test_which_are_meant(database: Database, filters: Any, found: list[int]) -> None:
    """All that is asked for must hold; what is counted is what is found."""
    put(
        database,
        a_record(**numbered(0, job=7)),
        a_record(**numbered(1, notification="billing.paid")),
        a_record(Status.FAILED, **numbered(2, notification="billing.due")),
        a_record(Status.SUPPRESSED, **numbered(3, person="a_b@acme.example")),
    )
    age(database, 3, 7200)
    entries = Log(database, PEOPLE).find(**filters)

    assert [f"<{number}@acme.example>" for number in reversed(found)] == [entry.message_id for entry in entries]
    assert len(found) == Log(database, PEOPLE).count(**filters)


@pytest.mark.parametrize("key", [None, KEY], ids=["clear", "hashed"])
@pytest.mark.parametrize("to", ["ada@bücher.example", "ADA@Bücher.example", "ada@xn--bcher-kva.example"])
def test_domains_of_other_letters_are_found(database: Database, to: str, key: str | None) -> None:
    """However the domain is written: entries have it as servers do."""
    people = People(key)
    put(database, a_record(person=people.name("ada@xn--bcher-kva.example")))

    assert 1 == Log(database, people).count(to=to)


def test_hashed_addresses_are_found_whole(database: Database) -> None:
    """A part of one cannot be, which is said."""
    people = People(KEY)
    put(database, a_record(person=people.name("ada@example.com")))

    assert 1 == Log(database, people).count(to="ADA@example.com")
    assert 1 == Log(database, people).count(to=people.name("ada@example.com"))
    with pytest.raises(ConfigError, match="addresses are hashed, so that none can be found by a part"):
        Log(database, people).find(to="*@example.com")


def test_no_such_status(database: Database) -> None:
    """What was probably meant is said."""
    with pytest.raises(ConfigError, match=r"log: there is no status 'bounce' \(did you mean 'bounced'"):
        Log(database, PEOPLE).find(status="bounce")


def test_figures(database: Database) -> None:
    """By status, by notification, and of events; since a time, if one is given."""
    put(
        database,
        a_record(**numbered(0, notification="hello")),
        a_record(Status.FAILED, **numbered(1, notification="hello")),
        a_record(**numbered(2)),
    )
    LogSink(database, PEOPLE).record(
        [
            an_event(1, Kind.BOUNCED, message_id="<0@acme.example>", recipient="p0@example.com"),
            an_event(2, message_id="<9@acme.example>"),
        ]
    )
    stats = Log(database, PEOPLE).stats()
    brief = Log(database, PEOPLE).stats(by_notification=False)
    later = Log(database, PEOPLE).stats(since=datetime.now(UTC) + timedelta(hours=1))

    assert {"failed": 1, "sent": 1, "bounced": 1} == {
        str(status): number for status, number in stats.statuses.items() if number
    }
    assert {"hello": {"failed": 1, "bounced": 1}, None: {"sent": 1}} == stats.notifications
    assert (2, {"pigeon": 1}) == (stats.events, stats.unknown)
    assert (stats.statuses, {}) == (brief.statuses, brief.notifications)
    assert stats.last_event is not None
    assert (0, 0, {}, None) == (sum(later.statuses.values()), later.events, later.unknown, later.last_event)


def test_what_is_old_is_forgotten(database: Database) -> None:
    """Entries and events, each by its own age: a late event is not taken for a new one when it is told again."""
    put(database, *(a_record(**numbered(number)) for number in range(3)))
    told = [
        an_event(number, message_id=f"<{number}@acme.example>", recipient=f"p{number}@example.com")
        for number in range(3)
    ]
    LogSink(database, PEOPLE).record(told)
    age(database, 0, 3600)
    with database.writing() as connection:
        connection.execute(
            update(log).where(log.c.message_id == "<1@acme.example>").values(created_at=log.c.created_at - 3600)
        )
    seen = Log(database, PEOPLE)
    purgeable, deleted = seen.purgeable(1800), seen.purge(timedelta(minutes=30))

    assert (2, 2, (1, 2)) == (purgeable, deleted, kept(database))
    assert 1 == LogSink(database, PEOPLE).record(told[1:2]).duplicates
    assert (1, (0, 0)) == (seen.purge(0), kept(database))


def test_much_is_forgotten_in_parts(database: Database) -> None:
    """A thousand at a time, all of them."""
    put(database, *(a_record(**numbered(number)) for number in range(2500)))

    assert (2500, (0, 0)) == (Log(database, PEOPLE).purge(0), kept(database))


def test_a_new_file_gets_its_tables(tmp_path: Path) -> None:
    """Nobody has to make them first; a server without tables says what to do."""
    database = Database("sqlite:///new.db", tmp_path)

    assert [] == Log(database, PEOPLE).find()
    database.close()


def test_a_server_that_is_gone(tmp_path: Path) -> None:
    """One clear error."""
    seen = Log(Database("postgresql://nobody@127.0.0.1:1/none", tmp_path), PEOPLE)

    with pytest.raises(OutboxError, match="cannot be used"):
        seen.find()
    with pytest.raises(OutboxError, match="cannot be used"):
        seen.sink.record([an_event(1)])


def test_every_status_has_a_rank() -> None:
    """And every kind of event a status, but those that say nothing of the mail."""
    from notify.log.status import status_of

    assert set(Status) == set(RANKS)
    assert {Kind.UNSUBSCRIBED, Kind.RESUBSCRIBED} == {kind for kind in Kind if status_of(kind, machine=False) is None}
