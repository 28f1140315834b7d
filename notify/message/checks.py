"""What must never reach a header or a body; found when the message is built, whatever will carry it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from notify.errors import AddressError, MessageError
from notify.message.attachment import Attachment
from notify.mime import structured
from notify.wire import WireText

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,76}")
_BROKEN = re.compile("[\r\n\0\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,255}>")
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=?-]{1,60}")

_KEYWORDS = {
    "from": "sender=",
    "to": "to=",
    "cc": "cc=",
    "bcc": "bcc=",
    "reply-to": "reply_to=",
    "subject": "subject=",
    "date": "date=",
    "message-id": "message_id=",
    "return-path": "return_path=",
    "sender": "sender=",
}
_NOBODYS = {"mime-version", "received"}
_FOR_PROGRAMS = frozenset({
    "archived-at", "auto-submitted", "dkim-signature", "feedback-id", "importance", "in-reply-to", "precedence",
    "priority", "references", "x-auto-response-suppress", "x-mailgun-recipient-variables", "x-mailgun-variables",
    "x-priority", "x-smtpapi",
})  # fmt: skip


def is_for_programs(name: str) -> bool:
    """Whether a header's value must arrive as written, not as encoded words: identifiers, URLs, JSON."""
    name = name.lower()
    return name.startswith("list-") or name in _FOR_PROGRAMS


def check_subject(subject: str) -> None:
    """Refuse what could end the header.

    Raises:
        AddressError: the subject is no text, or holds a line break, a NUL or half of a surrogate pair.
    """
    if not isinstance(subject, str):
        raise AddressError(f"header Subject: expected text, got {subject!r:.80}")
    if subject.isprintable():
        return
    if broken := _BROKEN.search(subject):
        raise AddressError(f"header Subject: {broken[0]!r} must not be in its value {subject!r:.80}")


def check_headers(headers: Any) -> tuple[tuple[str, str], ...]:
    """Extra headers as pairs; refused if they cannot stand, or are not the caller's to write.

    Raises:
        AddressError: a name is malformed, reserved or given twice, or a value cannot be carried.
    """
    try:
        pairs = tuple((name, value) for name, value in (headers.items() if isinstance(headers, Mapping) else headers))
    except (TypeError, ValueError):
        raise AddressError(f"headers: expected (name, value) pairs or a mapping, got {headers!r:.80}") from None
    seen: set[str] = set()
    for name, value in pairs:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise AddressError(f"header {name!r:.80}: a name is up to 76 letters, digits and hyphens, without blanks")
        lower = name.lower()
        if lower in _KEYWORDS:
            raise AddressError(f"header {name}: notify writes it itself; give {_KEYWORDS[lower]} instead")
        if lower in _NOBODYS or lower.startswith(("content-", "resent-")):
            raise AddressError(f"header {name}: it follows from the content and the way; leave it out")
        if lower in seen:
            raise AddressError(f"header {name}: given twice")
        seen.add(lower)
        if not isinstance(value, str):
            raise AddressError(f"header {name}: expected text, got {value!r:.80}")
        if broken := _BROKEN.search(value):
            raise AddressError(f"header {name}: {broken[0]!r} must not be in its value {value!r:.80}")
        if is_for_programs(name):
            structured(name, value)
    return pairs


def check_message_id(message_id: object) -> None:
    """Refuse what is no `<left@right>` (RFC 5322, section 3.6.4).

    Raises:
        AddressError: it is not.
    """
    if not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        raise AddressError(f"header Message-ID: expected '<left@right>' in printable ASCII, got {message_id!r:.80}")


def check_boundary(boundary: object) -> None:
    """Refuse what cannot part the parts (RFC 2046, section 5.1.1).

    Raises:
        AddressError: it has other letters, or more than 60.
    """
    if not isinstance(boundary, str) or not _BOUNDARY.fullmatch(boundary):
        raise AddressError(f"boundary: expected up to 60 letters, digits and '()+_,./:=?-, got {boundary!r:.80}")


def encoded(part: str, text: object) -> bytes | None:
    """A body in UTF-8, for which half of a surrogate pair is refused; None is none.

    Raises:
        MessageError: there is one, and it says where; or it is no text.
    """
    if text is None or type(text) is WireText:
        return text
    if not isinstance(text, str):
        raise MessageError(f"the {part} part: expected text, got {text!r:.80}")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise MessageError(
            f"the {part} part: {text[error.start]!r} at character {error.start} is half of a surrogate pair"
        ) from None


def as_attachments(attachments: Any) -> tuple[Attachment, ...]:
    """One attachment or several as a tuple; None is none.

    Raises:
        MessageError: one is of another kind, or two have one `cid`.
    """
    if attachments is None:
        return ()
    if isinstance(attachments, Attachment):
        attachments = (attachments,)
    if not isinstance(attachments, Iterable):
        raise MessageError(f"attachments: expected an Attachment, or several in a list, got {attachments!r:.80}")
    given = tuple(attachments)
    seen: set[str] = set()
    for attachment in given:
        if not isinstance(attachment, Attachment):
            raise MessageError(f"attachments: expected Attachment(...), got {attachment!r:.80}")
        if attachment.cid in seen:
            raise MessageError(f"attachment {attachment.filename!r}: the cid {attachment.cid!r} is given twice")
        if attachment.cid is not None:
            seen.add(attachment.cid)
    return given


def in_utc(when: object) -> datetime:
    """An aware time in UTC and whole seconds, as the Date header has it.

    Raises:
        AddressError: it is no aware time.
    """
    if not isinstance(when, datetime) or when.tzinfo is None:
        raise AddressError(f"header Date: expected an aware time such as datetime.now(UTC), got {when!r}")
    if when.tzinfo is UTC and not when.microsecond:
        return when
    return when.astimezone(UTC).replace(microsecond=0)
