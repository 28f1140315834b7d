"""How the outbox is doing, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, bindparam, case, func, select

from notify.database.tables import now
from notify.outbox.job import STATES
from notify.outbox.operating.filtering import parts_of
from notify.outbox.tables import ENDED, LEASED, SUSPECT, UNBLAMED, jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Select

    from notify.database import Database

_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What there is, counted.

    Attributes:
        states: how many jobs there are of each state.
        notifications: of those that are not sent, how many there are of each state, by notification; None stands for
            messages that were built by hand.
        due: how many are due now and wait for a worker.
        oldest_due: for how many seconds the first of them has been due; None if there is none.
        next_due: in how many seconds the next is due, if none is now; None if none waits.
        sent_last_minute: how many were sent in the last 60 seconds.
        sent_last_hour: how many in the last 3600.
        mean_attempts: how many attempts each of the latter took; None if there was none.
        lost: how many wait for another worker, since one was lost with them.
        overdue: how many a worker has whose lease has ended.
    """

    states: Mapping[str, int]
    notifications: Mapping[str | None, Mapping[str, int]]
    due: int
    oldest_due: float | None
    next_due: float | None
    sent_last_minute: int
    sent_last_hour: int
    mean_attempts: float | None
    lost: int
    overdue: int


def _counted(condition: ColumnElement[bool], time: ColumnElement[float], at: ColumnElement[Any]) -> Select[Any]:
    """How many rows there are, how many of their times are past, and the soonest."""
    counted: list[ColumnElement[Any]] = [
        func.count().label("number"),
        func.sum(case((time <= at, 1), else_=0)).label("due"),
        func.min(time).label("soonest"),
    ]
    return select(*counted).where(condition)


_AT: ColumnElement[Any] = bindparam("at", type_=Double())
_UNBLAMED = _counted(UNBLAMED, jobs.c.due_at, _AT)
_SUSPECT = _counted(SUSPECT, jobs.c.due_at, _AT)
_LEASED = _counted(LEASED, jobs.c.lease_end, _AT)
_LATELY = jobs.c.changed_at >= bindparam("hour", type_=Double())
_ENDED = (
    select(
        jobs.c.state,
        func.count().label("number"),
        func.sum(case((jobs.c.changed_at >= bindparam("minute", type_=Double()), 1), else_=0)).label("in_minute"),
        func.sum(case((_LATELY, 1), else_=0)).label("in_hour"),
        func.avg(case((_LATELY, jobs.c.attempts))).label("mean"),
    )
    .where(ENDED)
    .group_by(jobs.c.state)
)
_BY_NOTIFICATION = {
    state: [
        select(jobs.c.notification, func.count()).where(*part).group_by(jobs.c.notification) for part in parts_of(state)
    ]
    for state in STATES
    if state != "sent"
}


def stats(database: Database) -> Stats:
    """Count everything. Of those that were sent an index is read, of all others the rows.

    Raises:
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        at = connection.execute(select(now())).scalar_one()
        fresh, suspect = (connection.execute(each, {"at": at}).one() for each in (_UNBLAMED, _SUSPECT))
        leased = connection.execute(_LEASED, {"at": at}).one()
        ended = {row.state: row for row in connection.execute(_ENDED, {"minute": at - _MINUTE, "hour": at - _HOUR})}
        notifications = _notifications(connection)
    sent = ended.get("sent")
    waiting = [each.soonest for each in (fresh, suspect) if each.soonest is not None]
    soonest = min(waiting, default=None)
    figures = {state: row.number for state, row in ended.items()}
    figures |= {"queued": fresh.number + suspect.number, "leased": leased.number}
    return Stats(
        states={state: figures.get(state, 0) for state in STATES},
        notifications=notifications,
        due=(fresh.due or 0) + (suspect.due or 0),
        oldest_due=at - soonest if soonest is not None and soonest <= at else None,
        next_due=soonest - at if soonest is not None and soonest > at else None,
        sent_last_minute=sent.in_minute if sent else 0,
        sent_last_hour=sent.in_hour if sent else 0,
        mean_attempts=float(sent.mean) if sent and sent.mean is not None else None,
        lost=suspect.number,
        overdue=leased.due or 0,
    )


def _notifications(connection: Connection) -> dict[str | None, dict[str, int]]:
    found: dict[str | None, dict[str, int]] = {}
    for state, statements in _BY_NOTIFICATION.items():
        for statement in statements:
            for name, number in connection.execute(statement):
                counts = found.setdefault(name, {})
                counts[state] = counts.get(state, 0) + number
    return {name: found[name] for name in sorted(found, key=lambda name: (name is None, name))}
