"""A kept mail in a list: what is known of it without opening it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from notify.message import Trace

if TYPE_CHECKING:
    from datetime import datetime

    from notify.preview.opened import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The summary of a kept mail; texts are as people read them.

    Attributes:
        id: letters and digits that name the mail as long as its file keeps its name; no path.
        received: when it came, as its file's name or time says; aware.
        size: octets of the file.
        message_id: with angle brackets.
        subject, sender, to, cc: the headers.
        snippet: what an inbox shows after the subject.
        recipients: the envelope's recipients, where they were kept; else those of To and Cc.
        return_path: the envelope's sender, where it was kept.
        notification, locale: of a mail that notify rendered.
        tags: as the message had them, or of the header `X-Tags` or `X-Tag` of another program.
        attachments: the names of attached files; the content type of one that has none.
        has_text, has_html: whether there is such a part.
    """

    id: str
    received: datetime
    size: int
    message_id: str
    subject: str
    sender: str
    to: str
    cc: str
    snippet: str
    recipients: tuple[str, ...]
    return_path: str
    notification: str
    locale: str
    tags: tuple[str, ...]
    attachments: tuple[str, ...]
    has_text: bool
    has_html: bool

    def as_document(self) -> dict[str, Any]:
        """The summary as JSON has it; times in ISO 8601."""
        document = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in document.items()} | {
            "received": self.received.isoformat()
        }


def summary(identifier: str, received: datetime, opened: Opened) -> Mail:
    """The summary of a mail that was opened."""
    trace = Trace.read(opened.data)
    return Mail(
        id=identifier,
        received=received,
        size=opened.size(),
        message_id=opened.message_id,
        subject=opened.subject,
        sender=opened.sender,
        to=opened.to,
        cc=opened.cc,
        snippet=opened.preheader,
        recipients=trace.recipients or _named(opened),
        return_path=trace.sender,
        notification=trace.notification,
        locale=trace.locale,
        tags=trace.tags or _tags(opened),
        attachments=tuple(
            part.filename or part.content_type for part in opened.attachments if not _is_shown(part.cid, opened)
        ),
        has_text=opened.text is not None,
        has_html=opened.html is not None,
    )


def _named(opened: Opened) -> tuple[str, ...]:
    return tuple(dict.fromkeys(email for _, email in opened.people("To") + opened.people("Cc")))


def _tags(opened: Opened) -> tuple[str, ...]:
    """Several in one header stand between commas; one header for each is as usual."""
    values = [header.value for header in opened.headers if header.name.lower() in {"x-tag", "x-tags"}]
    tags = (tag.strip() for value in values for tag in value.split(","))
    return tuple(dict.fromkeys(filter(None, tags)))


def _is_shown(cid: str, opened: Opened) -> bool:
    """Whether the HTML shows it, so that it is no attachment to people."""
    return bool(cid) and f"cid:{cid}" in (opened.html or "")
