"""Moving rows of the log forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Double,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    collate,
    literal_column,
    or_,
    select,
    update,
)

from notify.log.given import ROWS, document, for_each_dialect
from notify.log.status import RANKS, Status
from notify.log.tables import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.sql.dml import Update
    from sqlalchemy.types import TypeEngine


class Move(NamedTuple):
    """A word about a row.

    Attributes:
        row: the row's id.
        status: what it says.
        at: when it came to that, in seconds of the epoch.
        reason: why, in a line.
    """

    row: int
    status: Status
    at: float
    reason: str

    @property
    def weight(self) -> tuple[int, float, str]:
        """What decides which of two words counts; no two that differ weigh the same."""
        return RANKS[self.status], self.at, self.reason


def move(connection: Connection, moves: Iterable[Move]) -> None:
    """Let each row have the weightiest word that was ever said of it."""
    best: dict[int, Move] = {}
    for each in moves:
        if (known := best.get(each.row)) is None or known.weight < each.weight:
            best[each.row] = each
    if not best:
        return
    dialect = connection.dialect.name
    if dialect == "postgresql":  # in one order everywhere, so that of two that meet one waits for the other
        connection.execute(_LOCK, {"ids": list(best)}).all()
    rows = [
        {"row": each.row, "to": each.status, "rank": RANKS[each.status], "at": each.at, "why": each.reason}
        for each in best.values()
    ]
    connection.execute(_MOVE[dialect], {ROWS: document(rows)})


def rank_of(status: ColumnElement[Any]) -> ColumnElement[int]:
    """The rank of a status, in SQL; written out, as so many parameters take longer than the rest."""
    known = [
        (literal_column(f"'{each}'", Text()), literal_column(str(rank), Integer())) for each, rank in RANKS.items()
    ]
    return case(*known, value=status, else_=literal_column("0", Integer()))


def _moving(row: Mapping[str, ColumnElement[Any]], collation: str) -> Update:
    rank = rank_of(log.c.status)
    return (
        update(log)
        .where(
            log.c.id == row["row"],
            or_(
                rank < row["rank"],
                and_(rank == row["rank"], log.c.changed_at < row["at"]),
                and_(
                    rank == row["rank"],
                    log.c.changed_at == row["at"],
                    collate(log.c.reason, collation) < row["why"],
                ),
            ),
        )
        .values(status=row["to"], reason=row["why"], changed_at=row["at"])
    )


_TYPES: dict[str, TypeEngine[Any]] = {
    "row": BigInteger(),
    "to": Text(),
    "rank": Integer(),
    "at": Double(),
    "why": Text(),
}
# By code points, as Python compares.
_MOVE = for_each_dialect(_TYPES, lambda row: _moving(row, "BINARY"), lambda row: _moving(row, "C"))
_LOCK = (
    select(log.c.id)
    .where(log.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(log.c.message_id, log.c.person)
    .with_for_update()
)
