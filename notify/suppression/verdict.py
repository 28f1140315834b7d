"""What known words mean for a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from notify.suppression.model import Reason
from notify.suppression.words import AGAINST, Word, covering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.configuration.categories import Category

_ORDER = (Reason.COMPLAINT, Reason.HARD_BOUNCE, Reason.INVALID, Reason.MANUAL)
_NAMES = {
    Reason.COMPLAINT: "complaint",
    Reason.HARD_BOUNCE: "hard bounce",
    Reason.INVALID: "invalid address",
    Reason.MANUAL: "put on the list",
    Reason.UNSUBSCRIBED: "unsubscribed from",
}


class Against(NamedTuple):
    """A word against a mail.

    Attributes:
        word: the word.
        passes: whether the mail is sent all the same.
        reason: why it is not sent, or is.
    """

    word: Word
    passes: bool
    reason: str


def verdict(words: Iterable[Word], category: Category, notification: str) -> Against | None:
    """What speaks against a mail: what holds it, else what would hold one of another category.

    Args:
        words: all on its recipient.
        category: of the mail.
        notification: its id.
    """
    words = tuple(words)
    about = [
        word
        for word in words
        if word.says == AGAINST
        and word.reason is not Reason.UNSUBSCRIBED
        and word.scope.covers(category.name, notification)
    ]
    found = []
    if about:
        word = min(about, key=lambda word: _ORDER.index(word.reason))
        found.append(_against(word, category, passes=category.passes_suppression, rule="pass the suppression list"))
    chosen = covering(words, category.name, notification)
    if chosen is not None and chosen.says == AGAINST:
        found.append(_against(chosen, category, passes=category.must_deliver, rule="have to arrive"))
    return min(found, key=lambda each: each.passes, default=None)


def told(word: Word) -> str:
    """A word against somebody as people read it, such as `hard bounce on 2026-11-20 (sendgrid): 550 5.1.1 unknown`."""
    scope = str(word.scope)
    if word.reason is Reason.UNSUBSCRIBED:
        source = f" by {word.source}" if word.source else ""
        return f"{_NAMES[word.reason]} {scope} on {word.time:%Y-%m-%d}{source}"
    source = f" ({word.source})" if word.source else ""
    what = _NAMES[word.reason] if scope == "all" else f"{_NAMES[word.reason]} for {scope}"
    return f"{what} on {word.time:%Y-%m-%d}{source}{f': {word.note}' if word.note else ''}"


def _against(word: Word, category: Category, *, passes: bool, rule: str) -> Against:
    reason = told(word)
    return Against(word, passes, f"mails of the category {category.name} {rule}: {reason}" if passes else reason)
