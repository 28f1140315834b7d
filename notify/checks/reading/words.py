"""What people read in the HTML of a mail, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notify.checks.mail import Mail


def texts(mail: Mail) -> Iterator[tuple[int, str]]:
    """The texts between the tags of the document that the templates print, as they are written, with their offsets."""
    return (
        (token.start, mail.document[token.start : token.end])
        for token in mail.tokens
        if token.kind == "text" and not mail.document[token.start : token.end].isspace()
    )


def offsets_of(mail: Mail, words: str) -> Iterator[int]:
    """Where some words stand as a whole in a text of the document."""
    wanted = dict.fromkeys([words, escape(words), escape(words, quote=False)])
    pattern = re.compile("|".join(rf"(?<![\w.,]){re.escape(each)}(?!\w)" for each in wanted))
    for start, text in texts(mail):
        yield from (start + found.start() for found in pattern.finditer(text))


def values(params: object) -> Iterator[str]:
    """The texts and the numbers in params, however deep, as text."""
    for _, value in named_values(params):
        yield value


def named_values(params: object, name: str = "") -> Iterator[tuple[str, str]]:
    """The same with the name that each has, or the list that holds it."""
    if isinstance(params, Mapping):
        for key, value in params.items():
            yield from named_values(value, str(key))
    elif isinstance(params, Iterable) and not isinstance(params, (str, bytes)):
        for value in params:
            yield from named_values(value, name)
    elif params is not None and not isinstance(params, (bool, bytes)):
        yield name, str(params)


def holds_none(params: Any) -> bool:
    """Whether a value is None, however deep."""
    if isinstance(params, Mapping):
        return any(map(holds_none, params.values()))
    if isinstance(params, list):
        return any(map(holds_none, params))
    return params is None
