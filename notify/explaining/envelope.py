"""Who a message leaves from and to, and what the environment changes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import NotifyError
from notify.explaining.facts import Fact, Origin, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Message
    from notify.explaining.case import Case


def envelope(case: Case) -> Section:
    """The envelope as it leaves, the environment's rules, and what servers see of the message."""
    leaving, refusal = case.leaving
    message = leaving or case.composed.message
    facts: tuple[Fact, ...] = ()
    if message is not None:
        facts = (*_people(case, message, refusal), *_rules(case), *_octets(case, message))
    return Section("envelope", "Envelope", facts or tuple(_rules(case)))


def _people(case: Case, message: Message, refusal: NotifyError | None) -> Iterator[Fact]:
    sender, recipients = message.envelope
    own = Origin("derived", "the sender of the message")
    yield Fact("sender", sender, (case.changed("return_path") if message.return_path else None) or own)
    redirected = case.composed.message is not None and recipients != case.composed.message.envelope.recipients
    origin = case.from_environment("redirect_to") if redirected else None
    problems = (case.problem(refusal),) if refusal is not None else ()
    yield Fact("recipients", list(recipients), origin or Origin("derived", "to, cc and bcc of the message"), problems)
    before = case.composed.message.headers if case.composed.message is not None else ()
    for name, value in message.headers:
        if (name, value) not in before:
            yield Fact(f"header {name}", value, case.from_environment("redirect_to"))


def _rules(case: Case) -> Iterator[Fact]:
    """What the environment says of recipients and subjects."""
    try:
        policy = case.environment.policy
    except NotifyError as error:
        if case.leaving[1] is None:  # else it is told there
            yield Fact("rules", None, problems=(case.problem(error),))
        return
    if policy.redirect_to is not None:
        yield Fact("redirect_to", str(policy.redirect_to), case.from_environment("redirect_to"))
    if policy.allow is not None:
        yield Fact("allow", list(policy.allow), case.from_environment("allow"))
    if policy.subject_prefix:
        yield Fact("subject_prefix", policy.subject_prefix, case.from_environment("subject_prefix"))


def _octets(case: Case, message: Message) -> Iterator[Fact]:
    domain = message.message_id.rstrip(">").rpartition("@")[2]
    by_plugin = case.changed("message_id")
    yield Fact("message_id_domain", domain, by_plugin or Origin("derived", "the domain of the sender"))
    if case.composed.built is None:
        return
    subject_by = case.changed("subject") or Origin("derived", "its template")
    prefixed = case.composed.message is not None and message.subject != case.composed.message.subject
    prefix = case.from_environment("subject_prefix") if prefixed else None
    yield Fact("subject", case.shown(message.subject), prefix or subject_by)
    yield _size(case, message)


def _size(case: Case, message: Message) -> Fact:
    try:
        size = len(message.as_bytes(smtputf8=message.needs_smtputf8))
    except NotifyError as error:
        return Fact("size", None, problems=(case.problem(error),))
    inner = (Fact("html", len((message.html or "").encode())),) if message.html is not None else ()
    return Fact("size", size, Origin("derived", "the whole mail, in octets"), inner=inner)
