"""The list of those who are not written to."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypedDict, Unpack

from sqlalchemy import delete

from notify.consent.scopes import person
from notify.database import migrations
from notify.people import HASHED
from notify.suppression import reading
from notify.suppression.effects import effects
from notify.suppression.known import Known
from notify.suppression.notes import line
from notify.suppression.tables import words
from notify.suppression.verdict import verdict
from notify.suppression.words import AGAINST, NOTHING, Word
from notify.suppression.writing import Written, take_back, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from notify.configuration.categories import Category
    from notify.consent.scopes import Scope
    from notify.database import Database
    from notify.feedback import Event
    from notify.people import People
    from notify.suppression.model import Addition, Reason, Suppression

_AT_ONCE = 1000
KEPT = 400 * 86400.0
"""Seconds for which a word that was taken back is remembered, so that none from before is taken for news."""


class Filters(TypedDict, total=False):
    """Which suppressions are meant.

    Attributes:
        to: of this address, or of the person of this hash.
        reasons: for one of these reasons.
        scope: of this scope.
        since: said since.
    """

    to: str | None
    reasons: Iterable[Reason]
    scope: Scope | None
    since: datetime | None


class SuppressionList:
    """Those who are not written to. Safe to share between threads, and to be found in a fork.

    What other processes change is seen within a second.

    Args:
        database: where it is kept.
        people: how it names people.
        groups: the category that each group of a provider stands for.

    Attributes:
        people: how it names people.
        groups: the category that each group of a provider stands for.
        known: what is known of a person, as quickly as mails are sent.
    """

    def __init__(self, database: Database, people: People, groups: Mapping[str, str] | None = None) -> None:
        self.people = people
        self._database = database
        self.groups = groups or {}
        self._is_checked = False
        self._checking = threading.Lock()
        self.known = Known(database, self._check)

    def __repr__(self) -> str:
        return f"<SuppressionList {self._database.shown}>"

    def add(self, additions: Iterable[Addition], *, connection: Connection | None = None) -> int:
        """Put people on the list; how many reasons are new.

        Who was taken from it after the time of an addition stays off.

        Args:
            additions: whom, and why.
            connection: whose transaction it becomes part of, as the last thing in it; without one, there is one for
                each 1000 of them.

        Raises:
            AddressError: one is no address; those of earlier transactions are kept.
            OutboxError: the database cannot be used.
        """
        return self.keep((self._added(addition) for addition in additions), connection=connection).held

    def remove(
        self,
        address: str,
        scope: Scope | None = None,
        *,
        reason: Reason | None = None,
        source: str = "",
        connection: Connection | None = None,
    ) -> int:
        """Take somebody from the list; how many reasons there were. What is said later counts again.

        Args:
            address: the address, or the hash that the list shows.
            scope: from this scope only.
            reason: for this reason only.
            source: who says so.
            connection: whose transaction it becomes part of, as the last thing in it.

        Raises:
            OutboxError: the database cannot be used.
        """
        name = self.people.name(address)

        def is_meant(word: Word) -> bool:
            return scope in {None, word.scope} and reason in {None, word.reason}

        with self.writing(connection) as one:
            return take_back(one, name, source, is_meant)

    def learn(self, connection: Connection, events: Iterable[Event]) -> int:
        """Put people on the list, and take them from it, as what providers say has it; how many reasons are new.

        Events may come in any order, and repeatedly.

        Args:
            connection: whose transaction it becomes part of, as the last thing in it.
            events: what providers say.

        Raises:
            OutboxError: the database cannot be used.
        """
        return self.keep(effects(events, self.groups, self.people), connection=connection).held

    def find(self, *, limit: int = 50, before: int | None = None, **filters: Unpack[Filters]) -> list[Suppression]:
        """Some suppressions, those that were changed last first.

        Args:
            limit: how many at most.
            before: only those of smaller numbers: the last of a page leads to the next.
            filters: which; all if none is given.

        Raises:
            OutboxError: the database cannot be used.
        """
        self._check()
        with self._database.reading() as connection:
            found = reading.found(connection, self._filter(**filters), limit=limit, before=before)
            return [word.suppression() for word in found]

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many suppressions there are.

        Raises:
            OutboxError: the database cannot be used.
        """
        self._check()
        with self._database.reading() as connection:
            return reading.counted(connection, self._filter(**filters))

    def held(self, people: Sequence[str], category: Category, notification: str) -> Mapping[str, Suppression]:
        """Those of some addresses who are not written to.

        Args:
            people: bare addresses.
            category: the mail's.
            notification: the mail's id.

        Raises:
            OutboxError: the database cannot be used.
        """
        return self._against(people, category, notification, passes=False)

    def passed(self, people: Sequence[str], category: Category, notification: str) -> Mapping[str, Suppression]:
        """Those of some addresses who are written to only because the category passes the list.

        Raises:
            OutboxError: the database cannot be used.
        """
        return self._against(people, category, notification, passes=True)

    def purge(self, older_than: float = KEPT) -> int:
        """Forget what was taken back so many seconds ago; how many words. An event from before would count again.

        Raises:
            OutboxError: the database cannot be used.
        """
        old = words.c.at < time.time() - older_than
        with self.writing() as connection:
            return connection.execute(delete(words).where(words.c.says == NOTHING, old)).rowcount

    def of(self, person: str) -> list[Word]:
        """All that was said about somebody, as the database has it now.

        Raises:
            OutboxError: the database cannot be used.
        """
        self._check()
        with self._database.reading() as connection:
            return reading.words_of(connection, [person]).get(person, [])

    def keep(self, said: Iterable[Word], *, connection: Connection | None = None) -> Written:
        """Keep words; see `add`."""
        held = changes = 0
        for some in _portions(said) if connection is None else [list(said)]:
            with self.writing(connection) as one:
                found = write(one, some)
            held, changes = held + found.held, changes + found.changes
        return Written(held, changes)

    @contextmanager
    def writing(self, connection: Connection | None = None) -> Iterator[Connection]:
        """A transaction, or the caller's."""
        if connection is not None:
            yield connection
        else:
            self._check()
            with self._database.writing() as own:
                yield own
        self.known.hurry()

    def _added(self, addition: Addition) -> Word:
        return Word(
            self.people.name(_address(addition.address)),
            addition.scope,
            addition.reason,
            AGAINST,
            None if addition.at is None else addition.at.timestamp(),
            addition.source,
            line(addition.note, self.people),
        )

    def _against(
        self, people: Sequence[str], category: Category, notification: str, *, passes: bool
    ) -> dict[str, Suppression]:
        found = {}
        for address in people:
            if known := self.known.words(self.people.name(address)):
                said = verdict(known, category, notification)
                if said is not None and said.passes == passes:
                    found[address] = said.word.suppression()
        return found

    def _filter(self, **given: Unpack[Filters]) -> reading.Filter:
        to = given.get("to")
        return reading.Filter(
            people=() if to is None else (self.people.name(to),),
            reasons=given.get("reasons") or (),
            scope=given.get("scope"),
            since=given.get("since"),
        )

    def _check(self) -> None:
        if not self._is_checked:
            with self._checking:
                migrations.check(self._database)
                self._is_checked = True


def _address(given: str) -> str:
    """An address as mails have it; a hash stays.

    Raises:
        AddressError: it is no address.
    """
    return given if given.startswith(HASHED) else person(given)


def _portions(said: Iterable[Word]) -> Iterator[list[Word]]:
    """Words, some at a time."""
    words = iter(said)
    while some := list(islice(words, _AT_ONCE)):
        yield some
