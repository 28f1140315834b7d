"""Rules about what the environment's transport can do with a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.rule import AnyRule, Problem, rule
from notify.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import Location
    from notify.transport import Transport


@rule(
    Mail,
    "cfg-missing-capability",
    severity="warning",
    why="What a transport cannot do is dropped or refused when the mail is sent: tags and metadata do not reach the "
    "provider, a mail that is too large or has too many recipients goes to nobody.",
    example="tags: [orders]   # and the environment's transport is smtp, without a preset",
    cure="Choose a transport that can: `notify transports` says what each does; or take it out of the definition.",
)
def missing_capability(mail: Mail) -> Iterator[Problem]:
    """The environment's transport lacks what the mail needs."""
    transport = mail.whole.transport
    if transport is None:
        return
    can, message, definition = transport.capabilities, mail.message, mail.definition
    who = f"the transport {transport.name}"
    hint = "choose one that does, see `notify transports`"
    if message.tags and not can.tags:
        yield Problem(_at(mail, "tags"), f"{who} does not hand on tags: {', '.join(message.tags)}", hint)
    if message.metadata and not can.metadata:
        yield Problem(definition.location, f"{who} does not hand on metadata: {', '.join(message.metadata)}", hint)
    people = len(message.envelope.recipients)
    if can.max_recipients is not None and people > can.max_recipients:
        told = f"the mail has {people} recipients, and {who} takes {can.max_recipients}"
        yield Problem(_at(mail, "cc"), told, "send one mail to each", "error")
    if can.max_bytes is not None and len(mail.octets) > can.max_bytes:
        told = f"the mail has {len(mail.octets):,} octets, and {who} takes {can.max_bytes:,}"
        yield Problem(_at(mail, "attachments"), told, "link to files instead of attaching them", "error")
    if can.delivers and message.needs_smtputf8:
        needing = next(address.email for address in message.addresses if address.needs_smtputf8)
        told = f"{needing} needs a server with SMTPUTF8 (RFC 6531), which few offer"
        yield Problem(_holding(mail, needing), told, "use an address whose part before the @ is ASCII")


def _at(mail: Mail, key: str) -> Location:
    return mail.whole.place(mail.definition, key)


def _holding(mail: Mail, email: str) -> Location:
    """Where the definition or its sample gives an address."""
    definition = mail.definition
    fields = {
        "sender": (definition.sender,), "reply_to": definition.reply_to, "cc": definition.cc, "bcc": definition.bcc,
    }  # fmt: skip
    for field, people in fields.items():
        if any(person is not None and person.email == email for person in people):
            return _at(mail, field)
    return mail.whole.place(definition, "samples", mail.sample, "to")


@rule(
    Mail,
    "cfg-foreign-options",
    severity="warning",
    why="A transport reads only the options of its own provider, so that these change nothing.",
    example="options: {sendgrid: {ip_pool: shop}}   # and the environment's transport is smtp",
    cure="Remove them, or give the environment a transport of that provider.",
)
def foreign_options(mail: Mail) -> Iterator[Problem]:
    """The definition has options for another provider than the environment's."""
    transport = mail.whole.transport
    if transport is None or not transport.capabilities.delivers:
        return
    providers = {name for carrier in mail.whole.carriers for name in _providers(mail, carrier)}
    for name in mail.message.options:
        if not any(each.startswith(name) for each in providers):
            place = mail.whole.place(mail.definition, "options", name)
            message = f"the options of {name} mean nothing to the transport {transport.name}"
            yield Problem(place, message, f"remove them, or use a transport of {name}")


def _providers(mail: Mail, carrier: Transport) -> Iterator[str]:
    """The names of types that the transport is of, and of the service that a preset says it is."""
    types = mail.whole.notifier.plugins.transports()
    yield from (name for name, cls in types.items() if isinstance(carrier, cls))
    yield str(getattr(carrier, "preset", None) or "")


@rule(
    Mail,
    "cfg-refused",
    severity="error",
    why="The transport knows without asking anybody that it would not take the mail.",
    example="options: {sendgrid: {ip_pol: shop}}",
    cure="Do what the message says.",
)
def refused(mail: Mail) -> Iterator[Problem]:
    """The environment's transport would refuse the mail."""
    for carrier in mail.whole.carriers:
        reason = carrier.objection(mail.message)
        if reason and reason != carrier.objection(_plain(mail)):
            yield Problem(mail.definition.location, f"the transport {carrier.name}: {reason}", "change the mail")


def _plain(mail: Mail) -> Message:
    """A mail of the same sender with nothing in it: what speaks against that is found for the project."""
    return Message(sender=mail.message.sender, to="recipient@example.com", subject="Hello", text="Hello")


RULES: tuple[AnyRule, ...] = (missing_capability, foreign_options, refused)
