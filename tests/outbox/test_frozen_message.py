"""Messages as rows keep them."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from decimal import Decimal
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notify import Address, AddressError, Attachment, ConfigError, Message, Notifier
from notify.errors import MessageError
from notify.outbox.frozen_message import attributes, pack_message, unpack_message
from notify.wire import WireText

SHOP = Path(__file__).parents[2] / "examples/shop"
OFTEN = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
GIVEN: dict[str, Any] = {
    "sender": ('Größe, "A"', "shop@bücher.example"),
    "to": [("Tö", "jörg@x.example"), "b@x.example"],
    "cc": ["c@x.example"],
    "bcc": ["d@x.example"],
    "reply_to": ["e@x.example", ("F", "f@x.example")],
    "subject": "Größe 👩‍👩‍👧 " + "long " * 30,
    "text": "Hallo\r\n.\nGröße\rx\n",
    "html": "<p>Größe <img src='cid:logo'></p>",
    "headers": [("X-A", "ü"), ("List-Unsubscribe", "<https://x.example>")],
    "attachments": [
        Attachment("rechnung ü.pdf", b"\0\xff\r\n", type="application/pdf; x=y"),
        Attachment("", b"png", type="image/png", cid="logo"),
        Attachment("i.ics", b"BEGIN:VCALENDAR\r\n", type="text/calendar", method="REQUEST"),
    ],
    "tags": ["a", "b"],
    "metadata": {"order": "1", "ü": "ü"},
    "options": {"sendgrid": {"f": 1.5, "when": datetime(2030, 1, 1, tzinfo=UTC), "raw": b"x", "$blob": {"$": ()}}},
    "only": ["b@x.example"],
    "delivery": "at_least_once",
    "return_path": "bounce@x.example",
    "notification": "order_shipped",
    "category": "marketing",
    "locale": "de",
    "message_id": "<1@x.example>",
    "date": datetime(2030, 1, 1, 12, tzinfo=UTC),
    "boundary": "=_+bound",
}  # fmt: skip
"""A value for each attribute that is not its default."""
NOTHING: dict[str, bytes] = {}
PLAIN: dict[str, Any] = {"sender": "a@x.example", "to": "b@x.example", "subject": "Hi"}


def there_and_back(message: Message) -> Message:
    """The message after it was in the outbox."""
    frozen, blobs = pack_message(message)
    return unpack_message(frozen, dict(blobs).__getitem__)


def octets(message: Message) -> bytes:
    """As it is sent by a server with all extensions."""
    return message.as_bytes(eight_bit=True, smtputf8=True)


@pytest.mark.parametrize("name", attributes())
def test_each_attribute_comes_back(name: str) -> None:
    """Each attribute of a message is kept; a new one needs a value above that is not its default."""
    message = Message(**{each: GIVEN[each] for each in {"sender", "to", "subject", name}})
    default = Message(**{**PLAIN, "sender": "x@x.example", "subject": "", "to": "other@x.example"})

    assert getattr(message, name) == getattr(there_and_back(message), name)
    assert getattr(default, name) != getattr(message, name)


def test_a_message_with_everything() -> None:
    """All attributes at once make an equal message with the same octets and envelope."""
    message = Message(**{name: GIVEN[name] for name in attributes()})
    back = there_and_back(message)

    assert message == back
    assert octets(message) == octets(back)
    assert message.envelope == back.envelope
    assert message_from_bytes(octets(back))["Message-ID"] == "<1@x.example>"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LINES = TEXTS.filter(str.isprintable)
NAMES = st.builds(
    Address, st.sampled_from(["a@x.example", "jörg@x.example", "o'neil@x.example", "a+b@bücher.example"]), LINES
)


@OFTEN
@given(
    st.fixed_dictionaries(
        {"sender": NAMES, "to": st.lists(NAMES, min_size=1, max_size=4), "subject": LINES},
        optional={
            "text": st.one_of(st.none(), TEXTS),
            "html": st.one_of(st.none(), TEXTS),
            "cc": st.lists(NAMES, max_size=2),
            "reply_to": st.lists(NAMES, max_size=2),
            "headers": st.dictionaries(st.sampled_from(["X-A", "$x", "X-B"]), LINES),
            "metadata": st.dictionaries(LINES.filter(str.strip), LINES, max_size=2),
            "options": st.dictionaries(TEXTS, st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers(), st.binary()))),
            "attachments": st.lists(st.builds(Attachment, st.just("a.bin"), st.binary()), max_size=2),
        },
    )
)
def test_any_message_has_the_same_octets(values: dict[str, Any]) -> None:
    """Whatever is in a message, it is sent as it was before."""
    try:
        message = Message(**values)
    except AddressError:
        return
    back = there_and_back(message)

    assert message == back
    assert octets(message) == octets(back)


def test_bodies_at_hand_as_they_travel() -> None:
    """A body in UTF-8 with CRLF comes back as its text, with the same octets."""
    message = Message(**PLAIN, text=WireText("Größe\r\n.\r\n".encode()), html=WireText(b"<p>x</p>\r\n"))
    back = there_and_back(message)

    assert "Größe\n.\n" == back.text
    assert message == back
    assert octets(message) == octets(back)


@pytest.mark.parametrize("name", ["order_shipped", "welcome"])
def test_rendered_messages(name: str) -> None:
    """What a notification renders to is sent as it was rendered."""
    notifier = Notifier.load(SHOP)
    sample = next(iter(notifier.catalog[name].samples.values()))
    message = notifier.render(name, to="ada@x.example", params=sample.params)

    assert message.as_bytes() == there_and_back(message).as_bytes()


def test_files_are_read_when_it_is_packed(tmp_path: Path) -> None:
    """A file that an attachment names is frozen, so that the octets stay the same when it changes."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"one")
    message = Message(**PLAIN, attachments=Attachment(path=file))
    before = octets(message)
    frozen, blobs = pack_message(message)
    file.write_bytes(b"two")

    assert [b"one"] == list(blobs.values())
    assert before == octets(unpack_message(frozen, dict(blobs).__getitem__))
    file.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        pack_message(message)


