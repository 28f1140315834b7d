"""The query language of the mailbox.

| term | finds mails |
|---|---|
| `word`, `"several words"` | that have it in the subject, an address or the text |
| `from:` `to:` `cc:` `subject:` | that have it there; `to:` also finds recipients of blind copies |
| `tag:` | with exactly that tag |
| `type:` | of that notification; a glob such as `billing.*` |
| `has:attachment` `has:html` | that have one |
| `after:` `before:` | received at or after, or before, a date or a time in ISO 8601; local time if it does not say |
| `-term` | that the term does not find |

All terms must hold. Capital and small letters are the same. What is no operator is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Self

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notify.preview.mailbox.mail import Mail

_TERM = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"?|(\S+))')
_THINGS = {"attachment": "attachment", "attachments": "attachment", "html": "html"}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: an operator, or none for a word, and its value in folded case; `when` is that of a date."""

    operator: str
    value: str
    negated: bool = False
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; the empty one finds everything."""

    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a query.

        Raises:
            ConfigError: `after:` or `before:` has no date.
        """
        terms = [_term(found) for found in _TERM.finditer(text)]
        words_last = sorted((term for term in terms if term.value), key=lambda term: term.operator == "")
        return cls(tuple(words_last))

    def matches(self, mail: Mail, full_text: Callable[[], str]) -> bool:
        """Whether all terms hold; `full_text`, the mail's text, is only asked for where nothing else decides."""
        return all(_holds(term, mail, full_text) != term.negated for term in self.terms)


def folded(text: str) -> str:
    """Text as it is compared: in folded case, with single blanks."""
    return " ".join(text.split()).casefold()


def _term(found: re.Match[str]) -> Term:
    minus, operator, quoted, plain = found.groups()
    value = plain if quoted is None else quoted
    name = (operator or "").lower()
    if name in {"after", "before"}:
        return Term(name, value, negated=bool(minus), when=_when(name, value))
    if name in _FINDERS or (name == "has" and value.lower() in _THINGS):
        return Term(name, _THINGS[value.lower()] if name == "has" else folded(value), negated=bool(minus))
    return Term("", folded(f"{operator}:{value}" if operator else value), negated=bool(minus))


def _when(name: str, value: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone()
    except (OverflowError, ValueError):
        raise ConfigError(
            f"search: {name}: expected a date such as 2026-11-30, or a time such as 2026-11-30T14:05, got {value!r:.80}"
        ) from None


def _holds(term: Term, mail: Mail, full_text: Callable[[], str]) -> bool:
    if term.when is not None:
        return mail.received >= term.when if term.operator == "after" else mail.received < term.when
    if term.operator == "has":
        return mail.has_html if term.value == "html" else bool(mail.attachments)
    if term.operator:
        return _FINDERS[term.operator](term.value, mail)
    shown = (mail.subject, mail.sender, mail.to, mail.cc, *mail.recipients)
    return any(term.value in folded(text) for text in shown) or term.value in folded(full_text())


_FINDERS: Mapping[str, Callable[[str, Mail], bool]] = {
    "from": lambda value, mail: value in folded(mail.sender),
    "to": lambda value, mail: any(value in folded(text) for text in (mail.to, *mail.recipients)),
    "cc": lambda value, mail: value in folded(mail.cc),
    "subject": lambda value, mail: value in folded(mail.subject),
    "tag": lambda value, mail: any(value == folded(tag) for tag in mail.tags),
    "type": lambda value, mail: fnmatchcase(folded(mail.notification), value),
}
