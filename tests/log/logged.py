"""Entries and events as the tests of the log need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from notify.feedback import Bounce, Event, Kind
from notify.log import Log, Record, Status, note
from notify.people import People

if TYPE_CHECKING:
    from notify.database import Database
    from notify.log import Entry

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE = "<1@acme.example>"
KEY = "a key that nobody guesses"


def a_record(status: Status = Status.SENT, **more: Any) -> Record:
    """A message to Ada that a server took."""
    given = {"message_id": ONE, "person": "ada@example.com", "status": status, "transport": "smtp", "attempts": 1}
    return Record(**{**given, **more})


def put(database: Database, *records: Record) -> None:
    """Have them in the log."""
    with database.writing() as connection:
        note(connection, records)


def an_event(number: int, kind: Kind = Kind.DELIVERED, **more: Any) -> Event:
    """An event about that message, so many seconds after noon."""
    given = {
        "kind": kind,
        "event_id": f"event-{number}",
        "at": AT + timedelta(seconds=number),
        "provider": "pigeon",
        "recipient": "Ada@example.com",
        "message_id": ONE,
        "bounce": Bounce.HARD if kind is Kind.BOUNCED else None,
    }
    return Event(**{**given, **more})


def entry_of(database: Database, people: People | None = None, **filters: Any) -> Entry:
    """The only entry that there is of these."""
    [entry] = Log(database, people or People()).find(**filters)
    return entry
