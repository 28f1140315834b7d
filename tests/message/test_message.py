"""The message: its structure, its headers, and that it is the same each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message.wire import expected, lines, mailboxes, read, same, text_of

from notify.addresses import Address
from notify.errors import AddressError, MessageError, RefusedError
from notify.message import Envelope, Message
from notify.wire import WireText

SHOP, ADA, BOB, EVE = (
    Address(f"{name.lower()}@{name.lower()}.example", name) for name in ("Shop", "Ada", "Bob", "Eve")
)
WHEN = datetime(2026, 11, 23, 7, 25, 31, tzinfo=UTC)


def build(**attributes: Any) -> Message:
    """A message with the least that it needs, and these."""
    least: dict[str, Any] = {"sender": SHOP, "to": (ADA,), "subject": "Hello", "text": "Hi\n"}
    return Message(**least | attributes)


def test_whole() -> None:
    """With Date, Message-ID and boundary fixed, every octet is known."""
    message = build(html="<p>Hö</p>\n", date=WHEN, message_id="<1@shop.example>", boundary="=_b")

    assert message.as_bytes(eight_bit=True).decode().replace("\r\n", "\n") == (
        "From: Shop <shop@shop.example>\n"
        "To: Ada <ada@ada.example>\n"
        "Subject: Hello\n"
        "Date: Mon, 23 Nov 2026 07:25:31 +0000\n"
        "Message-ID: <1@shop.example>\n"
        "Auto-Submitted: auto-generated\n"
        "MIME-Version: 1.0\n"
        "Content-Type: multipart/alternative;\n"
        ' boundary="=_b.a"\n'
        "Content-Transfer-Encoding: 8bit\n"
        "\n"
        "--=_b.a\n"
        "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 7bit\n"
        "\n"
        "Hi\n"
        "\n"
        "--=_b.a\n"
        "Content-Type: text/html; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        "\n"
        "<p>Hö</p>\n"
        "\n"
        "--=_b.a--\n"
    )


def test_same_each_time() -> None:
    """What is made up is made up once: writing a message again gives the same octets, another message has others."""
    message = build()

    assert message.as_bytes() == message.as_bytes()
    assert message.message_id != build().message_id
    assert message.boundary != build().boundary
    assert message.message_id.endswith("@shop.example>")
    assert message == message.replace()
    assert message.as_bytes(eight_bit=True) == message.replace().as_bytes(eight_bit=True)


@pytest.mark.parametrize(
    ("bodies", "kind"),
    [
        ({"text": "Hi"}, "text/plain"),
        ({"text": None, "html": "<p>Hi</p>"}, "text/html"),
        ({"text": "Hi", "html": "<p>Hi</p>"}, "multipart/alternative"),
        ({"text": None}, "text/plain"),
    ],
)
def test_bodies(bodies: dict[str, str], kind: str) -> None:
    """One body stands alone, two are alternatives, none is an empty text."""
    assert kind == read(build(**bodies)).get_content_type()


def test_people() -> None:
    """All but Bcc stand in the header; the envelope has each recipient once, in order."""
    message = build(
        to=(ADA, BOB), cc=(BOB,), bcc=(EVE, ADA), reply_to=(EVE,), return_path=Address("bounce@shop.example")
    )

    parsed = read(message)

    assert expected(SHOP) == mailboxes(parsed, "From")
    assert expected(ADA, BOB) == mailboxes(parsed, "To")
    assert expected(BOB) == mailboxes(parsed, "Cc")
    assert expected(EVE) == mailboxes(parsed, "Reply-To")
    assert (
        Envelope("bounce@shop.example", ("ada@ada.example", "bob@bob.example", "eve@eve.example")) == message.envelope
    )
    assert "shop@shop.example" == build().envelope.sender


def test_blind_copies_only() -> None:
    """A message to nobody but blind copies says so, and names none of them."""
    data = build(to=(), bcc=(EVE,)).as_bytes()

    assert b"\r\nTo: undisclosed-recipients:;\r\n" in data
    assert b"eve" not in data.lower()
    assert b"undisclosed" not in build(to=(), cc=(EVE,)).as_bytes()


def test_only_some() -> None:
    """The envelope has those alone, in its usual order; the octets are the same for all."""
    whole = build(to=(ADA, BOB), cc=(BOB,), bcc=(EVE,), return_path="bounce@shop.example")
    some = whole.replace(only=("eve@eve.example", "ada@ada.example", "eve@eve.example"))

    assert Envelope("bounce@shop.example", ("ada@ada.example", "eve@eve.example")) == some.envelope
    assert ("ada@ada.example", "eve@eve.example") == some.only
    assert whole.as_bytes() == some.as_bytes()
    assert some != whole
    assert some == whole.replace(only=["ada@ada.example", "eve@eve.example"])
    assert hash(some) == hash(some.replace())
    assert ("bob@bob.example",) == some.replace(only="bob@bob.example").envelope.recipients
    assert whole == some.replace(only=()) == some.replace(only=None)
    assert "Again" == (again := some.replace(subject="Again")).subject
    assert some.envelope == again.envelope


@pytest.mark.parametrize(
    ("only", "words"),
    [
        (
            ("eve@eve.example",),
            "only: 'eve@eve.example' is no recipient of the message; give addresses of its envelope",
        ),
        ("Ada <ada@ada.example>", "only: 'Ada <ada@ada.example>' is no recipient"),
        ((ADA,), "is no recipient"),
        ([["ada@ada.example"]], "only: ['ada@ada.example'] is no recipient"),
        (42, "only: expected a bare address, or several in a list, got 42"),
    ],
)
def test_only_others(only: Any, words: str) -> None:
    """A message can be only for those whom it names, by their bare addresses; a change that drops one is noticed."""
    with pytest.raises(MessageError) as caught:
        build(only=only)

    assert words in str(caught.value)
    with pytest.raises(MessageError, match=r"'ada@ada\.example' is no recipient"):
        build(only="ada@ada.example").replace(to=BOB)


def test_nobody() -> None:
    """A message without recipients is none."""
    with pytest.raises(AddressError, match="needs a recipient"):
        build(to=())


def test_addresses_in_any_form() -> None:
    """Addresses are taken in the forms that Address takes, and kept as Address."""
    message = build(sender="Shop <shop@shop.example>", to="Ada <ada@ada.example>", cc=["bob@bob.example", EVE])

    assert (SHOP, (ADA,), (Address("bob@bob.example"), EVE)) == (message.sender, message.to, message.cc)
    assert (ADA,) == build(to=("Ada", "ada@ada.example")).to
    with pytest.raises(AddressError):
        build(to="ada@ada.example, eve@eve.example")


@pytest.mark.parametrize(
    ("category", "headers", "shown"),
    [
        (None, (), "auto-generated"),
        ("transactional", (), "auto-generated"),
        ("marketing", (), None),
        ("security", (("auto-submitted", "auto-replied"),), "auto-replied"),
    ],
)
def test_auto_submitted(category: str | None, headers: tuple[tuple[str, str], ...], shown: str | None) -> None:
    """All but marketing says that a machine wrote it, unless the header is given."""
    assert shown == read(build(category=category, headers=headers))["Auto-Submitted"]


def test_extra_headers() -> None:
    """Extra headers stand as given, as pairs or as a mapping."""
    message = build(headers={"X-Ticket": "42", "List-Unsubscribe": "<https://example.com/u>"})

    parsed = read(message)

    assert (("X-Ticket", "42"), ("List-Unsubscribe", "<https://example.com/u>")) == message.headers
    assert ("42", "<https://example.com/u>") == (parsed["X-Ticket"], parsed["List-Unsubscribe"])


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ([("X T", "v")], "header 'X T': a name"),
        ([("X-T:", "v")], "header 'X-T:': a name"),
        ([("", "v")], "a name"),
        ([("From", "v")], "header From: notify writes it itself; give sender= instead"),
        ([("bcc", "v")], "give bcc= instead"),
        ([("reply-TO", "v")], "give reply_to= instead"),
        ([("Content-Language", "de")], "header Content-Language: it follows from the content"),
        ([("MIME-Version", "1.0")], "leave it out"),
        ([("X-T", "1"), ("x-t", "2")], "header x-t: given twice"),
        ([("X-T", 42)], "header X-T: expected text, got 42"),
        ([("X-T", "a\nBcc: eve@eve.example")], r"header X-T: '\n' must not be in its value"),
        ([("Resent-Bcc", "eve@eve.example")], "leave it out"),
        ([(42, "v")], "header 42: a name"),
        (["X-T"], "headers: expected (name, value) pairs"),
        ([("X-T", "a\0")], r"'\x00'"),
        ([("X-T", "\ud800")], r"'\ud800'"),
        ([("List-Unsubscribe", "<https://example.com/ä>")], "header List-Unsubscribe: programs read it"),
        ([("X-SMTPAPI", "y" * 999)], "no blank to fold it at"),
    ],
)
def test_header_faults(headers: list[Any], words: str) -> None:
    """A header that cannot stand is refused when the message is built; the error names it and says what to do."""
    with pytest.raises(AddressError) as caught:
        build(headers=headers)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"subject": "a\r\nBcc: eve@eve.example"}, r"header Subject: '\r' must not be"),
        ({"subject": "a\n"}, r"header Subject: '\n' must not be"),
        ({"subject": None}, "header Subject: expected text, got None"),
        ({"date": datetime(2026, 11, 23)}, "header Date: expected an aware time"),  # noqa: DTZ001 - the fault itself
        ({"date": "2026-11-23"}, "header Date: expected an aware time"),
        ({"message_id": "1@shop.example"}, "header Message-ID: expected '<left@right>'"),
        ({"message_id": "<1@shop.example>\n"}, "header Message-ID"),
        ({"boundary": "a b"}, "boundary: expected"),
        ({"boundary": "b" * 61}, "boundary: expected"),
    ],
)
def test_faults(attributes: dict[str, Any], words: str) -> None:
    """What cannot be written is refused when the message is built."""
    with pytest.raises(AddressError) as caught:
        build(**attributes)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"text": "ab\ud800"}, r"the text part: '\ud800' at character 2 is half of a surrogate pair"),
        ({"html": "\udfff"}, r"the HTML part: '\udfff' at character 0"),
        ({"text": b"bytes"}, "the text part: expected text, got b'bytes'"),
    ],
)
def test_body_faults(attributes: dict[str, Any], words: str) -> None:
    """A body that no encoding can carry is refused when the message is built."""
    with pytest.raises(MessageError) as caught:
        build(**attributes)

    assert words in str(caught.value)


def test_date() -> None:
    """Date is kept in UTC and whole seconds; it is now if left out."""
    message = build(date=datetime(2026, 1, 2, 1, 4, 5, 999, tzinfo=timezone(timedelta(hours=2))))

    assert b"\r\nDate: Thu, 01 Jan 2026 23:04:05 +0000\r\n" in message.as_bytes()
    assert abs(build().date - datetime.now(UTC)) < timedelta(seconds=5)


def test_boundary_in_content() -> None:
    """A boundary that the content holds is not the boundary, so that no text can end a part."""
    text = "--=_b.a\r\nContent-Type: text/html\r\n\r\nforged\r\n--=_b1.a--\r\n"

    parsed = read(build(text=text, html="<p>real</p>", boundary="=_b"))

    assert "=_b2.a" == parsed.get_boundary()
    assert lines(text) == lines(text_of(parsed))
    assert "<p>real</p>" == text_of(parsed, "html").strip()


def test_smtputf8() -> None:
    """An address that needs SMTPUTF8 is written in UTF-8 where that is offered, and else refused for good."""
    zoe = Address("zoë@köln.example", "Zoë")
    message = build(to=(ADA, zoe))

    assert message.needs_smtputf8
    assert not build().needs_smtputf8
    assert build(bcc=(zoe,)).needs_smtputf8
    assert build(return_path=zoe).needs_smtputf8
    with pytest.raises(RefusedError, match=r"'zoë@xn--kln-sna\.example' needs SMTPUTF8") as caught:
        message.as_bytes(eight_bit=True)
    assert zoe.email == caught.value.recipient
    data = message.as_bytes(smtputf8=True)
    assert "\r\nTo: Ada <ada@ada.example>, =?utf-8?q?Zo=C3=AB?= <zoë@xn--kln-sna.example>\r\n".encode() in data


def test_smtputf8_for_some() -> None:
    """A blind copy that somebody else has, or gets, is in no octet of this mail; the header has all of the others."""
    zoe = Address("zoë@köln.example", "Zoë")
    hidden = build(bcc=(zoe,), only=ADA.email)

    assert not hidden.needs_smtputf8
    assert build().replace(message_id="<1@shop.example>", boundary="=_b", date=WHEN).as_bytes() == (
        hidden.replace(message_id="<1@shop.example>", boundary="=_b", date=WHEN).as_bytes()
    )
    assert hidden.replace(only=zoe.email).needs_smtputf8
    assert build(cc=(zoe,), only=ADA.email).needs_smtputf8


def test_replace() -> None:
    """A changed message keeps its identity, and is checked like a new one."""
    message = build()

    changed = message.replace(subject="[staging] Hello")

    assert (message.message_id, message.date) == (changed.message_id, changed.date)
    assert "[staging] Hello" == changed.subject
    assert message.replace(message_id="").message_id != message.message_id
    with pytest.raises(AddressError):
        message.replace(subject="\n")


def test_hashable() -> None:
    """A message is a value: it can be a key."""
    message = build(metadata={"order": "1"})

    assert {message: 1}[message.replace()] == 1


CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.text(CHARACTERS, max_size=200) | st.text(alphabet="a \t.=-\r\n\0ä", max_size=200)


@given(
    subject=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=200),
    text=TEXT,
    html=st.none() | TEXT,
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15),
    eight_bit=st.booleans(),
)
def test_round_trip(*, subject: str, text: str, html: str | None, name: str, eight_bit: bool) -> None:
    """Whatever goes in, a reader gets back the same subject, names, addresses and texts."""
    to = (Address("ada@ada.example", name), BOB)

    parsed = read(build(to=to, subject=subject, text=text, html=html), eight_bit=eight_bit)

    assert same(subject) == same(parsed["Subject"])
    assert expected(*to) == mailboxes(parsed, "To")
    assert lines(text) == lines(text_of(parsed))
    assert html is None or lines(html) == lines(text_of(parsed, "html"))


def test_no_other_attributes() -> None:
    """A body that is at hand as octets is made text when it is asked for, and nothing else is made up."""
    message = build(text=WireText(b"a\r\nb\r\n"), html=WireText("<p>ö</p>\r\n".encode()))

    assert ("a\nb\n", "<p>ö</p>\n") == (message.text, message.html)
    assert message == message.replace()
    assert message.as_bytes(eight_bit=True) == message.replace().as_bytes(eight_bit=True)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(message, "nothing")  # noqa: B009  # mypy knows that there is none
    with pytest.raises(AttributeError, match="no attribute 'text'"):
        Message.__new__(Message).text  # noqa: B018
