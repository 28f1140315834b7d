"""Which entries are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.consent.scopes import person
from notify.database.globs import is_glob, is_like
from notify.errors import AddressError, ConfigError
from notify.fitting import fit
from notify.log.status import Status
from notify.log.tables import log
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from notify.people import People

_WORDS = tuple(map(str, Status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What entries have in common; whatever is not given is any.

    Attributes:
        statuses: some of `Status`.
        notification: the notification's id, or a glob such as `billing.*`.
        to: the recipient's address, or a glob such as `*@acme.example`; capitals do not matter.
        message_id: the Message-ID, with or without angle brackets.
        since: first heard of at this time or later; aware.
        until: first heard of before this time; aware.
        job: the number of a job in the outbox.
        id: the number of an entry.

    Raises:
        ConfigError: there is no such status.
    """

    statuses: tuple[str, ...] = ()
    notification: str | None = None
    to: str | None = None
    message_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    job: int | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        for word in self.statuses:
            if word not in _WORDS:
                raise ConfigError(f"log: there is no status {word!r} ({did_you_mean(word, _WORDS)})")

    def conditions(self, people: People) -> list[ColumnElement[bool]]:
        """What a row fulfils that is meant.

        Args:
            people: how people are named.

        Raises:
            ConfigError: a glob is to match addresses that are not kept.
        """
        return [*self._equal(), *self._conditions(people)]

    def _conditions(self, people: People) -> Iterator[ColumnElement[bool]]:
        if self.notification is not None:
            yield is_like(log.c.notification, self.notification)
        if self.to is not None:
            if not is_glob(self.to):
                yield log.c.person == _person(people, self.to)
            elif people.is_hashed:
                raise ConfigError("log: addresses are hashed, so that none can be found by a part: give a whole one")
            else:
                yield is_like(log.c.person, self.to.lower())
        if self.since is not None:
            yield log.c.created_at >= self.since.timestamp()
        if self.until is not None:
            yield log.c.created_at < self.until.timestamp()

    def _equal(self) -> Iterator[ColumnElement[bool]]:
        if self.statuses:
            yield log.c.status.in_(tuple(map(str, self.statuses)))
        if self.message_id is not None:
            yield log.c.message_id == f"<{fit(self.message_id).strip().strip('<>')}>"
        if self.job is not None:
            yield log.c.job == self.job
        if self.id is not None:
            yield log.c.id == self.id


def _person(people: People, to: str) -> str:
    """A recipient as entries name him; what is no address may be a hash, or is nobody's."""
    try:
        return people.name(person(to))
    except AddressError:
        return people.name(fit(to))
