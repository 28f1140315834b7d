"""The list of those who are not written to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Unpack

from sqlalchemy import delete

from notify.consent.scopes import person
from notify.database.globs import is_glob
from notify.errors import ConfigError
from notify.people import HASHED
from notify.scrubbing import line
from notify.suppression import reading
from notify.suppression.book import Book
from notify.suppression.effects import effects
from notify.suppression.tables import words
from notify.suppression.verdict import verdict
from notify.suppression.words import AGAINST, NOTHING, Word
from notify.suppression.writing import take_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from notify.configuration.categories import Category
    from notify.consent.scopes import Scope
    from notify.database import Database
    from notify.feedback import Event
    from notify.people import People
    from notify.suppression.known import Known
    from notify.suppression.model import Addition, Reason, Suppression
    from notify.suppression.reading import Filters

KEPT = 400 * 86400.0
"""Seconds for which a word that was taken back is remembered, so that none from before is taken for news."""


class SuppressionList:
    """Those who are not written to. Safe to share between threads, and to be found in a fork.

    What other processes change is seen within a second.

    Args:
        database: where it is kept.
        people: how it names people.
        groups: the category that each group of a provider stands for.

    Attributes:
        book: what was said about people, choices too.
        people: how it names people.
        groups: the category that each group of a provider stands for.
    """

    def __init__(self, database: Database, people: People, groups: Mapping[str, str] | None = None) -> None:
        self.book = Book(database, people.naming)
        self.people = people
        self.groups = groups or {}

    def __repr__(self) -> str:
        return f"<SuppressionList {self.book.database.shown}>"

    @property
    def known(self) -> Known:
        """What is known of a person, as quickly as mails are sent."""
        return self.book.known

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
        return self.book.keep(map(self.word, additions), connection).held

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
            AddressError: it is no address.
            OutboxError: the database cannot be used.
        """

        def is_meant(word: Word) -> bool:
            return scope in {None, word.scope} and reason in {None, word.reason}

        with self.book.writing(connection) as one:
            said = line(source, self.people, address)
            return take_back(one, self.book.naming, self.name(address), said, is_meant)

    def learn(self, connection: Connection, events: Iterable[Event]) -> int:
        """Put people on the list, and take them from it, as what providers say has it; how many reasons are new.

        Events may come in any order, and repeatedly.

        Args:
            connection: whose transaction it becomes part of, as the last thing in it.
            events: what providers say.

        Raises:
            OutboxError: the database cannot be used.
        """
        return self.book.keep(effects(events, self.groups, self.people), connection).held

    def find(self, *, limit: int = 50, before: int | None = None, **filters: Unpack[Filters]) -> list[Suppression]:
        """Some suppressions, those that were changed last first.

        Args:
            limit: how many at most.
            before: only those of smaller numbers: the last of a page leads to the next.
            filters: which; all if none is given. See `notify.suppression.reading.Filters`.

        Raises:
            AddressError: `to` is neither an address nor a glob.
            ConfigError: a glob is to match addresses that are not kept.
            OutboxError: the database cannot be used.
        """
        with self.book.reading() as connection:
            found = reading.find(connection, self._named(filters), limit=limit, before=before)
            return [word.suppression() for word in found]

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many suppressions there are.

        Raises:
            AddressError: `to` is neither an address nor a glob.
            ConfigError: a glob is to match addresses that are not kept.
            OutboxError: the database cannot be used.
        """
        with self.book.reading() as connection:
            return reading.count(connection, self._named(filters))

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
        with self.book.writing() as connection:
            return connection.execute(delete(words).where(words.c.says == NOTHING, old)).rowcount

    def name(self, address: str) -> str:
        """The person of an address; a hash stays where addresses are hashed.

        Raises:
            AddressError: it is no address.
        """
        return self.people.name(self._address(address))

    def word(self, addition: Addition) -> Word:
        """An addition as it is kept.

        Raises:
            AddressError: it has no address.
        """
        address = self._address(addition.address)
        return Word(
            self.people.name(address),
            addition.scope,
            addition.reason,
            AGAINST,
            None if addition.at is None else addition.at.timestamp(),
            line(addition.source, self.people, address),
            line(addition.note, self.people, address),
        )

    def _address(self, text: str) -> str:
        """An address in the one form; a hash stays where addresses are hashed."""
        return text if self.people.is_hashed and text.startswith(HASHED) else person(text)

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

    def _named(self, filters: Filters) -> Filters:
        """Filters for people as the list names them."""
        if (to := filters.get("to")) is None:
            return filters
        if not is_glob(to):
            return {**filters, "to": self.name(to)}
        if self.people.is_hashed:
            raise ConfigError("addresses are hashed, so that none can be found by a part: give a whole one")
        return {**filters, "to": to.lower()}