def test_no_content_is_in_the_row() -> None:
    """Contents are beside the row whatever their size, each once, and an attachment says only what it is given."""
    frozen, blobs = pack_message(Message(**PLAIN, attachments=[Attachment("a", b"x"), Attachment("b", b"x", cid="c")]))
    [digest] = blobs

    assert [{"digest": digest, "filename": "a"}, {"digest": digest, "filename": "b", "cid": "c"}] == json.loads(frozen)[
        "attachments"
    ]


def test_options_that_cannot_be_kept() -> None:
    """A value of the options that would not come back is named."""
    with pytest.raises(
        MessageError, match=r"options\.ses\.x\[0\]: expected a value that the outbox can keep, got an object"
    ):
        pack_message(Message(**PLAIN, options={"ses": {"x": [object()]}}))
    with pytest.raises(MessageError, match=r"options\.ses\.x: expected a finite number, got a Decimal$"):
        pack_message(Message(**PLAIN, options={"ses": {"x": Decimal("inf")}}))


def test_lost_contents() -> None:
    """A content that is missing is an error, not a message without it."""
    frozen, _ = pack_message(Message(**PLAIN, attachments=Attachment("a", b"x")))

    with pytest.raises(MessageError, match="no longer has the content"):
        unpack_message(frozen, NOTHING.__getitem__)


@pytest.mark.parametrize("change", ["unknown", "none", "list"])
def test_rows_that_were_changed(change: str) -> None:
    """A row with an attribute of a newer version, without one, or of another form is an error of ours."""
    values = json.loads(pack_message(Message(**PLAIN))[0])
    if change == "unknown":
        values["newer"] = 1
    elif change == "none":
        del values["attachments"]
    else:
        values = [values]

    with pytest.raises(MessageError, match="what the outbox keeps of a message cannot be read"):
        unpack_message(json.dumps(values), NOTHING.__getitem__)


def test_values_above_are_of_attributes() -> None:
    """Nothing above is of an attribute that a message no longer has."""
    assert set(attributes()) == GIVEN.keys()
    assert {field.name for field in dataclasses.fields(Message)} - {"octets"} == set(attributes())
