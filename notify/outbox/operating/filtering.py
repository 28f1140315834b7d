"""Which jobs are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, func, literal_column, or_

from notify.database.globs import is_like
from notify.errors import ConfigError
from notify.outbox.job import PRIORITIES, STATES
from notify.outbox.tables import ENDED, LEASED, QUEUED, SUSPECT, UNBLAMED, jobs
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

    Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What jobs have in common; whatever is not given is any.

    Attributes:
        states: some of `STATES`.
        notification: the notification's id, or a glob such as `billing.*`.
        to: the address of the first recipient, or a glob such as `*@acme.example`; capitals do not matter.
        key: the idempotency key, or a glob.
        since: put in at this time or later; aware.
        until: put in before this time; aware.
        due_before: due before this time; aware.
        priority: high, normal or low.
        ids: numbers of jobs; empty for any.

    Raises:
        ConfigError: there is no such state or priority.
    """

    states: tuple[str, ...] = ()
    notification: str | None = None
    to: str | None = None
    key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    due_before: datetime | None = None
    priority: str | None = None
    ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for word, kind, known in (
            *((state, "state", STATES) for state in self.states),
            *((priority, "priority", PRIORITIES) for priority in (self.priority,) if priority is not None),
        ):
            if word not in known:
                raise ConfigError(f"outbox: there is no {kind} {word!r} ({did_you_mean(word, known)})")

    def conditions(self) -> list[Condition]:
        """What a row fulfils that is meant; `in_state` has the rest."""
        return list(self._conditions())

    def _conditions(self) -> Iterator[Condition]:
        if self.ids:
            # As literals: a database takes only so many parameters.
            yield jobs.c.id.in_(bindparam("ids", list(self.ids), expanding=True, literal_execute=True, unique=True))
        if self.notification is not None:
            yield is_like(jobs.c.notification, self.notification)
        if self.to is not None:
            yield or_(is_like(func.lower(jobs.c.recipient), self.to.lower()), jobs.c.recipient == self.to)
        if self.key is not None:
            yield is_like(jobs.c.key, self.key)
        if self.since is not None:
            yield jobs.c.created_at >= self.since.timestamp()
        if self.until is not None:
            yield jobs.c.created_at < self.until.timestamp()
        if self.due_before is not None:
            yield jobs.c.due_at < self.due_before.timestamp()
        if self.priority is not None:
            yield jobs.c.priority == PRIORITIES[self.priority]


def in_state(state: str) -> list[Condition]:
    """What a row of this state fulfils, in words that partial indexes are made for."""
    if state == "queued":
        return [QUEUED]
    return [LEASED] if state == "leased" else [ENDED, jobs.c.state == literal_column(f"'{state}'", Text())]


def parts_of(state: str) -> list[list[Condition]]:
    """As `in_state`, in parts that a partial index has as a whole."""
    return [[UNBLAMED], [SUSPECT]] if state == "queued" else [in_state(state)]
