"""`notify.message.Trace`: what a folder of mails keeps about a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify import Address, Message
from notify.message import Trace

PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).filter(str.strip)


def test_holds_the_envelope_and_what_the_message_is_filed_under() -> None:
    """The bounce address, every recipient, the notification, the locale and the tags come back as they were."""
    message = Message(
        sender=Address("a@example.com"),
        to=(Address("b@example.com", "B"),),
        bcc=(Address("c@example.com"),),
        subject="Hi",
        return_path=Address("bounces@example.com"),
        notification="shop.order",
        locale="pt-BR",
        tags=("one", "zwei, drei; vier", "чек=%"),
        headers=(("Delivered-To", "x@example.com"),),
    )
    trace = Trace.of(message)

    assert trace == Trace.read(trace.as_bytes() + message.as_bytes())
    assert trace == Trace.read((trace.as_bytes() + message.as_bytes()).replace(b"\r\n", b"\n"))
    assert ("bounces@example.com", ("b@example.com", "c@example.com")) == (trace.sender, trace.recipients)
    assert ("shop.order", "pt-BR", message.tags) == (trace.notification, trace.locale, trace.tags)


def test_a_message_without_labels_has_no_line_for_them() -> None:
    """Where there is nothing to say, only the envelope is kept."""
    trace = Trace("a@example.com", ("b@example.com",))

    assert b"Return-Path: <a@example.com>\r\nDelivered-To: b@example.com\r\n" == trace.as_bytes()


@given(PRINTABLE, PRINTABLE, st.lists(PRINTABLE, max_size=20))
def test_any_text_reads_back_from_short_lines_of_ascii(notification: str, locale: str, tags: list[str]) -> None:
    """Whatever labels hold, they are written in 7-bit lines that are short, and read back exactly."""
    trace = Trace("a@example.com", ("b@example.com",), notification, locale, tuple(tags))
    written = trace.as_bytes()

    assert trace == Trace.read(written + b"From: a@example.com\r\n\r\n")
    assert written.isascii()
    assert max(map(len, written.split(b"\r\n"))) <= 78


def test_an_address_of_another_script_is_written_in_utf8() -> None:
    """RFC 6532 allows it, and there is no other form."""
    trace = Trace("jörg@example.com", ("用户@example.com",))

    assert "Return-Path: <jörg@example.com>\r\n" in trace.as_bytes().decode()
    assert trace == Trace.read(trace.as_bytes())


def test_no_address_can_write_a_line() -> None:
    """Control characters in what a client calls an address are left out."""
    written = Trace("a@x\r\nX-Notify: tags=evil", ("b@x\nSubject: evil\udcff",)).as_bytes()

    assert 2 == written.count(b"\r\n")
    assert () == Trace.read(written).tags


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"From: a@example.com\r\nDelivered-To: b@example.com\r\n\r\n",
        b"X-Notify",
        b"X-Notify: tags=a",
        b"garbage\r\nReturn-Path: <a@example.com>\r\n",
    ],
)
def test_a_mail_without_a_trace(data: bytes) -> None:
    """Lines that are not before the message are not a trace, nor is half a line."""
    assert Trace() == Trace.read(data)


def test_reads_what_other_agents_write() -> None:
    """Postfix adds a line of its own between; a bounce has no sender; unknown parameters are passed over."""
    written = b"Return-Path: <>\nX-Original-To: alias@example.com\ndelivered-to: b@example.com\nX-Notify: new=1; tags\n"

    assert Trace("", ("b@example.com",)) == Trace.read(written + b"Received: by x\n\n")


def test_a_head_that_never_ends_is_read_in_linear_time() -> None:
    """A hundred thousand continuation lines without an end are no trace, and take no time to tell."""
    assert Trace() == Trace.read(b"X-Notify: a" + b"\r\n b\r" * 100_000)
