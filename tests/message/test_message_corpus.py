"""The corpora of addresses, headers and bodies, each case through a whole message."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from message.wire import lines, read, same, text_of

from notify.addresses import Address, addresses
from notify.errors import NotifyError, RefusedError
from notify.message import Message

DATA = Path(__file__).parent.parent / "data"
USUAL = (
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
)  # fmt: skip
SHOP, KIM = Address("shop@example.com"), Address("kim@example.com")


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    found: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("case", cases("addresses"), ids=lambda case: case["id"])
def test_addresses(case: dict[str, Any]) -> None:
    """A reader, and the envelope, have exactly the addresses of the case, and the name."""
    value = tuple(case["given"]) if case["form"] == "pair" else case["given"]
    try:
        message = Message(sender=SHOP, to=addresses(value), subject="Hi", text="Hi")
    except NotifyError:
        assert "refused" in case["outcome"]
        return
    needs = case.get("smtputf8", False)
    if needs:
        with pytest.raises(RefusedError):
            message.as_bytes()

    parsed = read(message, smtputf8=needs)

    assert "taken" in case["outcome"]
    assert tuple(case["emails"]) == message.envelope.recipients
    if needs:  # the parser of the standard library reads no UTF-8 in headers
        assert f"To: {case['emails'][0]}\r\n".encode() in message.as_bytes(smtputf8=True)
        return
    assert case["emails"] == [each.addr_spec for each in parsed["To"].addresses]
    assert case.get("name", "") in {"", parsed["To"].addresses[0].display_name}


@pytest.mark.parametrize("case", cases("headers"), ids=lambda case: case["id"])
def test_headers(case: dict[str, Any]) -> None:
    """A reader gets back the value, or the message is refused; no header is ever added."""
    name, value = case["header"], case["value"]
    try:
        if name == "Subject":
            message = Message(sender=SHOP, to=(KIM,), subject=value, text="Hi")
        else:
            message = Message(sender=SHOP, to=(KIM,), subject="Hi", text="Hi", headers=((name, value),))
    except NotifyError:
        assert "refused" in case["outcome"]
        return

    parsed = read(message)

    assert "taken" in case["outcome"]
    assert same(value) == same(parsed[name])
    assert sorted({*USUAL, name}) == sorted(parsed.keys())


@pytest.mark.parametrize("eight_bit", [False, True], ids=["7bit", "8bit"])
@pytest.mark.parametrize("case", cases("bodies"), ids=lambda case: case["id"])
def test_bodies(case: dict[str, Any], *, eight_bit: bool) -> None:
    """A reader gets back the text and the HTML, or the message is refused; it never takes long."""
    text = case["text"] * case["times"]
    started = time.perf_counter()
    try:
        message = Message(sender=SHOP, to=(KIM,), subject="Hi", text=text, html=text)
    except NotifyError:
        assert "refused" in case["outcome"]
        return
    message.as_bytes(eight_bit=eight_bit)
    took = time.perf_counter() - started

    parsed = read(message, eight_bit=eight_bit)

    assert "taken" in case["outcome"]
    assert lines(text) == lines(text_of(parsed)) == lines(text_of(parsed, "html"))
    assert took < 2
