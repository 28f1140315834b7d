"""A message as octets: mixed (files) around related (images) around alternative (text, HTML), as far as needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import MessageError, RefusedError
from notify.message.checks import is_for_programs
from notify.mime import file_part, mailbox_list, multipart, structured, text_part, unstructured

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from notify.message.attachment import Attachment
    from notify.message.model import Message

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def compose(message: Message, *, eight_bit: bool, smtputf8: bool) -> bytes:
    """The whole message, from its first header to its last CRLF.

    Raises:
        RefusedError: an address needs SMTPUTF8, and `smtputf8` is false.
        ConfigError: an attachment cannot be read.
        MessageError: an invitation is not text, or an address field does not read as what was to be written.
    """
    if not smtputf8 and message.needs_smtputf8:
        _refuse(message)
    return _head(message).encode() + _entity(message, eight_bit=eight_bit)


def date_time(when: datetime) -> str:
    """An aware UTC time as a header has it (RFC 5322, section 3.3), whatever the locale."""
    return (
        f"{_DAYS[when.weekday()]}, {when.day:02} {_MONTHS[when.month - 1]} {when.year:04} "
        f"{when.hour:02}:{when.minute:02}:{when.second:02} +0000"
    )


def _head(message: Message) -> str:
    lines = [mailbox_list("From", (message.sender,))]
    if message.to:
        lines.append(mailbox_list("To", message.to))
    elif not message.cc:
        lines.append("To: undisclosed-recipients:;\r\n")
    if message.cc:
        lines.append(mailbox_list("Cc", message.cc))
    if message.reply_to:
        lines.append(mailbox_list("Reply-To", message.reply_to))
    lines.append(unstructured("Subject", message.subject))
    lines.append(f"Date: {date_time(message.date)}\r\n")
    lines.append(f"Message-ID: {message.message_id}\r\n")
    automatic = message.category != "marketing"
    for name, value in message.headers:
        lines.append(structured(name, value) if is_for_programs(name) else unstructured(name, value))
        automatic = automatic and name.lower() != "auto-submitted"
    if automatic:
        lines.append("Auto-Submitted: auto-generated\r\n")
    lines.append("MIME-Version: 1.0\r\n")
    return "".join(lines)


def _entity(message: Message, *, eight_bit: bool) -> bytes:
    texts = []
    if message.text is not None or message.html is None:
        texts.append(text_part("text/plain", message.text or "", eight_bit=eight_bit))
    if message.html is not None:
        texts.append(text_part("text/html", message.html, eight_bit=eight_bit))
    if not message.attachments:
        if len(texts) == 1:
            return texts[0]
        return multipart("alternative", texts, _boundary(message.boundary, texts) + ".a")
    return _with_files(message, texts, eight_bit=eight_bit)


def _with_files(message: Message, texts: list[bytes], *, eight_bit: bool) -> bytes:
    inline: list[bytes] = []
    files: list[bytes] = []
    for attachment in message.attachments:
        content = attachment.read()
        shown = attachment.cid is not None and message.html is not None
        if attachment.method is not None:
            texts.append(_calendar(attachment, content, eight_bit=eight_bit))
        (inline if shown else files).append(
            file_part(attachment.media_type, content, attachment.filename, cid=attachment.cid, eight_bit=eight_bit)
        )
    boundary = _boundary(message.boundary, [*texts, *inline, *files])
    root, body = "text/html", texts[0]
    if len(texts) > 1:
        root, body = "multipart/alternative", multipart("alternative", texts, f"{boundary}.a")
    if inline:
        body = multipart("related", [body, *inline], f"{boundary}.r", root=root)
    if files:
        body = multipart("mixed", [body, *files], f"{boundary}.m")
    return body


def _calendar(attachment: Attachment, content: bytes, *, eight_bit: bool) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise MessageError(f"attachment {attachment.filename!r}: an invitation is text in UTF-8") from None
    return text_part(f"text/calendar; method={attachment.method}", text, eight_bit=eight_bit)


def _boundary(wanted: str, parts: Iterable[bytes]) -> str:
    """`wanted`, lengthened by a number for as long as a part holds it."""
    parts, boundary, number = list(parts), wanted, 0
    while any(boundary.encode("ascii") in part for part in parts):
        number += 1
        boundary = f"{wanted}{number}"
    return boundary


def _refuse(message: Message) -> None:
    needing = next(address for address in message.addresses if address.needs_smtputf8)
    raise RefusedError(
        f"the address {needing.email!r} needs SMTPUTF8, and the server does not offer it",
        recipient=needing.email,
        advice="Use an address whose part before the '@' is ASCII, or a server with SMTPUTF8 (RFC 6531).",
    )
