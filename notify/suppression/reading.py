"""Reading what was said about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import bindparam, func, select

from notify.database.globs import is_glob, is_like
from notify.suppression.tables import counter, words
from notify.suppression.words import AGAINST, REASONS, Word, digest_of, written_scope

if TYPE_CHECKING:
    from collections.abc import Iterable
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


class Filters(TypedDict, total=False):
    """Which suppressions are meant; all if nothing is given.

    Attributes:
        to: of this address, or of the person of this hash, or those such as `*@acme.example`.
        reasons: for one of these reasons.
        scope: of this scope.
        since: said since.
    """

    to: str | None
    reasons: Iterable[Reason]
    scope: Scope | None
    since: datetime | None


def find(connection: Connection, filters: Filters, *, limit: int, before: int | None) -> list[Word]:
    """Suppressions, those that were changed last first."""
    statement = _filtered(select(*COLUMNS), filters).order_by(words.c.number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(words.c.number < before)
    return [Word.of(row) for row in connection.execute(statement)]


def count(connection: Connection, filters: Filters) -> int:
    """How many suppressions there are."""
    return int(connection.execute(_filtered(select(func.count()).select_from(words), filters)).scalar() or 0)


def _filtered(statement: Select[Any], filters: Filters) -> Select[Any]:
    statement = statement.where(words.c.says == AGAINST)
    if (to := filters.get("to")) is not None:
        statement = statement.where(is_like(words.c.person, to))
        if not is_glob(to):
            statement = statement.where(words.c.digest == digest_of(to))
    if reasons := filters.get("reasons"):
        statement = statement.where(words.c.reason.in_([REASONS.index(reason) for reason in reasons]))
    if (scope := filters.get("scope")) is not None:
        statement = statement.where(words.c.scope == written_scope(scope))
    if (since := filters.get("since")) is not None:
        statement = statement.where(words.c.at >= since.timestamp())
    return statement
