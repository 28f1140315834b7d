"""Keeps events in the outbox's database, with what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, Integer, SmallInteger, Text, select, text
from sqlalchemy.dialects import postgresql, sqlite

from notify.database.checked import Checked
from notify.database.tables import now
from notify.feedback import Recorded
from notify.log.given import FRESH_PLANS, ROWS, document, for_each_dialect
from notify.log.happening import row_of
from notify.log.matching import find_rows, moves_of
from notify.log.moving import move
from notify.log.tables import events
from notify.log.writing import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from notify.database import Database
    from notify.feedback import Event
    from notify.people import People

    Effects = Callable[[Connection, Sequence[Event]], object]

_Key = tuple[str, str]


class LogSink:
    """A sink of webhooks, which keeps each event once and moves the rows that it is about. Safe to share.

    Args:
        database: where the log is.
        people: how people are named.
        effects: does what follows from new events for the list of people who are not written to, in the same
            transaction; nothing if left out.
    """

    def __init__(self, database: Database, people: People, effects: Effects | None = None) -> None:
        self._checked = Checked(database)
        self._people = people
        self._effects = effects

    def record(self, events: Sequence[Event]) -> Recorded:
        """See `notify.feedback.Sink`.

        Raises:
            OutboxError: the database cannot be used; nothing was kept.
            ConfigError: nor can its tables.
        """
        given: dict[_Key, Event] = {}
        rows: dict[_Key, dict[str, Any]] = {}
        for event in events:
            row = row_of(event, self._people)
            key = (row["provider"], row["event_id"])
            given.setdefault(key, event)
            rows.setdefault(key, row)
        if not rows:
            return Recorded()
        with self._checked().writing() as connection:
            # In one order everywhere, so that of two that meet one waits for the other.
            fresh = _keep(connection, [rows[key] for key in sorted(rows)])
            if self._effects is not None and fresh:
                self._effects(connection, [event for key, event in given.items() if key in fresh])
        return Recorded(
            new=tuple(event for key, event in given.items() if fresh.get(key) is True),
            duplicates=len(events) - len(fresh),
            unknown=tuple(event for key, event in given.items() if fresh.get(key) is False),
        )


def _keep(connection: Connection, rows: Sequence[dict[str, Any]]) -> dict[_Key, bool]:
    """Keep those that were not there, and move what they are about; of each whether that is known."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(f"SELECT {FRESH_PLANS}")
    found = find_rows(connection, rows)
    if dialect == "postgresql" and len(found) < len(rows):
        # Who is just writing the missing rows has committed when this is ours, or sees these events.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        found = find_rows(connection, rows)
    for position, row in enumerate(rows):
        row["known"] = int(position in found)
        if position in found:
            row["message_id"] = found[position].message_id
    made = connection.execute(_INSERT[dialect], {ROWS: document(rows)})
    new = {(provider, event_id) for provider, event_id in made.all()}
    fresh = {key: position for position, row in enumerate(rows) if (key := (row["provider"], row["event_id"])) in new}
    known = [position for position in fresh.values() if position in found]
    move(connection, (each for position in known for each in moves_of(rows[position], found[position].rows)))
    return {key: position in found for key, position in fresh.items()}


def _inserting(insert: Any) -> Any:
    def make(row: Mapping[str, ColumnElement[Any]]) -> Any:
        values = {**row, "received_at": now()}
        chosen = select(*(value.label(name) for name, value in values.items())).where(text("true"))
        statement = insert(events).from_select(list(values), chosen).on_conflict_do_nothing()
        return statement.returning(events.c.provider, events.c.event_id)

    return make


_TYPES: dict[str, Any] = {
    **dict.fromkeys(
        (
            "provider", "event_id", "message_id", "person", "provider_id", "kind", "bounce", "reason", "enhanced_code",
            "classification", "topic", "url",
        ),
        Text(),
    ),
    "at": Double(),
    "code": Integer(),
    **dict.fromkeys(("machine", "known"), SmallInteger()),
}  # fmt: skip
_INSERT = for_each_dialect(_TYPES, _inserting(sqlite.insert), _inserting(postgresql.insert))
