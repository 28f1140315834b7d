"""The mailbox of a test: what is sent by whichever Notifier, and nothing that is sent for real."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from typing import TYPE_CHECKING

import pytest
from testing.projects import write_project

from notify import Attachment, ConfigError, Message, Notifier
from notify.testing import Mailbox, Sent, capturing

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = {"name": "Ada", "link": "https://acme.example/track/1"}


@pytest.fixture
def notifier(tmp_path: Path) -> Notifier:
    """A notifier of the environment development, which would write files."""
    write_project(tmp_path)
    return Notifier.load(tmp_path)


def a_sent(**parts: object) -> Sent:
    """A message to Ada and, blind, to Bob."""
    usual: dict[str, object] = {
        "sender": "hello@acme.example", "to": "Ada <ada@example.com>", "bcc": "bob@example.com", "subject": "Hello",
        "text": "Some\n  words: https://acme.example/a\n",
    }  # fmt: skip
    return Sent(Message(**{**usual, **parts}), "file")  # type: ignore[arg-type]


def test_a_notifier_that_is_there_already(notifier: Notifier, tmp_path: Path) -> None:
    """What it sends is in the mailbox, and afterwards it sends as it did before."""
    with capturing() as mailbox:
        receipt = notifier.send("shipped", to="ada@example.com", params=PARAMS)
        assert not (tmp_path / ".notify").exists()
    notifier.send("shipped", to="bob@example.com", params=PARAMS)

    assert ("ada@example.com",) == receipt.accepted == mailbox.only().recipients
    assert "file" == receipt.transport == mailbox.only().transport
    assert 1 == len(list((tmp_path / ".notify/mail").glob("*.eml")))


def test_production_needs_no_key(tmp_path: Path) -> None:
    """No transport is built, and the environment's policy holds: what is captured is what would have left."""
    write_project(tmp_path)
    with capturing() as mailbox, Notifier.load(tmp_path, environment="production") as notifier:
        notifier.send("shipped", to="ada@example.com", params=PARAMS)

    assert ("qa@acme.example",) == mailbox.via("sendgrid").only().recipients


def test_a_transport_that_there_is_not_is_an_error(notifier: Notifier) -> None:
    """A wrong name in the code under test is found by the test."""
    with capturing() as mailbox, pytest.raises(ConfigError, match="there is no transport 'flie'"):
        notifier.send("shipped", to="ada@example.com", params=PARAMS, via="flie")

    mailbox.assert_empty()


def test_threads_tasks_and_streams(notifier: Notifier) -> None:
    """Whatever sends, in whichever thread or task, sends into the mailbox."""

    async def tasks() -> None:
        await asyncio.gather(*(notifier.asend("shipped", to=f"t{n}@example.com", params=PARAMS) for n in range(5)))

    with capturing() as mailbox:
        thread = threading.Thread(
            target=notifier.send, args=("shipped",), kwargs={"to": "x@example.com", "params": PARAMS}
        )
        thread.start()
        thread.join()
        asyncio.run(tasks())
        rows = [(f"r{number}@example.com", PARAMS) for number in range(5)]
        receipts = list(notifier.send_many("shipped", rows))

    assert 11 == len(mailbox)
    assert "x@example.com" == mailbox[0].recipients[0]
    assert [address for address, _ in rows] == [sent.recipients[0] for sent in mailbox[6:]]
    assert all(receipt.accepted for receipt in receipts)


def test_one_within_another(notifier: Notifier) -> None:
    """The inner mailbox has what is sent in the inner block, also if that ends with an error."""
    with capturing() as outer:
        with contextlib.suppress(KeyError), capturing() as inner:
            notifier.send("shipped", to="in@example.com", params=PARAMS)
            raise KeyError
        notifier.send("shipped", to="out@example.com", params=PARAMS)

    assert ("in@example.com",) == inner.only().recipients
    assert ("out@example.com",) == outer.only().recipients


def test_what_cannot_be_sent_is_refused(notifier: Notifier, tmp_path: Path) -> None:
    """A message that a real transport would not get out of the door is not captured either."""
    message = Message(
        sender="a@example.com", to="b@example.com", subject="x", attachments=Attachment(path=tmp_path / "no")
    )
    with capturing() as mailbox, pytest.raises(ConfigError):
        notifier.deliver(message)

    mailbox.assert_empty()


