"""What puts rows into a database: one face for the outbox's own connections and for those of a caller."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from notify.database import unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableSet, Sequence
    from contextlib import AbstractContextManager

    from notify.outbox.statements import Statement


class Target(ABC):
    """A connection, in whose transaction statements run; it commits nothing.

    Attributes:
        dialect: sqlite or postgresql; another name of a database that the outbox cannot be in.
        errors: what it raises.
    """

    dialect: str
    errors: tuple[type[Exception], ...]

    @property
    @abstractmethod
    def notes(self) -> MutableSet[object] | None:
        """Where to remember what was found out of its database; None if it has to be looked at each time."""

    @abstractmethod
    def rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """What the statement gives; nothing if it gives no rows."""

    @abstractmethod
    def put(self, statement: Statement, values: Mapping[str, Any]) -> int | None:
        """Insert a row into SQLite; its number, or None if the statement passed it over."""

    @abstractmethod
    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run the statement for each of the values; how many rows it wrote."""

    @abstractmethod
    def whole(self) -> AbstractContextManager[object]:
        """A block of which all or nothing is part of the caller's transaction."""

    def after_commit(self, ring: Callable[[], object]) -> None:  # noqa: B027 - most cannot
        """Call `ring` when the transaction has been committed, where the connection can say so."""

    @contextmanager
    def explained(self, shown: str) -> Iterator[None]:
        """Turn its errors into ours.

        Args:
            shown: the outbox's URL.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: it has no tables.
        """
        try:
            yield
        except self.errors as error:
            raise unusable(error, shown) from error
