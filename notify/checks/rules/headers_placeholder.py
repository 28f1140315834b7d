"""The rule about what was to be replaced, and was not."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.words import holds_none, texts, values
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify.errors import Location

_ANYWHERE = re.compile(
    r"""\{\{[^{}\n]{0,40}(?:\}\})? | \}\} | \{%[^%\n]{0,40}(?:%\})? | %\(\w+\)[sdrf] | (?<![\w%])%[sdr]\b
    | \[\[[^\[\]\n]{0,40}(?:\]\])? | <[^<>]{0,80}\ object\ at\ 0x[0-9a-f]+> | \bTODO\b | \bFIXME\b
    | \b(?i:lorem\ ipsum)\b | \b[Uu]ndefined\b(?!\s+[a-z]) | (?<!\w)NaN(?!\w) | [€$£]\s?nan\b
    | \*\|\w+\|\* | %%\w+%%""",
    re.VERBOSE,
)
_NONE = re.compile(r"(?<![\w-])(?:None(?!\w|\s+[a-z])|null(?=\s*(?:[,.!<]|\Z)))|[/=]None(?=[/&?#]|\Z)")
_IN_URL = re.compile(
    r"\{\{.{0,40}|\}\}|\{%.{0,40}|%7B%7B.{0,40}|\[\[|[/=](?:undefined|NaN)(?=[/&?#]|\Z)", re.IGNORECASE
)
_URLS = frozenset({"action", "background", "href", "src"})
_URL = "the URL in"
_WORDS = frozenset({"alt", "title", "aria-label"})


@rule(
    Mail,
    "hdr-placeholder",
    severity="error",
    why="Whoever gets the mail reads the machinery instead of a name or a number.",
    example="<p>Dear {{ name }},</p>   # after rendering; a value that is None prints None",
    cure="Declare the param and print it with {{ ... }} once; say what stands for a value that is None: "
    '{{ place or "unknown" }}.',
)
def placeholder(mail: Mail) -> Iterator[Problem]:
    """A placeholder, or what a program prints for nothing, is left in the mail."""
    known = " ".join(values(mail.params))
    may_print_none = _may_print_none(mail)
    for what, text, place in _pieces(mail):
        patterns = [_IN_URL if what.startswith(_URL) else _ANYWHERE, *([_NONE] if may_print_none else [])]
        for found in (found for pattern in patterns for found in pattern.finditer(text)):
            if found[0] not in known:
                yield Problem(place(found.start()), f"{what} has {found[0]!r}", "declare it, and print its value")


def _pieces(mail: Mail) -> Iterator[tuple[str, str, Callable[[int], Location]]]:
    """All that people, and programs for them, read: what it is, the text, and where each letter of it comes from."""
    yield "the subject", mail.message.subject, _always(mail.at_subject)
    for name, value in mail.message.headers:
        header = mail.definition.headers.get(name)
        yield f"the header {name}", value, _always(header.location if header else mail.definition.location)
    for start, text in texts(mail):
        yield "the HTML", unescape(text), _from(mail, start)
    for token in mail.tokens:
        for each in token.attributes if token.kind == "start" else ():
            if each.name in _URLS:
                yield f"{_URL} {each.name} of <{token.name}>", each.value, _from(mail, each.start)
            elif each.name in _WORDS:
                yield f"the {each.name} of <{token.name}>", each.value, _from(mail, each.start)
    if not mail.text_is_derived:
        yield "the text", mail.text, mail.at_plain


def _always(place: Location) -> Callable[[int], Location]:
    return lambda _: place


def _from(mail: Mail, start: int) -> Callable[[int], Location]:
    return lambda offset: mail.at(start + offset)


def _may_print_none(mail: Mail) -> bool:
    """Whether a value may be None: without one, the word is a word."""
    contract = mail.definition.contract
    if contract is None or contract.model is not None or holds_none(mail.params):
        return True
    optional = (param for param in contract.params.values() if not param.required and param.default is None)
    return any(param.name not in mail.params for param in optional)


RULES: tuple[AnyRule, ...] = (placeholder,)
