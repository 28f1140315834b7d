"""Rules about the headers that every mail has."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.addresses import Address
    from notify.errors import Location

_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
_REQUIRED = ("date", "from", "message-id", "mime-version", "subject")
_ONCE = (*_REQUIRED, "to", "cc", "reply-to", "sender", "in-reply-to", "references", "auto-submitted")


@rule(
    Mail,
    "hdr-auto-submitted",
    severity="info",
    why="Without `Auto-Submitted: auto-generated`, absence notes are sent back to the sender (RFC 3834, section 5).",
    example="headers: {Auto-Submitted: no}",
    cure="Remove the header of your own: notify writes it on all mails but those of the category marketing.",
)
def auto_submitted(mail: Mail) -> Iterator[Problem]:
    """A mail that a program sends does not say so."""
    value = next((value for name, value in mail.message.headers if name.lower() == "auto-submitted"), None)
    is_missing = value is None and mail.message.category == "marketing" != mail.definition.category
    if is_missing or (value or "").strip().lower() == "no":
        place = mail.whole.place(mail.definition, "headers", "Auto-Submitted")
        yield Problem(place, "the mail does not say that a program sends it", "remove Auto-Submitted from the headers")


@rule(
    Mail,
    "hdr-required",
    severity="error",
    why="A mail without these headers, or with one of them twice, is refused or filed as spam (RFC 5322, section 3.6; "
    "SpamAssassin's MISSING_*).",
    example="A plugin's notify_message gives the message a Message-ID of another domain.",
    cure="Leave Date, From, To, Message-ID and MIME-Version to notify.",
)
def required(mail: Mail) -> Iterator[Problem]:
    """A header that every mail needs is missing, twice there, or of another domain."""
    head = mail.octets.partition(b"\r\n\r\n")[0]
    counts = Counter(name.decode("ascii").lower() for name in _NAME.findall(head))
    place = mail.definition.location
    for name in _REQUIRED:
        if not counts[name]:
            yield Problem(place, f"the mail has no header {name.title()}", "leave it to notify")
    if not counts["to"] and not counts["cc"]:
        yield Problem(place, "the mail has no header To", "give it a recipient that is seen, or leave it to notify")
    for name in _ONCE:
        if counts[name] > 1:
            yield Problem(place, f"the mail has the header {name.title()} {counts[name]} times", "keep one")
    own, identity = mail.message.sender.domain, mail.message.message_id.rpartition("@")[2].rstrip(">")
    if not _same_organisation(own, identity):
        message = f"the Message-ID is of the domain {identity}, and the sender of {own}"
        yield Problem(place, message, "leave the Message-ID to notify")


def _same_organisation(one: str, other: str) -> bool:
    one, other = one.lower(), other.lower()
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


@rule(
    Mail,
    "hdr-address",
    severity="error",
    why="A mail to, or with answers to, an address that nobody can have comes back.",
    example="cc: archive@localhost",
    cure="Write an address with the domain's full name: archive@acme.example.",
)
def address(mail: Mail) -> Iterator[Problem]:
    """An address of the mail cannot be one on the internet."""
    fields = {
        "sender": (mail.message.sender,), "reply_to": mail.message.reply_to, "cc": mail.message.cc,
        "bcc": mail.message.bcc, "to": mail.message.to,
    }  # fmt: skip
    for field, people in fields.items():
        for each in people:
            if reason := _impossible(each):
                yield Problem(_place(mail, field), f"{field}: {each.email}: {reason}", "write an address that exists")


def _impossible(person: Address) -> str:
    """Why nobody can have the address; empty if somebody may. All else was refused when the address was read."""
    if person.domain.startswith("["):
        return "the domain is a number"
    return "" if "." in person.domain else "the domain is not a full name"


def _place(mail: Mail, field: str) -> Location:
    sample = mail.definition.samples[mail.sample]
    if field == "to":
        return mail.whole.place(mail.definition, "samples", sample.name, "to")
    return mail.whole.place(mail.definition, field)


RULES: tuple[AnyRule, ...] = (auto_submitted, required, address)
