"""Finding the rows that events are about, and what the events say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, Text, and_, or_, select

from notify.log.given import ROWS, document, for_each_dialect, one_by_one
from notify.log.moving import Move
from notify.log.status import reason_of, status_of
from notify.log.tables import log

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select
    from sqlalchemy.types import TypeEngine


class Found(NamedTuple):
    """The rows of an event, and the Message-ID that they have."""

    message_id: str
    rows: tuple[int, ...]


def find_rows(connection: Connection, events: Sequence[Mapping[str, Any]]) -> dict[int, Found]:
    """The rows of events, by the position of each; an event that has none is not in there.

    They are those of the Message-ID and the recipient; where there are none, those of the provider's id and the
    recipient. An event without a recipient is about every row of its message.

    Args:
        connection: a transaction.
        events: with `message_id`, `person` and `provider_id`.
    """
    found = _ask(connection, _BY_MESSAGE, events, range(len(events)), "message_id")
    rest = [position for position in range(len(events)) if position not in found]
    return found | _ask(connection, _BY_PROVIDER, events, rest, "provider_id")


def moves_of(event: Mapping[str, Any], rows: tuple[int, ...]) -> Iterator[Move]:
    """What an event says of its rows."""
    status = status_of(event["kind"], machine=bool(event["machine"]))
    if status is not None:
        reason = reason_of(status, event["reason"], event["classification"])
        yield from (Move(row, status, event["at"], reason) for row in rows)


def _ask(
    connection: Connection,
    statement: Mapping[str, Select[Any]],
    events: Sequence[Mapping[str, Any]],
    positions: Sequence[int],
    name: str,
) -> dict[int, Found]:
    asked = [
        {"n": position, "id": given, "person": events[position]["person"]}
        for position in positions
        if (given := events[position][name])
    ]
    if not asked:
        return {}
    found: dict[int, Found] = {}
    for position, row, message_id in connection.execute(
        statement[connection.dialect.name], {ROWS: document(asked)}
    ).all():
        before = found.get(position)
        found[position] = Found(message_id, (*(before.rows if before else ()), row))
    return found


def _finding(column: ColumnElement[Any]) -> Mapping[str, Any]:
    def is_its(event: Mapping[str, ColumnElement[Any]]) -> ColumnElement[bool]:
        return and_(column == event["id"], or_(event["person"].is_(None), log.c.person == event["person"]))

    def joined(event: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
        return select(event["n"].label("n"), log.c.id, log.c.message_id).where(is_its(event))

    def looked_up(event: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
        return one_by_one(select(log.c.id, log.c.message_id).where(is_its(event)), event["n"], event["n"])

    types: dict[str, TypeEngine[Any]] = {"n": Integer(), "id": Text(), "person": Text()}
    return for_each_dialect(types, joined, looked_up)


_BY_MESSAGE = _finding(log.c.message_id)
_BY_PROVIDER = _finding(log.c.provider_id)
