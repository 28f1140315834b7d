"""Attachments: what they are called and made of, and where they stand in the message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message.wire import part, read

from notify.addresses import Address
from notify.errors import AddressError, ConfigError, MessageError
from notify.message import Attachment, Message

if TYPE_CHECKING:
    from email.message import EmailMessage

INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Gr\xc3\xb6\xc3\x9fe\r\nEND:VCALENDAR\r\n"


def build(*attachments: Attachment, **attributes: Any) -> Message:
    """A message with text and HTML and these attachments."""
    least: dict[str, Any] = {
        "sender": Address("shop@example.com"),
        "to": (Address("ada@example.com"),),
        "subject": "Hi",
    }
    bodies = {"text": "Hi", "html": "<p>Hi</p>", "attachments": attachments}
    return Message(**least | bodies | attributes)


def tree(parsed: EmailMessage) -> Any:
    """The types of a message: a type, or a type with those of its parts."""
    if not parsed.is_multipart():
        return parsed.get_content_type()
    return parsed.get_content_type(), [tree(part(parsed, at)) for at in range(len(parsed.get_payload()))]


def test_structure() -> None:
    """Files are around images are around the bodies."""
    parsed = read(build(Attachment("a.pdf", b"%PDF"), Attachment("logo.png", b"\x89PNG", cid="logo")))

    related = "multipart/related", [("multipart/alternative", ["text/plain", "text/html"]), "image/png"]
    assert ("multipart/mixed", [related, "application/pdf"]) == tree(parsed)
    assert "multipart/alternative" == part(parsed, 0).get_param("type")


def test_without_html() -> None:
    """An image that nothing can show is a file like others."""
    parsed = read(build(Attachment("logo.png", b"\x89PNG", cid="logo"), html=None))

    assert ("multipart/mixed", ["text/plain", "image/png"]) == tree(parsed)


def test_html_only() -> None:
    """The HTML may itself be the root of what is related."""
    parsed = read(build(Attachment("logo.png", b"\x89PNG", cid="logo"), text=None))

    assert ("multipart/related", ["text/html", "image/png"]) == tree(parsed)
    assert "text/html" == parsed.get_param("type")
    assert "<logo>" == part(parsed, 1)["Content-ID"]


@pytest.mark.parametrize("eight_bit", [False, True])
def test_invitation(*, eight_bit: bool) -> None:
    """An invitation is an alternative, where calendars look for it, and a file, where people do."""
    parsed = read(build(Attachment("invite.ics", INVITATION, method="REQUEST")), eight_bit=eight_bit)

    alternative = "multipart/alternative", ["text/plain", "text/html", "text/calendar"]
    assert ("multipart/mixed", [alternative, "text/calendar"]) == tree(parsed)
    calendar = part(parsed, 0, 2)
    assert ("REQUEST", "utf-8") == (calendar.get_param("method"), calendar.get_content_charset())
    assert INVITATION == calendar.get_payload(decode=True)
    assert INVITATION == part(parsed, 1).get_payload(decode=True)


def test_invitation_not_text() -> None:
    """An invitation that is no UTF-8 is refused by name."""
    with pytest.raises(MessageError, match=r"'invite\.ics': an invitation is text in UTF-8"):
        build(Attachment("invite.ics", b"\xff", method="REQUEST")).as_bytes()


@pytest.mark.parametrize("eight_bit", [False, True])
def test_transfer_encodings(*, eight_bit: bool) -> None:
    """A part that is 8-bit is in parts that say so, all the way up (RFC 2045, section 6.4); what is 7-bit is not."""
    parsed = read(
        build(Attachment("logo.png", b"\x89", cid="logo"), Attachment("a.pdf", b"%PDF"), html="<p>Zo\xeb</p>"),
        eight_bit=eight_bit,
    )

    around = [parsed, part(parsed, 0), part(parsed, 0, 0)]
    assert ["mixed", "related", "alternative"] == [each.get_content_subtype() for each in around]
    assert ["8bit" if eight_bit else None] * 3 == [each["Content-Transfer-Encoding"] for each in around]
    assert "7bit" == part(parsed, 0, 0, 0)["Content-Transfer-Encoding"]


def test_forwarded_message() -> None:
    """A message that travels as a file can hold the outer one's boundary without ending anything."""
    inner = build(Attachment("a.txt", b"a"), boundary="=_b").as_bytes()

    parsed = read(build(Attachment("inner.eml", inner), boundary="=_b"))

    assert "=_b1.m" == parsed.get_boundary()
    assert "=_b.m" == part(parsed, 1).get_content().get_boundary()


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"], exclude_characters="/\\"), max_size=255),
    st.binary(max_size=200),
)
def test_round_trip(stem: str, content: bytes) -> None:
    """Whatever the name and the octets, a reader gets them back."""
    filename = f"a{stem[:250]}.bin"

    file = part(read(build(Attachment(filename, content), html=None)), 1)

    assert filename == file.get_filename()
    assert content == file.get_payload(decode=True)


