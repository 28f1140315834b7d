"""Writing down what is said about people, one writer after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from notify.database.tables import now
from notify.errors import OutboxError
from notify.suppression.naming import agree
from notify.suppression.reading import words_of
from notify.suppression.tables import counter, words
from notify.suppression.words import AGAINST, NOTHING, REASONS, Word, changed, digest_of, written_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

_LOCK = select(counter.c.last, counter.c.naming, now()).with_for_update()  # SQLite has one writer anyway
_COUNT = update(counter).values(last=bindparam("v_last"), naming=bindparam("v_naming"))
_INSERT = insert(words)
_CHANGE = (
    update(words)
    .where(words.c.number == bindparam("was"))
    .values({name: bindparam(f"v_{name}") for name in ("number", "at", "says", "source", "note")})
)


class Written(NamedTuple):
    """What became of words.

    Attributes:
        held: how many now speak against somebody, and did not before.
        changes: how many rows were made or changed.
    """

    held: int = 0
    changes: int = 0


def write(connection: Connection, said: Sequence[Word], naming: str) -> Written:
    """Keep words, each as `changed` has it. Others who write wait until this transaction ends.

    Within a larger transaction it comes last, and only once.

    Args:
        connection: the transaction.
        said: the words.
        naming: how they name people; see `People.naming`.

    Raises:
        OutboxError: the tables are not whole.
        ConfigError: others name people in another way.
    """
    people = {word.person for word in said}
    known = words_of(connection, people)
    # To find that nothing is new must keep nobody waiting: providers tell everything several times.
    if not _news(known, said, 0.0):
        return Written()
    return _written(connection, naming, people, lambda known, now: _news(known, said, now))


def foreseen(connection: Connection, said: Sequence[Word]) -> int:
    """How many words would newly speak against somebody."""
    known = words_of(connection, {word.person for word in said})
    return _held(known, _news(known, said, 0.0))


def take_back(connection: Connection, naming: str, person: str, source: str, which: Callable[[Word], bool]) -> int:
    """Take back what is said against somebody; how many words. Others who write wait until this transaction ends.

    Raises:
        OutboxError: the tables are not whole.
    """

    def news(known: dict[str, list[Word]], now: float) -> list[Word]:
        found = [word for word in known.get(person, ()) if word.says == AGAINST and which(word)]
        return _news(known, [Word(*word.key, NOTHING, None, source) for word in found], now)

    return _written(connection, naming, {person}, news).changes


def _written(
    connection: Connection,
    naming: str,
    people: Iterable[str],
    news: Callable[[dict[str, list[Word]], float], list[Word]],
) -> Written:
    """Keep what follows from what is known, which nobody else changes meanwhile, and the time."""
    row = connection.execute(_LOCK).one_or_none()
    if row is None:
        raise OutboxError("notify_words_counter is empty: restore the database from a backup")
    last, found, time = row
    agree(found, naming)
    known = words_of(connection, people)
    rows = news(known, time)
    if not rows:
        return Written()
    connection.execute(_COUNT, {"v_last": last + len(rows), "v_naming": naming})
    made, renewed = [], []
    for number, word in enumerate(rows, last + 1):
        if word.number:
            renewed.append({"was": word.number, **_values(word, number, "v_")})
        else:
            made.append({**_values(word, number), "digest": digest_of(word.person), **_key(word)})
    if renewed:
        connection.execute(_CHANGE, renewed)
    if made:
        connection.execute(_INSERT, made)
    return Written(_held(known, rows), len(rows))


def _held(known: dict[str, list[Word]], rows: Iterable[Word]) -> int:
    """How many rows speak against somebody, and did not before."""
    against = {word.number for words in known.values() for word in words if word.says == AGAINST}
    return sum(word.says == AGAINST and word.number not in against for word in rows)


def _news(known: dict[str, list[Word]], said: Iterable[Word], now: float) -> list[Word]:
    """The rows that words make or change, the last state of each."""
    latest: dict[str, dict[Any, Word]] = {}
    rows: dict[Any, Word] = {}
    for word in said:
        if (of_one := latest.get(word.person)) is None:
            of_one = latest[word.person] = {each.key: each for each in known.get(word.person, ())}
        if (news := changed(of_one.values(), word, now)) is not None:
            of_one[word.key] = rows[word.key] = news
    return list(rows.values())


def _values(word: Word, number: int, prefix: str = "") -> dict[str, Any]:
    values = {"number": number, "at": word.at, "says": word.says, "source": word.source, "note": word.note}
    return {f"{prefix}{name}": value for name, value in values.items()}


def _key(word: Word) -> dict[str, Any]:
    return {"person": word.person, "scope": written_scope(word.scope), "reason": REASONS.index(word.reason)}
