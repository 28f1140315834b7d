"""Writing down what became of messages, within somebody's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, Text, and_, case, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from notify.database.tables import now
from notify.fitting import fit
from notify.log.given import FRESH_PLANS, ROWS, document, for_each_dialect, one_by_one
from notify.log.identifiers import identifier
from notify.log.matching import find_rows, moves_of
from notify.log.moving import move, rank_of
from notify.log.tables import WAITING, events, log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection

    from notify.log.record import Record

LOCK = 0x6E6F746C6F67
"""Held by who writes rows, shared, and by who is about to keep an event that has none, alone: one sees the other."""


def note(connection: Connection, records: Iterable[Record]) -> None:
    """Write down what became of messages, and what events said of them that came before.

    Args:
        connection: a transaction of the database that the log is in.
        records: in the order in which it came to be so.
    """
    dialect = connection.dialect.name
    waves = list(_waves(records))
    if not waves:
        return
    if dialect == "postgresql":
        connection.exec_driver_sql(f"SELECT {FRESH_PLANS}, pg_advisory_xact_lock_shared({LOCK})")
    for wave in waves:
        # Where others may write the same rows: in one order everywhere, so that one waits for the other.
        rows = [_row(wave[key]) for key in (sorted(wave) if dialect == "postgresql" else wave)]
        connection.execute(_NOTE[dialect], {ROWS: document(rows)})
    _adopt(connection, [record for wave in waves for record in wave.values()])


def _waves(records: Iterable[Record]) -> Iterator[dict[tuple[str, str], Record]]:
    """The records in parts, in none of which a message and recipient are twice."""
    wave: dict[tuple[str, str], Record] = {}
    for record in records:
        key = (record.message_id, record.person)
        if key in wave:
            yield wave
            wave = {}
        wave[key] = record
    if wave:
        yield wave


def _row(record: Record) -> dict[str, Any]:
    row = {name: fit(value) if isinstance(value := getattr(record, name), str) else value for name in _TYPES}
    return {**row, "provider_id": identifier(record.provider_id)}


def _adopt(connection: Connection, records: Iterable[Record]) -> None:
    """Let events that came before their rows have them."""
    asked = [{"message_id": each.message_id, "provider_id": each.provider_id} for each in records]
    rows = connection.execute(_WAITING[connection.dialect.name], {ROWS: document(asked)})
    waiting = [row._asdict() for row in rows]
    if not waiting:
        return
    found = find_rows(connection, waiting)
    move(connection, (each for position, own in found.items() for each in moves_of(waiting[position], own.rows)))
    for position, own in found.items():
        known = {"known": 1, "message_id": own.message_id}
        connection.execute(update(events).where(events.c.id == waiting[position]["id"]).values(known))


def _noting(insert: Any) -> Any:
    def make(row: Mapping[str, ColumnElement[Any]]) -> Any:
        values = {**row, "created_at": now(), "changed_at": now()}
        chosen = select(*(value.label(name) for name, value in values.items())).where(text("true"))
        statement = insert(log).from_select(list(values), chosen)
        given = statement.excluded
        rank, other = rank_of(log.c.status), rank_of(given.status)
        # Of what it says itself, who sends knows the order.
        counts = or_(rank < other, and_(rank == other, log.c.changed_at <= given.changed_at))
        decided = {name: case((counts, given[name]), else_=log.c[name]) for name in ("status", "reason", "changed_at")}
        latest = {name: func.coalesce(given[name], log.c[name]) for name in ("transport", "provider_id", "job")}
        more = case((given.attempts > log.c.attempts, given.attempts), else_=log.c.attempts)
        return statement.on_conflict_do_update(
            index_elements=["message_id", "person"], set_={**decided, **latest, "attempts": more}
        )

    return make


_TYPES: dict[str, Any] = {
    **dict.fromkeys(
        ("message_id", "person", "status", "reason", "notification", "category", "transport", "provider_id"), Text()
    ),
    "job": BigInteger(),
    "attempts": Integer(),
}
_NOTE = for_each_dialect(_TYPES, _noting(sqlite.insert), _noting(postgresql.insert))


def _waiting(row: Mapping[str, ColumnElement[Any]]) -> Any:
    by_message = select(events).where(_WANTED, events.c.message_id.in_(select(row["message_id"])))
    by_provider = select(events).where(WAITING, events.c.provider_id.in_(select(row["provider_id"])))
    return by_message.union(by_provider).order_by("id")


def _waiting_one_by_one(row: Mapping[str, ColumnElement[Any]]) -> Any:
    own, others = row["message_id"], row["provider_id"]
    by_message = one_by_one(select(events).where(_WANTED, events.c.message_id == own), own)
    by_provider = one_by_one(select(events).where(WAITING, events.c.provider_id == others), others)
    return by_message.union(by_provider).order_by("id")


# One about everybody has found those whose rows were there.
_WANTED = or_(WAITING, events.c.person.is_(None))
_IDS: dict[str, Any] = {"message_id": Text(), "provider_id": Text()}
_WAITING = for_each_dialect(_IDS, _waiting, _waiting_one_by_one)
