"""A message as octets: mixed (files) around related (images) around alternative (text, HTML), as far as needed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from notify.addresses import Address
from notify.errors import MessageError, RefusedError
from notify.message.checks import is_for_programs
from notify.mime import file_part, mailbox_list, multipart, structured, text_part, unstructured
from notify.wire import WireOctets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notify.message.attachment import Attachment
    from notify.message.model import Message

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NOBODY = "To: undisclosed-recipients:;\r\n"
_RARE = (b"+", b"_")
"""Stand in boundaries that are made up; seldom in texts the one, never in base64 the other."""
_AUTOMATIC = "Auto-Submitted: auto-generated\r\n"


def compose(message: Message, *, eight_bit: bool, smtputf8: bool) -> WireOctets:
    """The whole message, from its first header to its last CRLF.

    Raises:
        RefusedError: an address needs SMTPUTF8, and `smtputf8` is false.
        ConfigError: an attachment cannot be read.
        MessageError: an invitation is not text, or an address field does not read as what was to be written.
    """
    head = _head(message)
    # All but a local part is ASCII in a header; these two are in none.
    unsure = message.bcc or message.return_path is not None or not head.isascii()
    if unsure and not smtputf8 and message.needs_smtputf8:
        _refuse(message)
    # No header holds a line break but its own, and every body has its line breaks made CRLF.
    return WireOctets(head.encode() + _entity(message, eight_bit=eight_bit))


@lru_cache(maxsize=64)
def date_time(when: datetime) -> str:
    """An aware UTC time as a header has it (RFC 5322, section 3.3), whatever the locale."""
    return (
        f"{_DAYS[when.weekday()]}, {when.day:02} {_MONTHS[when.month - 1]} {when.year:04} "
        f"{when.hour:02}:{when.minute:02}:{when.second:02} +0000"
    )


@lru_cache(maxsize=256)
def _from(email: str, name: str) -> str:
    return mailbox_list("From", (Address(email, name),))


def _head(message: Message) -> str:
    sender = _from(message.sender.email, message.sender.name)
    nobody = "" if message.cc else _NOBODY
    to = mailbox_list("To", message.to) if message.to else nobody
    copies = mailbox_list("Cc", message.cc) if message.cc else ""
    answers = mailbox_list("Reply-To", message.reply_to) if message.reply_to else ""
    automatic, more = message.category != "marketing", ""
    for name, value in message.headers:
        more += structured(name, value) if is_for_programs(name) else unstructured(name, value)
        automatic = automatic and name.lower() != "auto-submitted"
    return (
        f"{sender}{to}{copies}{answers}{unstructured('Subject', message.subject)}"
        f"Date: {date_time(message.date)}\r\nMessage-ID: {message.message_id}\r\n{more}"
        f"{_AUTOMATIC if automatic else ''}MIME-Version: 1.0\r\n"
    )


def _entity(message: Message, *, eight_bit: bool) -> bytes:
    texts = []
    text, html = message.octets
    if text is not None or html is None:
        texts.append(text_part("text/plain", text or b"", eight_bit=eight_bit))
    if html is not None:
        texts.append(text_part("text/html", html, eight_bit=eight_bit))
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
        content.decode()
    except UnicodeDecodeError:
        raise MessageError(f"attachment {attachment.filename!r}: an invitation is text in UTF-8") from None
    return text_part(f"text/calendar; method={attachment.method}", content, eight_bit=eight_bit)


def _boundary(wanted: str, parts: Sequence[bytes]) -> str:
    """`wanted`, lengthened by a number for as long as a part holds it."""
    boundary, number = wanted, 0
    while _holds(parts, boundary.encode("ascii")):
        number += 1
        boundary = f"{wanted}{number}"
    return boundary


def _holds(parts: Sequence[bytes], sought: bytes) -> bool:
    # To look for one letter takes a small part of the time that it takes to look for many.
    first, second = _RARE if all(letter in sought for letter in _RARE) else (sought, sought)
    for part in parts:  # noqa: SIM110  # a generator takes twice as long for two parts
        if first in part and second in part and sought in part:
            return True
    return False


def _refuse(message: Message) -> None:
    needing = next(address for address in message.addresses if address.needs_smtputf8)
    raise RefusedError(
        f"the address {needing.email!r} needs SMTPUTF8, and the server does not offer it",
        recipient=needing.email,
        advice="Use an address whose part before the '@' is ASCII, or a server with SMTPUTF8 (RFC 6531).",
    )