def test_what_there_was_is_said() -> None:
    """An assertion that fails lists the messages that there are."""
    mailbox = Mailbox([a_sent(), a_sent(subject="Bye", notification="bye")])
    listed = r"there are 2:\n  'Hello' to ada@example.com, bob@example.com\n  'Bye' to .* \(bye\)"

    with pytest.raises(AssertionError, match=rf"expected exactly one message; {listed}"):
        mailbox.only()
    with pytest.raises(AssertionError, match=rf"expected a message to eve@example.com; {listed}"):
        mailbox.to("eve@example.com")
    with pytest.raises(AssertionError, match=rf"expected a message with the subject 'Hi'; {listed}"):
        mailbox.with_subject("Hi")
    with pytest.raises(AssertionError, match="expected no message; there are 2"):
        mailbox.assert_empty()
    with pytest.raises(AssertionError, match="expected a message number 2; there are 2"):
        _ = mailbox[2]
    with pytest.raises(AssertionError, match="expected exactly one message; there is none"):
        Mailbox().only()


def test_choosing() -> None:
    """By recipient in any case of letters, subject, notification and transport; one after another."""
    hello, bye = a_sent(), a_sent(subject="Bye", notification="bye")
    mailbox = Mailbox([hello, bye])

    assert [hello, bye] == list(mailbox.to("BOB@example.com"))
    assert bye is mailbox.to("ada@example.com").with_subject(re.compile("^B")).only()
    assert bye is mailbox.of("bye").via("file").only()
    with pytest.raises(AssertionError, match=r"a message to ada@example.com of hi; there are 2"):
        mailbox.to("ada@example.com").of("hi")
    mailbox.clear()
    assert "<Mailbox is none>" == repr(mailbox)


def test_what_a_message_says() -> None:
    """Words of any part are found whatever their white space; in HTML also those that tags set apart."""
    sent = a_sent(html='<p>Hello <b>Ada</b></p><a href="https://acme.example/b">b</a>')

    sent.assert_subject("Hello").assert_text("Some words").assert_html("Hello Ada", "<b>Ada").assert_link(
        "https://acme.example/b"
    )
    assert ("https://acme.example/b", "https://acme.example/a") == sent.links
    with pytest.raises(AssertionError, match=r"expected 'Eve' in the text part; it is:\nSome\n  words"):
        sent.assert_text("Eve")
    with pytest.raises(AssertionError, match="expected the subject 'Bye'; it is 'Hello'"):
        sent.assert_subject("Bye")
    with pytest.raises(AssertionError, match=r"a link to https://x.example; it has these:\n  https://acme.example/b"):
        sent.assert_link("https://x.example")


def test_a_part_that_is_missing() -> None:
    """An assertion about a part that is not there fails, and says that it is not there."""
    with pytest.raises(AssertionError, match=r"'Hello' to .*: expected a part in HTML; it has none"):
        a_sent().assert_html("Hello")
    with pytest.raises(AssertionError, match="expected a part in text; it has none"):
        a_sent(text=None, html="<p>x</p>").assert_text("x")
    with pytest.raises(AssertionError, match="it has no link"):
        a_sent(text="x").assert_link("https://acme.example")


def test_attachments() -> None:
    """By name, and by content and type where they are given."""
    sent = a_sent(attachments=Attachment("invoice.pdf", content=b"%PDF"))

    assert b"%PDF" == sent.assert_attachment("invoice.pdf", content=b"%PDF", type="application/pdf").content
    with pytest.raises(AssertionError, match=r"expected an attachment x.pdf; it has these:\n  invoice.pdf"):
        sent.assert_attachment("x.pdf")
    with pytest.raises(AssertionError, match=r"expected invoice.pdf to be text/plain; it is application/pdf"):
        sent.assert_attachment("invoice.pdf", type="text/plain")
    with pytest.raises(AssertionError, match=r"expected other octets in invoice.pdf"):
        sent.assert_attachment("invoice.pdf", content=b"PDF")
    with pytest.raises(AssertionError, match="it has no attachment"):
        a_sent().assert_attachment("x.pdf")
