"""A kept mail as a message that can be sent again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.addresses import Address, addresses
from notify.errors import MessageError, NotifyError
from notify.message import Attachment, Message, Trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.addresses import AddressLike
    from notify.preview.opened import Opened, Part

_MADE_ANEW = frozenset({
    "bcc", "cc", "date", "dkim-signature", "from", "message-id", "mime-version", "received", "reply-to", "sender",
    "subject", "to",
})  # fmt: skip
_OF_THE_WAY = frozenset({
    "authentication-results", "delivered-to", "received-spf", "return-path", "x-notify", "x-original-to",
})  # fmt: skip
_PREFIXES = ("arc-", "content-", "resent-")
_SEALED = frozenset({"multipart/encrypted", "multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_CALENDARS = frozenset({"application/ics", "text/calendar"})
_METHOD = re.compile(rb"^METHOD:([A-Za-z-]{1,30})[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)


def message_of(opened: Opened, *, to: AddressLike | Iterable[AddressLike]) -> Message:
    """The kept mail as a message for other recipients, with a Message-ID and a Date of its own.

    Sender, subject, bodies, files and the headers that a message may have are carried over; what the way of the first
    mail wrote into it is not.

    Raises:
        MessageError: something of the mail cannot be carried over, or is not what a message may have; says what.
        AddressError: `to` is no address.
    """
    recipients = addresses(to)
    try:
        return _message(opened, recipients)
    except NotifyError as error:
        raise MessageError(f"this mail cannot be sent again: {error}") from error


def _message(opened: Opened, to: tuple[Address, ...]) -> Message:
    if opened.root.content_type in _SEALED:
        raise MessageError(f"it is signed or encrypted as a whole ({opened.root.content_type})")
    senders = opened.people("From")
    if not senders:
        raise MessageError("it does not say who it is from")
    trace = Trace.read(opened.data)
    return Message(
        sender=Address(senders[0][1], senders[0][0]),
        to=to,
        subject=opened.subject,
        text=opened.text,
        html=opened.html,
        reply_to=tuple(Address(email, name) for name, email in opened.people("Reply-To")),
        headers=tuple(_headers(opened)),
        attachments=tuple(_attachments(opened)),
        tags=trace.tags,
        notification=trace.notification or None,
        locale=trace.locale or None,
    )


def _headers(opened: Opened) -> Iterator[tuple[str, str]]:
    for header in opened.headers:
        name = header.name.lower()
        if name not in _MADE_ANEW | _OF_THE_WAY and not name.startswith(_PREFIXES):
            yield header.name, header.value


def _attachments(opened: Opened) -> Iterator[Attachment]:
    """The files; an invitation, which stands in the mail twice, once."""
    alternatives = [part for part in _alternatives(opened.root) if part in opened.attachments]
    invitations = {_calendar(part, opened) for part in alternatives}
    for part in opened.attachments:
        if part in alternatives:
            yield _invitation(part, opened)
        elif part.content_type not in _CALENDARS or _calendar(part, opened) not in invitations:
            yield _file(part, opened)


def _alternatives(part: Part) -> Iterator[Part]:
    """What stands beside the text and the HTML for programs that can show it."""
    for inner in part.parts if part.content_type.startswith("multipart/") else ():
        if part.content_type == "multipart/alternative" and not inner.parts:
            yield inner
        yield from _alternatives(inner)


def _invitation(part: Part, opened: Opened) -> Attachment:
    content = opened.content(part.index) or b""
    method = _METHOD.search(content)
    if part.content_type != "text/calendar" or method is None:
        raise MessageError(f"it has an alternative of type {part.content_type}, which a message of notify has not")
    same = (
        each.filename for each in opened.attachments
        if each is not part and each.content_type in _CALENDARS and _calendar(each, opened) == _calendar(part, opened)
    )  # fmt: skip
    name = part.filename or next(same, "") or "invite.ics"
    return Attachment(name, content, type="text/calendar", method=method[1].decode())


def _calendar(part: Part, opened: Opened) -> tuple[bytes, ...]:
    return tuple((opened.content(part.index) or b"").split())


def _file(part: Part, opened: Opened) -> Attachment:
    charset = f"; charset={part.charset}" if part.charset and part.content_type.startswith("text/") else ""
    name = part.filename or ("" if part.cid else "message.eml" if part.parts else f"part-{part.index}")
    return Attachment(name, opened.content(part.index), type=part.content_type + charset, cid=part.cid or None)
