"""Writing down what became of leased jobs."""

from __future__ import annotations

from itertools import starmap
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import JSON, BigInteger, Double, Integer, Text, bindparam, case, cast, column, func, select, update

from notify.database.tables import now
from notify.fitting import fit
from notify.log.writing import note
from notify.outbox.history import appended, compact
from notify.outbox.leasing import FREE_OF_THESE
from notify.outbox.tables import LEASED, jobs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.dml import ReturningUpdate
    from sqlalchemy.types import TypeEngine

    from notify.database import Database
    from notify.log.record import Record

_NOTHING: Mapping[int, Sequence[Record]] = MappingProxyType({})


class Settlement(NamedTuple):
    """What became of a job that its owner had.

    Attributes:
        job: its id.
        owner: the lease under which it was done; where that was lost, nothing is written.
        state: `sent`, `failed`, `dead` or `cancelled`; or `queued`, for another try.
        entry: what happened, as `notify.outbox.history.entry` makes it; None if the history says so already.
        reason: why it is not sent, in a line.
        delay: seconds until another try.
        pending: the recipients that are left, as a JSON list; None for all.
        forgiven: whether the attempt does not count.
        group: whether it is the leader of a digest, whose jobs share its fate.
    """

    job: int
    owner: str
    state: str
    entry: str | None
    reason: str | None = None
    delay: float = 0.0
    pending: str | None = None
    forgiven: bool = False
    group: bool = False


def settle(
    database: Database, settlements: Sequence[Settlement], records: Mapping[int, Sequence[Record]] = _NOTHING
) -> set[int]:
    """Write all of them in one transaction; the ids of those that were still their owner's.

    Args:
        database: the outbox.
        settlements: what became of each.
        records: what the delivery log is told, by job; nothing of those that had been lost.

    Raises:
        OutboxError: the database cannot be used; none was written, unless it was lost at the very end.
    """
    if not settlements:
        return set()
    rows = [
        {
            "job": each.job,
            "lease": each.owner,
            "to": each.state,
            "entry": each.entry,
            "why": None if each.reason is None else fit(each.reason),
            "delay": each.delay,
            "left": each.pending,
            "forgiven": int(each.forgiven),
        }
        for each in settlements
    ]
    leaders = {each.job: row for each, row in zip(settlements, rows, strict=True) if each.group}
    with database.writing() as connection:
        if leaders:
            members = connection.execute(_MEMBERS, {"leaders": list(leaders)})
            rows += [{**leaders[row.leader], "job": row.id} for row in members]
        written = set(connection.execute(_SETTLE[database.dialect], {"rows": compact(rows)}).scalars())
        if ended := [job for job, row in leaders.items() if row["to"] != "queued" and job in written]:
            # Once its definition has no digest, a leader goes without the others.
            connection.execute(FREE_OF_THESE, {"leaders": ended})
        if told := [record for job, own in records.items() if job in written for record in own]:
            note(connection, told)
    return written


_MEMBERS = select(jobs.c.id, jobs.c.leader).where(
    jobs.c.leader.in_(bindparam("leaders", expanding=True)), jobs.c.leader != jobs.c.id, LEASED
)
_ROWS: dict[str, TypeEngine[Any]] = {
    "job": BigInteger(),
    "lease": Text(),
    "to": Text(),
    "entry": Text(),
    "why": Text(),
    "delay": Double(),
    "left": Text(),
    "forgiven": Integer(),
}


def _of_sqlite() -> Mapping[str, ColumnElement[Any]]:
    value = func.json_each(bindparam("rows")).table_valued("value").c.value
    return {name: func.json_extract(value, f"$.{name}", type_=kind) for name, kind in _ROWS.items()}


def _of_postgresql() -> Mapping[str, ColumnElement[Any]]:
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text()), JSON()))
    given = rows.table_valued(*starmap(column, _ROWS.items())).render_derived(name="given", with_types=True)
    return {name: given.c[name] for name in _ROWS}


def _settling(row: Mapping[str, ColumnElement[Any]]) -> ReturningUpdate[Any]:
    """One statement for all rows, which stand in a JSON document."""
    return (
        update(jobs)
        .where(jobs.c.id == row["job"], jobs.c.owner == row["lease"])
        .values(
            state=row["to"],
            due_at=case((row["to"] == "queued", now() + row["delay"]), else_=jobs.c.due_at),
            changed_at=now(),
            owner=None,
            lease_end=None,
            begun_at=None,
            losses=0,
            pending=row["left"],
            reason=row["why"],
            attempts=jobs.c.attempts - row["forgiven"],
            history=case((row["entry"].is_(None), jobs.c.history), else_=appended(row["entry"])),
        )
        .returning(jobs.c.id)
    )


_SETTLE = {"sqlite": _settling(_of_sqlite()), "postgresql": _settling(_of_postgresql())}
