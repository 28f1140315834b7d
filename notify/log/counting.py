"""How mail is doing, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, null, select

from notify.log.status import Status
from notify.log.tables import WAITING, events, log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

    from notify.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What there is, counted.

    Attributes:
        statuses: how many entries there are of each status.
        notifications: the same by notification; None stands for messages that were built by hand.
        events: how many events were kept.
        unknown: how many of them are about messages that nobody knows; by provider.
        last_event: when the latest event came; None if there is none.
    """

    statuses: Mapping[Status, int]
    notifications: Mapping[str | None, Mapping[Status, int]]
    events: int
    unknown: Mapping[str, int]
    last_event: datetime | None


def stats(database: Database, *, since: datetime | None = None, by_notification: bool = True) -> Stats:
    """Count everything that was first heard of since a time.

    Args:
        database: where it is.
        since: the time; aware. None for everything.
        by_notification: whether it is counted by notification too, for which each row is read.

    Raises:
        OutboxError: the database cannot be used.
    """
    entries: list[ColumnElement[bool]] = [] if since is None else [log.c.created_at >= since.timestamp()]
    told: list[ColumnElement[bool]] = [] if since is None else [events.c.received_at >= since.timestamp()]
    name = log.c.notification if by_notification else null()
    groups = [log.c.notification, log.c.status] if by_notification else [log.c.status]
    with database.reading() as connection:
        counted = connection.execute(select(name, log.c.status, func.count()).where(*entries).group_by(*groups)).all()
        number, last = connection.execute(select(func.count(), func.max(events.c.received_at)).where(*told)).one()
        unknown = connection.execute(
            select(events.c.provider, func.count())
            .where(WAITING, *told)
            .group_by(events.c.provider)
            .order_by(events.c.provider)
        ).all()
    notifications: dict[str | None, dict[Status, int]] = {}
    for kind, status, many in sorted(counted, key=lambda row: (row[0] is None, row[0] or "")):
        notifications.setdefault(kind, {})[Status(status)] = many
    return Stats(
        statuses={each: sum(counts.get(each, 0) for counts in notifications.values()) for each in Status},
        notifications=notifications if by_notification else {},
        events=number,
        unknown={row[0]: row[1] for row in unknown},
        last_event=None if last is None else datetime.fromtimestamp(last, UTC),
    )
