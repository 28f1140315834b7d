"""`notify.preview.mailbox.replay`: a kept mail is sent again."""

from __future__ import annotations

import pytest
from preview.mailbox.mails import message

from notify import Address, AddressError, Attachment, MessageError
from notify.message import Trace
from notify.preview.mailbox import message_of
from notify.preview.opened import open_mail

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def test_a_mail_of_notify_is_sent_as_it_was() -> None:
    """Sender, subject, bodies, headers, files, pictures, labels: all but the recipients, the id and the date."""
    sent = message(
        "Ваш заказ",
        to=(Address("ada@example.com"),),
        cc=(Address("cc@example.com"),),
        bcc=(Address("bcc@example.com"),),
        sender=Address("shop@example.com", "Ä, B"),
        reply_to=(Address("help@example.com", "Help, please"), Address("b@example.com")),
        html="<p>Dear Ada</p><img src='cid:logo'>\n",
        headers=(("X-Order", "Größe 5"), ("List-Unsubscribe", "<https://example.com/u>"), ("References", "<a@b>")),
        attachments=(
            Attachment("logo.png", b"\x89PNG", cid="logo"),
            Attachment("Größe.csv", "Größe".encode("latin-1"), type="text/csv; charset=iso-8859-1"),
            Attachment("invite.ics", ICS, method="REQUEST"),
            Attachment("other.ics", ICS + b"X:1\r\n"),
            Attachment("inner.eml", b"Subject: inner\r\n\r\nHi\r\n"),
        ),
        tags=("a; b",),
        notification="order",
        locale="de",
        category="marketing",
    )

    again = message_of(open_mail(Trace.of(sent).as_bytes() + sent.as_bytes()), to="Zoë <zoe@example.com>")

    same = {
        name: (getattr(sent, name), getattr(again, name))
        for name in ("sender", "subject", "text", "html", "reply_to", "headers", "tags", "notification", "locale")
    }
    assert [] == [name for name, (one, other) in same.items() if one != other]
    assert ((Address("zoe@example.com", "Zoë"),), (), ()) == (again.to, again.cc, again.bcc)
    assert sent.message_id != again.message_id
    described = [(each.filename, each.cid, each.method, each.content) for each in sent.attachments]
    assert sorted(map(repr, described)) == sorted(
        repr((each.filename, each.cid, each.method, each.content)) for each in again.attachments
    )
    assert {"text/csv; charset=iso-8859-1"} <= {each.type for each in again.attachments}
    assert again.as_bytes()


def test_a_mail_of_another_program() -> None:
    """What its way wrote into it stays behind; files without a name get one; a new message can be written."""
    again = message_of(
        open_mail(
            b"Return-Path: <x@example.com>\nReceived: by a\nReceived: by b\nDKIM-Signature: v=1\nARC-Seal: i=1\n"
            b"Resent-To: c@example.com\nSender: b@example.com\nBcc: d@example.com\nX-Mailer: Old\n"
            b"From: a@example.com\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
            b"--b\n\nHi\n--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: message/rfc822\n\nSubject: y\n\n"
            b"--b\nContent-ID: <c>\nContent-Type: image/gif\n\nx\n--b--\n"
        ),
        to=["zoe@example.com", ("Bob", "bob@example.com")],
    )

    assert (("X-Mailer", "Old"),) == again.headers
    assert ("Hi", None, None) == (again.text, again.html, again.notification)
    assert ["part-2", "message.eml", ""] == [each.filename for each in again.attachments]
    assert ["zoe@example.com", "bob@example.com"] == [each.email for each in again.to]
    assert b"Subject: x" in again.as_bytes()


def test_an_invitation_of_another_program() -> None:
    """A calendar among the alternatives becomes an invitation, named as the file that repeats it."""
    parts = b"--b\n\nCome\n--b\nContent-Type: text/calendar; method=REQUEST\n\n" + ICS + b"\n--b--\n"
    alternative = b"Content-Type: multipart/alternative; boundary=b\n\n" + parts
    file = b"\n--m\nContent-Type: application/ics; name=meeting.ics\n\n" + ICS + b"\n--m--\n"

    alone = message_of(open_mail(b"From: a@example.com\n" + alternative), to="zoe@example.com")
    doubled = message_of(
        open_mail(b"From: a@example.com\nContent-Type: multipart/mixed; boundary=m\n\n--m\n" + alternative + file),
        to="zoe@example.com",
    )

    assert [("invite.ics", "REQUEST")] == [(each.filename, each.method) for each in alone.attachments]
    assert [("meeting.ics", "REQUEST")] == [(each.filename, each.method) for each in doubled.attachments]


ALTERNATIVE = b"From: a@example.com\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nHi\n--b\nContent-Type: "


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (b"Subject: x\n\n", "does not say who it is from"),
        (b"From: nonsense\n\n", "nonsense"),
        (b"From: a@example.com\nX-A: 1\nX-A: 2\n\n", "header X-A: given twice"),
        (b"From: a@example.com\nReferences: <\xc3\xa9@x>\n\n", "header References: programs read it"),
        (
            b"From: a@example.com\nContent-Type: multipart/signed; boundary=b\n\n--b\n\nHi\n--b--\n",
            r"signed or encrypted as a whole \(multipart/signed\)",
        ),
        (ALTERNATIVE + b"text/x-amp-html\n\nHi\n--b--\n", "an alternative of type text/x-amp-html"),
        (ALTERNATIVE + b"text/calendar\n\nnonsense\n--b--\n", "an alternative of type text/calendar"),
        (
            b"From: a@example.com\nContent-Type: image/png; name*=utf-8''a%E2%80%AEb\n\nx",
            "must not be in a filename",
        ),
    ],
)
def test_what_cannot_be_carried_over_is_an_error(mail: bytes, words: str) -> None:
    """The error says that the mail cannot be sent again, and why."""
    with pytest.raises(MessageError, match=f"this mail cannot be sent again: .*{words}"):
        message_of(open_mail(mail), to="zoe@example.com")


def test_a_wrong_recipient_is_an_error_of_its_own() -> None:
    """It is not the mail that is wrong."""
    with pytest.raises(AddressError, match=r"^(?!this mail)"):
        message_of(open_mail(b"From: a@example.com\n\n"), to="nobody")
