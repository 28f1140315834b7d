"""What must hold of every mail, whatever its params are."""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from notify.addresses import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify.message import Message

_RESIDUE = re.compile(r"\bNone\b|\bUndefined\b|\{\{|\{%")
"""What a template leaves behind that printed no value, or was not rendered at all."""
_BESIDE = 8
"""Characters beside a word by which it is known to be the template's own."""


def unsound(message: Message, params: Mapping[str, object], says: Callable[[str], bool]) -> Iterator[str]:
    """What is wrong with a mail, in a sentence each.

    Args:
        message: the mail.
        params: what it was rendered with: what they hold is no fault of the template.
        says: whether a template has these words itself, in their place.
    """
    if not (message.text or "").strip():
        yield "the text part is empty: give the notification a `text:`, or words to its HTML"
    parts = {"subject": message.subject, "text": message.text or "", "HTML": message.html or ""}
    given = "\n".join(_texts(params))
    for name, part in parts.items():
        flat, told = " ".join(part.split()), set[str]()
        for found in _RESIDUE.finditer(flat):
            words = found[0]
            if words not in given and words not in told and not _is_own(flat, found, says):
                told.add(words)
                yield f"there is {words!r} in the {name}: {flat[max(found.start() - 40, 0) : found.end() + 40]!r}"
    yield from _forged(message)


def _forged(message: Message) -> Iterator[str]:
    """Header fields of the octets that the message does not have."""
    bare = message.replace(
        sender=Address(message.sender.email),
        to=_bare(message.to),
        cc=_bare(message.cc),
        bcc=_bare(message.bcc),
        reply_to=_bare(message.reply_to),
        subject="x",
        headers=(),
    )
    expected = Counter([*_names(bare), *(name.lower() for name, _ in message.headers)])
    for name, count in (Counter(_names(message)) - expected).items():
        yield f"the mail has the header field {name!r} {count} times more than the message: a value forged it"


def _bare(people: tuple[Address, ...]) -> tuple[Address, ...]:
    return tuple(Address(each.email) for each in people)


def _names(message: Message) -> list[str]:
    parsed = email.message_from_bytes(message.as_bytes(smtputf8=message.needs_smtputf8))
    return [name.lower() for name in parsed]


def _is_own(flat: str, found: re.Match[str], says: Callable[[str], bool]) -> bool:
    """Whether a template says this word, with what stands before or behind it; a `{{` is never its own."""
    before = flat[max(found.start() - _BESIDE, 0) : found.end()]
    behind = flat[found.start() : found.end() + _BESIDE]
    return found[0].isalpha() and (says(behind) or says(before))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from _texts(each)
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for each in value:
            yield from _texts(each)
