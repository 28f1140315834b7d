"""The log of one database: what people ask it, and what providers tell it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, Unpack

from notify.database.checked import Checked
from notify.log import counting, finding, purging
from notify.log.filtering import Filter
from notify.log.sink import LogSink

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from notify.database import Database
    from notify.log.counting import Stats
    from notify.log.entry import Entry
    from notify.log.status import Status
    from notify.people import People
    from notify.suppression import SuppressionList


class Filters(TypedDict, total=False):
    """Which entries are meant; `notify.log.filtering.Filter` describes them. `status` is one or several."""

    to: str | None
    notification: str | None
    status: Status | str | Iterable[Status | str]
    message_id: str | None
    since: datetime | None
    until: datetime | None
    job: int | None


class Log:
    """What became of mails. Safe to share between threads, and to be found in a fork.

    Args:
        database: where it is.
        people: how people are named.
        suppressions: the list that learns who bounced, complained or unsubscribed; none does if left out.
    """

    def __init__(self, database: Database, people: People, suppressions: SuppressionList | None = None) -> None:
        self._database = database
        self._people = people
        self._suppressions = suppressions
        self._checked = Checked(database)

    def __repr__(self) -> str:
        return f"<Log {self._database.shown}>"

    @cached_property
    def sink(self) -> LogSink:
        """What keeps the events of webhooks: `WebhookApp(webhook, notifier.log.sink)`."""
        learn = None if self._suppressions is None else self._suppressions.learn
        return LogSink(self._database, self._people, learn)

    def find(self, *, limit: int = 50, before: int | None = None, **filters: Unpack[Filters]) -> list[Entry]:
        """Some entries with their events, the newest first.

        Args:
            limit: how many at most.
            before: only those of smaller numbers: the last of a page leads to the next.
            filters: which; all if none is given.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: its tables are not those of this notify, there is no such status, or a glob is to match
                addresses that are hashed.
        """
        return finding.find(self._checked(), self._people, _filter(filters), limit=limit, before=before)

    def get(self, entry: int) -> Entry | None:
        """The entry of that number; None if there is none (any more).

        Raises:
            OutboxError: the database cannot be used.
        """
        return next(iter(finding.find(self._checked(), self._people, Filter(id=entry), limit=1)), None)

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many entries there are of these.

        Raises:
            OutboxError, ConfigError: as `find`.
        """
        return finding.count(self._checked(), self._people, _filter(filters))

    def stats(self, *, since: datetime | None = None, by_notification: bool = True) -> Stats:
        """How mail is doing, in figures.

        Args:
            since: count only what was first heard of since.
            by_notification: whether to count by notification too, which takes longer.

        Raises:
            OutboxError: the database cannot be used.
        """
        return counting.stats(self._checked(), since=since, by_notification=by_notification)

    def purge(self, older_than: timedelta | float) -> int:
        """Delete the entries that were first heard of so long ago, and events as old; how many entries.

        Args:
            older_than: the time since then, in seconds if it is a number.

        Raises:
            OutboxError: the database cannot be used.
        """
        return purging.purge(self._checked(), _seconds(older_than))

    def purgeable(self, older_than: timedelta | float) -> int:
        """How many entries `purge` would delete.

        Raises:
            OutboxError: the database cannot be used.
        """
        return purging.purgeable(self._checked(), _seconds(older_than))


def _filter(filters: Filters) -> Filter:
    given = filters.get("status") or ()
    statuses = (given,) if isinstance(given, str) else tuple(given)
    rest = {name: value for name, value in filters.items() if name != "status"}
    return Filter(statuses=statuses, **rest)  # type: ignore[arg-type]  # the names are those of the filter


def _seconds(time: timedelta | float) -> float:
    return time if isinstance(time, (int, float)) else time.total_seconds()
