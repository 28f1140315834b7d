"""Tags, metadata, attachments and names: taken in each form that can be meant, and kept in one."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from notify.addresses import Address
from notify.errors import AddressError, MessageError
from notify.message import Attachment, Message
from notify.message.labels import check_word

FILE = Attachment("a.txt", b"a")
NUMBER: Any = 5
NOBODY: Any = None


def build(**attributes: Any) -> Message:
    """A message with the least that it needs, and these."""
    least: dict[str, Any] = {"sender": Address("shop@example.com"), "to": "ada@example.com", "subject": "Hi"}
    return Message(**least | attributes)


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        ("orders", ("orders",)),
        (["orders", "spring sale"], ("orders", "spring sale")),
        ((each for each in ["orders"]), ("orders",)),
        (None, ()),
        ([], ()),
    ],
)
def test_tags(given: Any, tags: tuple[str, ...]) -> None:
    """One text is one tag, not its letters."""
    assert tags == build(tags=given).tags


def test_metadata() -> None:
    """The mapping is copied, so that a message stays as it was checked."""
    given = {"order": "A-1", "note": ""}
    message = build(metadata=given)
    given["order"] = "B\r\n"

    assert {"order": "A-1", "note": ""} == message.metadata
    assert not hasattr(message.metadata, "__setitem__")
    assert {} == build(metadata=None).metadata == build().metadata


def test_attachments() -> None:
    """One is taken for several, and what can be read only once is not lost by looking at it."""
    once = build(attachments=(each for each in [FILE]))

    assert (FILE,) == once.attachments == build(attachments=FILE).attachments == build(attachments=[FILE]).attachments
    assert b'filename="a.txt"' in once.as_bytes()
    assert () == build(attachments=None).attachments


def test_headers() -> None:
    """No headers are none, in whatever form."""
    assert () == build(headers=None).headers == build(headers={}).headers == build(headers=[]).headers


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"tags": 5}, "tags: expected text, or several in a list, got 5"),
        ({"tags": [5]}, "tags: expected text, got 5"),
        ({"tags": ["a", " "]}, "tags: an empty one says nothing"),
        ({"tags": b"orders"}, "tags: expected text, got 111"),
        ({"metadata": {"k": 5}}, "metadata 'k': expected text, got 5"),
        ({"metadata": {5: "v"}}, "metadata: expected text, got 5"),
        ({"metadata": {"": "v"}}, "metadata: a key is empty"),
        ({"metadata": "k=v"}, "metadata: expected a mapping of text to text, got 'k=v'"),
        ({"attachments": 5}, "attachments: expected an Attachment, or several in a list, got 5"),
        ({"attachments": ["a.pdf"]}, "attachments: expected Attachment(...), got '"),
        ({"attachments": "a.pdf"}, "attachments: expected Attachment(...), got 'a'"),
        ({"locale": 5}, "locale: expected text, got 5"),
        ({"category": ["marketing"]}, "category: expected text, got ['marketing']"),
        ({"notification": 5}, "notification: expected text, got 5"),
    ],
)
def test_wrong_kinds(attributes: dict[str, Any], words: str) -> None:
    """What is of the wrong kind is refused when the message is built, by name."""
    with pytest.raises(MessageError) as caught:
        build(**attributes)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"tags": "a\r\nBcc: eve@example.com"}, r"tags: '\r' must not be in"),
        ({"metadata": {"a\n": "v"}}, r"metadata: '\n' must not be in"),
        ({"metadata": {"a": "v\0"}}, r"metadata 'a': '\x00' must not be in"),
        ({"tags": "\ud800"}, r"tags: '\ud800' must not be in"),
        ({"locale": "de\n"}, r"locale: '\n' must not be in"),
        ({"sender": None}, "expected an address"),
        ({"message_id": 5}, "header Message-ID: expected '<left@right>'"),
        ({"boundary": 5}, "boundary: expected"),
    ],
)
def test_injection(attributes: dict[str, Any], words: str) -> None:
    """What could end a header, or is to stand in one, is refused as an address or a header is."""
    with pytest.raises(AddressError) as caught:
        build(**attributes)

    assert words in str(caught.value)


@pytest.mark.parametrize("attribute", ["filename", "type", "cid", "method", "path"])
def test_an_attachment_of_wrong_kinds(attribute: str) -> None:
    """An attachment's own values are checked likewise."""
    values: dict[str, Any] = {"filename": "a.pdf", "content": None if attribute == "path" else b""}

    with pytest.raises(MessageError, match="attachment"):
        Attachment(**values | {attribute: NUMBER})
    with pytest.raises(MessageError, match="expected text as filename"):
        Attachment(NOBODY, b"")


def test_can_be_handed_to_another_process() -> None:
    """Pickled, copied or taken apart, a message is the same to the octet."""
    message = build(metadata={"order": "A-1"}, tags="orders", attachments=FILE, date=datetime(2026, 11, 23, tzinfo=UTC))

    again = pickle.loads(pickle.dumps(message))  # noqa: S301 - made just now

    assert message == again == copy.copy(message) == copy.deepcopy(message)
    assert message.as_bytes() == again.as_bytes()
    assert message.envelope == pickle.loads(pickle.dumps(message.envelope))  # noqa: S301 - made just now
    assert {"order": "A-1"} == dataclasses.asdict(message)["metadata"]


def test_unusual_blanks_are_no_control_characters() -> None:
    """What is not printable by Python's word, and breaks nothing, may stand in a name."""
    check_word("tags", "a\u2003b\u3000c")


def test_options() -> None:
    """A read-only copy of values by name, by provider; None is none, as is nothing."""
    given = {"sendgrid": {"ip_pool": "shop"}}
    message = build(options=given)
    given["sendgrid"]["ip_pool"] = "other"

    assert message.options == {"sendgrid": {"ip_pool": "shop"}}
    assert message == pickle.loads(pickle.dumps(message))  # noqa: S301  # its own
    assert {} == build(options=None).options == build().options
    assert message.options == message.replace(subject="Again").options


@pytest.mark.parametrize("options", [5, "sendgrid", ["sendgrid"], {"sendgrid": 5}, {5: {}}, {"sendgrid": {5: "x"}}])
def test_what_are_no_options(options: Any) -> None:
    """The error shows what they look like."""
    with pytest.raises(MessageError, match=r"options: expected values by name for each provider, as in .*, got"):
        build(options=options)


def test_delivery() -> None:
    """One of two words."""
    assert "at_most_once" == build().delivery
    assert "at_least_once" == build(delivery="at_least_once").replace(subject="Again").delivery
    with pytest.raises(MessageError, match="delivery: expected at_most_once or at_least_once, got 'always'"):
        build(delivery="always")
