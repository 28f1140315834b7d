"""What was said about people, as the list and the choices share it: one book in one database."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from notify.suppression import writing
from notify.suppression.known import Known
from notify.suppression.naming import Named
from notify.suppression.reading import words_of
from notify.suppression.writing import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from notify.database import Database
    from notify.suppression.words import Word

_AT_ONCE = 1000


class Book:
    """Words on people. Safe to share between threads, and to be found in a fork.

    Args:
        database: where it is kept.
        naming: how it names people; see `People.naming`.

    Attributes:
        database: where it is kept.
        naming: how it names people.
        known: what is known of a person, as quickly as mails are sent.
    """

    def __init__(self, database: Database, naming: str) -> None:
        self.database = database
        self.naming = naming
        self._checked = Named(database, naming)
        self.known = Known(self._checked)

    def of(self, person: str) -> list[Word]:
        """All that was said about somebody, as the database has it now.

        Raises:
            OutboxError: the database cannot be used.
        """
        with self.reading() as connection:
            return words_of(connection, [person]).get(person, [])

    def keep(self, said: Iterable[Word], connection: Connection | None = None) -> Written:
        """Keep words.

        Args:
            said: the words.
            connection: whose transaction it becomes part of, as the last thing in it; without one, there is one for
                each 1000 words.

        Raises:
            OutboxError: the database cannot be used.
        """
        held = changes = 0
        for some in _portions(said) if connection is None else [list(said)]:
            with self.writing(connection) as one:
                found = writing.write(one, some, self.naming)
            held, changes = held + found.held, changes + found.changes
        return Written(held, changes)

    def foreseen(self, said: Iterable[Word]) -> int:
        """How many words would newly speak against somebody, if they were kept.

        Raises:
            OutboxError: the database cannot be used.
        """
        with self.reading() as connection:
            return sum(writing.foreseen(connection, some) for some in _portions(said))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with.

        Raises:
            OutboxError: the database cannot be used.
        """
        with self._checked().reading() as connection:
            yield connection

    @contextmanager
    def writing(self, connection: Connection | None = None) -> Iterator[Connection]:
        """A transaction, or the caller's.

        Raises:
            OutboxError: the database cannot be used.
        """
        if connection is not None:
            yield connection
        else:
            with self._checked().writing() as own:
                yield own
        self.known.hurry()


def _portions(said: Iterable[Word]) -> Iterator[list[Word]]:
    """Words, some at a time."""
    words = iter(said)
    while some := list(islice(words, _AT_ONCE)):
        yield some
