"""Messages as the body of POST /v3/mail/send.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send: one request is one mail to several people, each
of them, or each group of them, a personalization.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify import RefusedError
from notify_sendgrid.filters import for_api

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notify import Address, Message
    from notify_sendgrid.instructions import Instructions

MOST_PEOPLE = 1000
LARGEST = 30 * 1024 * 1024
_RESERVED = frozenset({
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from",
    "subject", "reply-to", "cc", "bcc", "x-smtpapi",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """One message on its way.

    Attributes:
        message: the message; one that is only for some names nobody else.
        instructions: what it tells SendGrid.
        people: how many it goes to.
        personalizations: those of the request that are its own, as JSON.
    """

    message: Message
    instructions: Instructions
    people: int
    personalizations: tuple[str, ...]

    @classmethod
    def of(cls, message: Message, instructions: Instructions) -> Letter:
        """The letter of a message that the API is not known to refuse.

        Raises:
            ValueError: it would refuse it.
        """
        message = _narrowed(message)
        _check(message, instructions)
        groups = _recipients(message)
        people = sum(len(each) for group in groups for each in group.values())
        if people > MOST_PEOPLE:
            raise ValueError(f"the message has {people} recipients, and SendGrid takes {MOST_PEOPLE} at once")
        own: dict[str, Any] = {"headers": _headers(message), "custom_args": dict(instructions.arguments)}
        if instructions.send_at is not None:
            own["send_at"] = instructions.send_at
        return cls(message, instructions, people, tuple(_json({**group, **own}) for group in groups))

    def joins(self, other: Letter) -> bool:
        """Whether one request can carry both: they differ in whom they go to, and what is noted of each, only."""
        if len(self.personalizations) != 1 or len(other.personalizations) != 1:
            return False
        return _alike(self.message) == _alike(other.message) and self.instructions.shared == other.instructions.shared


def request(letters: Sequence[Letter], *, sandbox: bool) -> bytes:
    """The body of a request for letters that join.

    Raises:
        NotifyError: an attachment cannot be read, or an invitation is no text.
    """
    shared = _json(_shared(letters[0], sandbox=sandbox))
    people = ", ".join(each for letter in letters for each in letter.personalizations)
    return f'{{"personalizations": [{people}], {shared[1:]}'.encode()


def _narrowed(message: Message) -> Message:
    """A message to those whom it is for: the API writes To and Cc itself, of those who get it, and wants one in To."""
    if not message.only:
        return message
    to, cc, bcc = (
        tuple(address for address in people if address.email in message.only)
        for people in (message.to, message.cc, message.bcc)
    )
    return message.replace(to=to or cc, cc=cc if to else (), bcc=bcc, only=())


def _check(message: Message, instructions: Instructions) -> None:
    if instructions.rest:
        raise ValueError(
            f"the header X-SMTPAPI has {', '.join(instructions.rest)}, which the API does not read: give options "
            "instead, or use the transport sendgrid"
        )
    for_api(instructions.filters)
    if not message.subject:
        raise ValueError("the message has no subject, and the API wants one")
    if not any(message.octets):
        raise ValueError("the message has neither text nor HTML, and the API wants one")
    if message.needs_smtputf8:
        needing = next(address.email for address in message.addresses if not address.email.isascii())
        raise ValueError(f"the address {needing!r} is not ASCII before the '@', and SendGrid takes no such address")
    if message.cc and not message.to:
        raise ValueError("the message has cc and no to, and the API wants somebody there")


def _recipients(message: Message) -> list[dict[str, list[dict[str, str]]]]:
    """Whom it goes to, each address once; people in blind copy only, each alone, for the API wants somebody in to."""
    seen: set[str] = set()
    people = {name: _once(getattr(message, name), seen) for name in ("to", "cc", "bcc")}
    if not people["to"]:
        return [{"to": [each]} for each in people["bcc"]]
    return [{name: each for name, each in people.items() if each}]


def _once(addresses: Iterable[Address], seen: set[str]) -> list[dict[str, str]]:
    found = []
    for address in addresses:
        if address.email.lower() not in seen:
            seen.add(address.email.lower())
            found.append(_address(address))
    return found


def _address(address: Address) -> dict[str, str]:
    return {"email": address.email, "name": address.name} if address.name else {"email": address.email}


def _headers(message: Message) -> dict[str, str]:
    headers = {"Message-ID": message.message_id}
    headers |= {name: _encoded(value) for name, value in message.headers if name.lower() not in _RESERVED}
    if message.category != "marketing" and "auto-submitted" not in map(str.lower, headers):
        headers["Auto-Submitted"] = "auto-generated"
    return headers


def _encoded(value: str) -> str:
    """A header's value in ASCII: SendGrid leaves that to its clients."""
    if value.isascii():
        return value
    from email.header import Header

    return Header(value, "utf-8").encode(linesep="")


def _alike(message: Message) -> tuple[object, ...]:
    return message.octets, message.subject, message.sender, message.reply_to, message.attachments, message.delivery


def _shared(letter: Letter, *, sandbox: bool) -> dict[str, Any]:
    message, instructions = letter.message, letter.instructions
    content, attachments = _parts(message)
    body: dict[str, Any] = {"from": _address(message.sender), "subject": message.subject, "content": content}
    if len(message.reply_to) == 1:
        body["reply_to"] = _address(message.reply_to[0])
    elif message.reply_to:
        body["reply_to_list"] = [_address(address) for address in message.reply_to]
    sections = for_api(instructions.filters)
    if sandbox:
        sections.setdefault("mail_settings", {})["sandbox_mode"] = {"enable": True}
    asm: dict[str, Any] = {"group_id": instructions.asm_group}
    if instructions.asm_groups_to_display:
        asm["groups_to_display"] = list(instructions.asm_groups_to_display)
    said = {
        "attachments": attachments,
        "categories": list(instructions.categories),
        "batch_id": instructions.batch_id,
        "asm": asm if instructions.asm_group is not None else None,
        "ip_pool_name": instructions.ip_pool,
        **sections,
    }
    return body | {name: value for name, value in said.items() if value}


def _parts(message: Message) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Content, text first, an invitation last; and the files."""
    text, html = message.octets
    content = [
        {"type": kind, "value": octets.decode()}
        for kind, octets in (("text/plain", text), ("text/html", html))
        if octets
    ]
    files = []
    for attachment in message.attachments:
        octets = attachment.read()
        # a type with parameters is not taken here
        file = {"content": b64encode(octets).decode("ascii"), "type": attachment.media_type.partition(";")[0].strip()}
        if attachment.method is not None:
            content.append({"type": f"text/calendar; method={attachment.method}", "value": _text(octets)})
            file["type"] = "application/ics"
        file["filename"] = attachment.filename or str(attachment.cid)
        file["disposition"] = "attachment"
        if attachment.cid is not None and message.html is not None:
            file |= {"disposition": "inline", "content_id": attachment.cid}
        files.append(file)
    return content, files


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise RefusedError("an invitation is text in UTF-8") from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
