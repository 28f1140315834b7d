"""Reading what was said about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from notify.suppression.tables import counter, words
from notify.suppression.words import AGAINST, REASONS, Word, digest_of, written_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Select

    from notify.consent.scopes import Scope
    from notify.suppression.model import Reason

_AT_ONCE = 500
COLUMNS = (
    words.c.at, words.c.says, words.c.person, words.c.scope, words.c.reason, words.c.source, words.c.note,
    words.c.number,
)  # fmt: skip
"""In the order in which `Word.of` takes them."""
_LAST = select(counter.c.last)
_OF_PEOPLE = select(*COLUMNS).where(words.c.digest.in_(bindparam("digests", expanding=True)))
_OF_ONE = select(*COLUMNS).where(words.c.digest == bindparam("wanted"))
_DIGESTS = (
    select(words.c.digest)
    .where(words.c.digest > bindparam("above"))
    .order_by(words.c.digest)
    .limit(bindparam("number"))
)
_CHANGED = select(words.c.digest).where(words.c.number > bindparam("last")).limit(bindparam("number"))


def last_number(connection: Connection) -> int:
    """The largest number that any row has."""
    return int(connection.execute(_LAST).scalar() or 0)


def words_of(connection: Connection, people: Iterable[str]) -> dict[str, list[Word]]:
    """All that was said about each of these; those of whom nothing was said are missing."""
    found: dict[str, list[Word]] = {}
    wanted = set(people)
    digests = [digest_of(person) for person in wanted]
    for begin in range(0, len(digests), _AT_ONCE):
        for row in connection.execute(_OF_PEOPLE, {"digests": digests[begin : begin + _AT_ONCE]}):
            word = Word.of(row)
            if word.person in wanted:
                found.setdefault(word.person, []).append(word)
    return found


def words_of_one(connection: Connection, person: str, digest: int) -> tuple[Word, ...]:
    """All that was said about one."""
    rows = connection.execute(_OF_ONE, {"wanted": digest})
    return tuple(word for word in map(Word.of, rows) if word.person == person)


def digests_above(connection: Connection, above: int, number: int) -> list[int]:
    """The digests of some rows in order, from above one on."""
    return list(connection.execute(_DIGESTS, {"above": above, "number": number}).scalars())


def digests_changed(connection: Connection, last: int, number: int) -> list[int]:
    """The digests of some rows that were changed after a number."""
    return list(connection.execute(_CHANGED, {"last": last, "number": number}).scalars())


class Filter:
    """Which suppressions are meant; all if nothing is given.

    Args:
        people: of these only, as `People.name` gives them.
        reasons: for one of these reasons.
        scope: of this scope.
        since: said since.
    """

    def __init__(
        self,
        *,
        people: Iterable[str] = (),
        reasons: Iterable[Reason] = (),
        scope: Scope | None = None,
        since: datetime | None = None,
    ) -> None:
        self._people = tuple(people)
        self._reasons = tuple(reasons)
        self._scope = scope
        self._since = since

    def applied(self, statement: Select[Any]) -> Select[Any]:
        """A statement for these only."""
        statement = statement.where(words.c.says == AGAINST)
        if self._people:
            digests = [digest_of(person) for person in self._people]
            statement = statement.where(words.c.digest.in_(digests), words.c.person.in_(self._people))
        if self._reasons:
            statement = statement.where(words.c.reason.in_([REASONS.index(reason) for reason in self._reasons]))
        if self._scope is not None:
            statement = statement.where(words.c.scope == written_scope(self._scope))
        if self._since is not None:
            statement = statement.where(words.c.at >= self._since.timestamp())
        return statement


def found(connection: Connection, filter_: Filter, *, limit: int, before: int | None) -> Iterator[Word]:
    """Suppressions, those that were changed last first."""
    statement = filter_.applied(select(*COLUMNS)).order_by(words.c.number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(words.c.number < before)
    return map(Word.of, connection.execute(statement).all())


def counted(connection: Connection, filter_: Filter) -> int:
    """How many suppressions there are."""
    return int(connection.execute(filter_.applied(select(func.count()).select_from(words))).scalar() or 0)