def test_path(tmp_path: Path) -> None:
    """A file is read when the message is written, under its own name unless another is given."""
    path = tmp_path / "report.csv"
    attachment = Attachment(path=path)
    path.write_bytes(b"a,b\n")

    assert ("report.csv", "text/csv") == (attachment.filename, attachment.media_type)
    assert b"a,b\n" == attachment.read()
    assert "r.csv" == Attachment("r.csv", path=path).filename
    path.unlink()
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        build(attachment).as_bytes()


def test_nameless_image() -> None:
    """What is only shown needs no name."""
    parsed = read(build(Attachment(content=b"\x89PNG", cid="logo@example.com", type="image/png")))

    assert part(parsed, 1).get_filename() is None


@pytest.mark.parametrize(
    "attributes",
    [
        {"filename": "../a.pdf"},
        {"filename": "a\\b.pdf"},
        {"filename": "a\r\nBcc: eve@example.com"},
        {"filename": "invoice\u202efdp.exe"},
        {"filename": "a\ud800"},
        {"filename": "a" * 256},
        {"filename": ""},
        {"filename": ".."},
        {"type": "pdf"},
        {"type": "text/plain\r\nBcc: eve@example.com"},
        {"type": "text/plain; charset"},
        {"type": "a/" + "b" * 300},
        {"cid": "<logo>"},
        {"cid": "a b"},
        {"cid": ""},
        {"cid": "lögo"},
        {"type": "text/calendar", "method": "RE QUEST"},
    ],
)
def test_header_faults(attributes: dict[str, Any]) -> None:
    """What cannot stand in a header is refused, with the attachment's name."""
    with pytest.raises(AddressError, match="attachment"):
        Attachment(**{"filename": "a.pdf", "content": b""} | attributes)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"content": None}, "exactly one of content and path"),
        ({"path": Path("a.pdf")}, "exactly one of content and path"),
        ({"content": "text"}, "expected bytes as content, got str"),
        ({"type": "Multipart/mixed"}, "cannot be attached"),
        ({"method": "REQUEST"}, "only text/calendar has a method, and this is application/pdf"),
    ],
)
def test_faults(attributes: dict[str, Any], words: str) -> None:
    """What is no attachment is refused, with the attachment's name."""
    with pytest.raises(MessageError, match=r"attachment 'a\.pdf'") as caught:
        Attachment(**{"filename": "a.pdf", "content": b""} | attributes)

    assert words in str(caught.value)


def test_cid_twice() -> None:
    """Two files for one `cid:` are refused."""
    logo = Attachment("logo.png", b"", cid="logo")
    with pytest.raises(MessageError, match="'logo' is given twice"):
        build(Attachment("a.pdf", b""), logo, logo)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    """What is written without `Path` is one all the same."""
    (tmp_path / "a.txt").write_text("x")
    attachment = Attachment(path=str(tmp_path / "a.txt"))  # type: ignore[arg-type]

    assert (attachment.filename, attachment.read()) == ("a.txt", b"x")
