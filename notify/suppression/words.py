"""What was said about people, and which of two words counts."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from notify.consent.choices import Choice
from notify.consent.scopes import ALL, Scope
from notify.suppression.model import Reason, Suppression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

AGAINST, NOTHING, WANTED = -1, 0, 1
"""What a word says."""
REASONS = (Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.UNSUBSCRIBED, Reason.INVALID, Reason.MANUAL)
"""As rows number them: new ones come last."""
STEP = 1e-6
"""Seconds between two words of one person, of which the later counts."""
_FIRST_OCTETS = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Word:
    """The last word on a person, a scope and a reason.

    Attributes:
        person: as `People.name` gives it.
        scope: which mails.
        reason: why not; `UNSUBSCRIBED` for what the person chose, whatever that was.
        says: `AGAINST`, `NOTHING` (any more) or `WANTED`.
        at: when it was said, in seconds of the epoch; None for now, and after all that was said before.
        source: who says so.
        note: more about it.
        is_hint: whether it is only of use where nothing better is known.
        number: of the row; 0 if it is in none.
    """

    person: str
    scope: Scope
    reason: Reason
    says: int
    at: float | None
    source: str = ""
    note: str = ""
    is_hint: bool = False
    number: int = 0

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """That of a row, as the statements of `reading` give it."""
        at, says, person, scope, reason, source, note, number = row
        return cls(person, Scope.parse(scope) if scope else ALL, REASONS[reason], says, at, source, note, number=number)

    @property
    def key(self) -> tuple[str, Scope, Reason]:
        """What it is the last word on."""
        return self.person, self.scope, self.reason

    @property
    def time(self) -> datetime:
        """When it was said."""
        return datetime.fromtimestamp(self.at or 0.0, UTC)

    def suppression(self) -> Suppression:
        """The same for those who ask the list."""
        return Suppression(self.person, self.scope, self.reason, self.source, self.time, self.note, self.number)

    def choice(self) -> Choice:
        """The same for those who ask what people chose."""
        return Choice(self.scope, self.says == WANTED, self.time, self.source)


def digest_of(person: str) -> int:
    """What rows of a person are found by: the first 63 bits of the SHA-256."""
    found: int = _FIRST_OCTETS.unpack_from(hashlib.sha256(person.encode("utf-8", "surrogatepass")).digest())[0] >> 1
    return found


def written_scope(scope: Scope) -> str:
    """A scope as rows have it: a million rows have the shortest."""
    return "" if scope == ALL else str(scope)


def choices_of(words: Iterable[Word]) -> tuple[Choice, ...]:
    """What somebody chose, the oldest first."""
    return tuple(word.choice() for word in _chosen(words))


def covering(words: Iterable[Word], category: str, notification: str) -> Word | None:
    """What somebody chose last about a mail."""
    return next((word for word in reversed(_chosen(words)) if word.scope.covers(category, notification)), None)


def changed(known: Iterable[Word], said: Word, now: float) -> Word | None:
    """What is kept after a word on somebody; None where nothing changes.

    Words with a time may come in any order, and repeatedly: of those on one thing the latest counts, of two of the same
    time the one against.

    Args:
        known: all that is kept of this person.
        said: the word.
        now: seconds of the epoch, for a word without a time.
    """
    known = tuple(known)
    last = next((word for word in known if word.key == said.key), None)
    if said.at is not None:
        return _timed(last, said)
    if said.says == NOTHING:
        is_news = last is not None and last.says != NOTHING
    elif said.reason is Reason.UNSUBSCRIBED:
        latest = max((word for word in known if word.reason is said.reason and word.says), key=_time, default=None)
        is_news = latest is None or (latest.key, latest.says) != (said.key, said.says)
    else:
        is_news = last is None or last.says != said.says
    if not is_news:
        return None
    # A clock may stand still, or be set back; the order is what counts.
    at = max([now, *(_time(word) + STEP for word in known)])
    return replace(said, at=at, number=last.number if last else 0)


def _chosen(words: Iterable[Word]) -> list[Word]:
    """Choices, the oldest first; of those of the same time, one against comes last, and so counts."""
    chosen = [word for word in words if word.reason is Reason.UNSUBSCRIBED and word.says != NOTHING]
    return sorted(chosen, key=lambda word: (_time(word), -word.says, str(word.scope)))


def _timed(last: Word | None, said: Word) -> Word | None:
    if last is None:
        return said
    if said.is_hint and last.says == AGAINST:
        return None
    if _rank(said) <= _rank(last):
        return None
    return replace(said, number=last.number)


def _rank(word: Word) -> tuple[float, int, str, str]:
    return word.at or 0.0, -word.says, word.source, word.note


def _time(word: Word) -> float:
    return word.at or 0.0
