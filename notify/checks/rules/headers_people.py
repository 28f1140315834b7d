"""Rules about whom mail comes from, and whom answers go to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.reading.people import people
from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator

FREEMAIL = frozenset({
    "aol.com", "free.fr", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
    "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com",
    "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com", "outlook.de",
    "outlook.fr", "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de", "yahoo.co.jp", "yahoo.co.uk",
    "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.com", "yandex.ru", "ymail.com", "zoho.com", "126.com", "163.com",
})  # fmt: skip
"""Domains of mailboxes that anybody can have, and that no application may send for."""
_QUOTES = re.compile(r"[\"\u201c\u201d]")
_OPENED = {"(": ")", "[": "]"}


@rule(
    Whole,
    "hdr-from-alignment",
    severity="warning",
    why="A mail from a domain that has not signed it fails DMARC (RFC 7489) and is refused or filed as spam; those of "
    "free mailboxes have strict policies. Answers that go to a free mailbox look like fraud.",
    example="sender: Acme <acme.shop@gmail.com>",
    cure="Send from a domain of your own, for which the provider signs.",
)
def from_alignment(whole: Whole) -> Iterator[Problem]:
    """Mail comes from, or is answered to, a free mailbox."""
    for person in people(whole):
        if person.address.domain in FREEMAIL:
            whom = "nobody but its provider may send from" if person.field == "sender" else "anybody can have"
            message = f"{person.field} {person.address.email}: {whom} {person.address.domain}"
            yield Problem(person.location, message, "use an address of your own domain")


@rule(
    Whole,
    "hdr-display-name",
    severity="warning",
    why="A name that holds an address, or a quote that is not closed, looks like a forgery to filters, and is shown "
    "garbled.",
    example="sender: \"'hello@acme.example' <hello@acme.example>\"",
    cure='Write the name as people say it: "Acme Shop <hello@acme.example>".',
)
def display_name(whole: Whole) -> Iterator[Problem]:
    """The name beside an address looks like an address, or has unbalanced quotes."""
    for person in people(whole):
        if reason := _odd(person.address.name):
            message = f"{person.field}: the name {person.address.name!r} {reason}"
            yield Problem(person.location, message, "write the name as people say it")


def _odd(name: str) -> str:
    if "@" in name:
        return "holds an @, as an address does"
    if len(_QUOTES.findall(name)) % 2 or (name.startswith("'") != name.endswith("'")):
        return "has a quote that is not closed"
    unbalanced = (opening for opening, closing in _OPENED.items() if name.count(opening) != name.count(closing))
    return "has a bracket that is not closed" if next(unbalanced, "") else ""


RULES: tuple[AnyRule, ...] = (from_alignment, display_name)
