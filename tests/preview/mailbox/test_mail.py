"""`notify.preview.mailbox.mail`: the summary of a kept mail."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from preview.mailbox.mails import message

from notify import Address, Attachment
from notify.message import Trace
from notify.preview.mailbox.mail import Mail, summary
from notify.preview.opened import open_mail

WHEN = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


def summarised(data: bytes) -> Mail:
    """The summary of a mail."""
    return summary("a1", WHEN, open_mail(data))


def test_a_mail_of_notify() -> None:
    """The trace says who was to get it and what it is; a picture in the HTML is no attachment."""
    sent = message(
        bcc=(Address("hidden@example.com"),),
        html="<p>Dear Ada</p><img src='cid:logo'>",
        notification="order",
        locale="de",
        tags=("a, b",),
        attachments=(Attachment("logo.png", b"x", cid="logo"), Attachment("a.pdf", b"x")),
    )
    data = Trace.of(sent).as_bytes() + sent.as_bytes()

    assert Mail(
        id="a1",
        received=WHEN,
        size=len(data),
        message_id=sent.message_id,
        subject="Your order",
        sender="Shop <shop@example.com>",
        to="Ada <ada@example.com>",
        cc="",
        snippet="Dear Ada",
        recipients=("ada@example.com", "hidden@example.com"),
        return_path="shop@example.com",
        notification="order",
        locale="de",
        tags=("a, b",),
        attachments=("a.pdf",),
        has_text=True,
        has_html=True,
    ) == summarised(data)


def test_a_mail_of_another_program() -> None:
    """Without a trace, the headers say who it is for; tags come from its own header."""
    mail = summarised(
        b'To: "Ada, L." <ada@example.com>, zoe@example.com\nCc: ada@example.com\nX-Tags: one, two,\nX-Tag: three\n'
        b"Content-Type: application/pdf\n\nx"
    )

    assert ("ada@example.com", "zoe@example.com") == mail.recipients
    assert ("one", "two", "three") == mail.tags
    assert ("application/pdf",) == mail.attachments
    assert (False, False, "", "") == (mail.has_text, mail.has_html, mail.return_path, mail.notification)


def test_as_json() -> None:
    """The document can be written as JSON, and has every attribute."""
    document = summarised(b"Subject: x\nX-Tag: a\n\nHi").as_document()

    assert document == json.loads(json.dumps(document))
    assert set(Mail.__dataclass_fields__) == set(document)
    assert ("2026-11-30T10:00:00+00:00", ["a"]) == (document["received"], document["tags"])
