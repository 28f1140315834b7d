"""DKIM: what arrives verifies, by others' verifiers who look the keys up in the DNS, and what was changed does not."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.dkim_keys import ED25519, RSA, pem
from servers.dkim_verifiers import Verdict, by_dkimpy, by_mail_dkim, has_mail_dkim, record
from servers.dns import DnsServer
from servers.feeds import stream
from servers.postfix import COMMAND, Postfix
from servers.scripted import a_message

from notify import Attachment, Receipt, TransportConfigError
from notify.secret import Secret
from notify_smtp import SmtpTransport
from notify_smtp.keys import read_keys
from notify_smtp.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers.scripted import Connect, Serve

    from notify.message import Message
    from notify.testing import Certificates

    class Verify(Protocol):
        """A verifier: what it says of each signature of some messages."""

        def __call__(self, server: DnsServer, *messages: bytes) -> list[list[Verdict]]: ...


BODIES = json.loads((Path(__file__).parent.parent / "data" / "bodies.json").read_text(encoding="utf-8"))
HTML = '<p style="margin:  0">\tGrüße, <b>Ada</b> &amp; friends   </p>\n' * 40
MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"text": "Hello.\n"},
    "empty": {"text": ""},
    "blank lines only": {"text": "\n \n\t\n\n"},
    "blank lines at the end": {"text": "Hello \t \n  you\t\tthere \n\n \n\n\n"},
    "dots": {"text": ".\n..\n.hidden\nFrom here\n."},
    "long lines": {"text": "word " * 400 + "\n" + "x" * 3000},
    "runs of blanks": {"text": "a" + " " * 900 + "b\n" + " \t" * 400 + "\n"},
    "html": {"text": "Grüße\n", "html": HTML},
    "files": {
        "html": HTML,
        "attachments": (
            Attachment("März.bin", content=bytes(range(256)) * 30),
            Attachment("a.txt", content=b"one  \r\n\r\n two\t\r\n"),
            Attachment("logo.png", content=b"\x89PNG", cid="logo"),
        ),
    },
    "headers": {
        "sender": "Zoë   Ünïcode <hello@acme.example>", "subject": "Grüße  🎈 " + "sehr lange Betreffzeile " * 12,
        "cc": ["Ada <ada@example.org>", "b@example.org"], "reply_to": "help@acme.example",
        "headers": {"X-Long": "word " * 60, "References": "<a@acme.example> <b@acme.example>"},
    },
    "unsubscribing": {
        "headers": {"List-Unsubscribe": "<https://acme.example/u?t=abc>", "List-Unsubscribe-Post":
                    "List-Unsubscribe=One-Click"},
    },
    "below the domain": {"sender": "Shop <shop@news.eu.acme.example>"},
    "many people": {"to": [f"person.number.{number}@example.org" for number in range(90)]},
}  # fmt: skip
CHANGES: dict[str, tuple[bytes, bytes]] = {
    "a letter of the text": (b"Hello.", b"Hallo."),
    "more text": (b"Hello.\r\n", b"Hello.\r\nPay here.\r\n"),
    "the subject": (b"Subject: Hello", b"Subject: Hullo"),
    "a second subject": (b"Subject:", b"Subject: Pay\r\nSubject:"),
    "a second sender": (b"From:", b"From: Mallory <m@mallory.example>\r\nFrom:"),
    "a copy": (b"MIME-Version:", b"Cc: m@mallory.example\r\nMIME-Version:"),
    "another address for replies": (b"MIME-Version:", b"Reply-To: m@mallory.example\r\nMIME-Version:"),
    "another type": (b"text/plain", b"text/html"),
    "another encoding": (b"Encoding: 7bit", b"Encoding: base64"),
    "another link to unsubscribe": (b"<https://acme.example/u>", b"<https://mallory.example/u>"),
    "a second link to unsubscribe": (b"MIME-Version:", b"List-Unsubscribe: <https://m.example>\r\nMIME-Version:"),
    "a second click": (b"MIME-Version:", b"List-Unsubscribe-Post: x\r\nMIME-Version:"),
    "the domain": (b"d=acme.example", b"d=other.example"),
}

needs_mail_dkim = pytest.mark.skipif(not has_mail_dkim(), reason="needs Debian's libmail-dkim-perl")
verifiers = pytest.mark.parametrize(
    "verify", [pytest.param(by_mail_dkim, marks=needs_mail_dkim), by_dkimpy], ids=["mail_dkim", "dkimpy"]
)


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    """A DNS server that has the public keys."""
    records = [record(key) for key in read_keys(Secret(pem(RSA, ED25519)), ("r1", "e1"), "keys")]
    with DnsServer(records) as server:
        yield server


def signing(*keys: str, domain: str = "acme.example") -> dict[str, Any]:
    """Settings that sign with these keys, RSA and Ed25519 under the selectors r1 and e1."""
    selectors = ["r1" if key == RSA else "e1" for key in keys]
    return {"dkim_domain": domain, "dkim_selector": selectors, "dkim_key": pem(*keys)}


def arrived(
    serve: Serve, connect: Connect, *messages: Message, keys: tuple[str, ...] = (RSA,), **script: Any
) -> list[bytes]:
    """What a server has of some signed messages."""
    server = serve(**script)
    for outcome in stream(connect(server, **signing(*keys)), messages):
        assert isinstance(outcome, Receipt)
    return [message.data for message in server.messages]


@verifiers
@pytest.mark.parametrize("eight_bit", [True, False], ids=["8bit", "7bit"])
def test_what_arrives_verifies(
    serve: Serve, connect: Connect, dns: DnsServer, verify: Verify, *, eight_bit: bool
) -> None:
    """Each kind of message does, through a server with 8BITMIME or without."""
    sent = [a_message(**parts) for parts in MESSAGES.values()]
    received = arrived(serve, connect, *sent, eightbit=eight_bit)

    assert len(MESSAGES) == len(received)
    assert [[Verdict("r1", "pass")]] * len(MESSAGES) == verify(dns, *received)
    assert [message.as_bytes(eight_bit=eight_bit) for message in sent] == [
        octets[octets.index(b"From:") :] for octets in received
    ]
    assert max(len(line) for octets in received for line in octets.split(b"\r\n")[:8]) <= 78


@verifiers
def test_every_body_of_the_corpus_verifies(serve: Serve, connect: Connect, dns: DnsServer, verify: Verify) -> None:
    """Dots, bare breaks, control characters and what looks like SMTP are signed as they go out."""
    taken = [body["text"] * body["times"] for body in BODIES if body["outcome"] == "taken"]
    received = arrived(serve, connect, *(a_message(text=text) for text in taken))

    assert len(taken) > 15
    assert [[Verdict("r1", "pass")]] * len(taken) == verify(dns, *received)


@verifiers
def test_addresses_in_utf8_verify(serve: Serve, connect: Connect, dns: DnsServer, verify: Verify) -> None:
    """A header in UTF-8 is signed as its octets (SMTPUTF8)."""
    (octets,) = arrived(serve, connect, a_message("Jörg <jörg@example.org>", text="Grüße\n"))

    assert "jörg@example.org".encode() in octets
    assert [[Verdict("r1", "pass")]] == verify(dns, octets)


def test_two_keys_make_two_signatures(serve: Serve, connect: Connect, dns: DnsServer) -> None:
    """One by RSA and one by Ed25519 (RFC 8463), over the same; each verifies, whatever the other one is."""
    received = arrived(serve, connect, *(a_message(**parts) for parts in MESSAGES.values()), keys=(RSA, ED25519))

    both = [Verdict("r1", "pass"), Verdict("e1", "pass")]
    assert [both] * len(MESSAGES) == by_dkimpy(dns, *received)


@needs_mail_dkim
def test_who_does_not_know_ed25519_takes_the_other(serve: Serve, connect: Connect, dns: DnsServer) -> None:
    """A verifier that knows RSA alone passes the message by that signature."""
    (octets,) = arrived(serve, connect, a_message(), keys=(RSA, ED25519))

    assert Verdict("r1", "pass") in by_mail_dkim(dns, octets)[0]


@verifiers
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_does_not_verify(
    serve: Serve, connect: Connect, dns: DnsServer, verify: Verify, change: str
) -> None:
    """A changed text or header fails, and so does a header that was added beside a signed one."""
    unsubscribing = {
        "List-Unsubscribe": "<https://acme.example/u>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    (octets,) = arrived(serve, connect, a_message(headers=unsubscribing))
    changed = octets.replace(*CHANGES[change], 1)
    genuine, (verdict,) = verify(dns, octets, changed)

    assert changed != octets
    assert [Verdict("r1", "pass")] == genuine
    assert "pass" != verdict.result


@verifiers
def test_what_relays_may_do(serve: Serve, connect: Connect, dns: DnsServer, verify: Verify) -> None:
    """A relay's own headers, other folding and blanks at line ends change nothing; nor do a mailing list's headers."""
    (octets,) = arrived(serve, connect, a_message(text="Hello, you\nthere.\n"))
    relayed = (
        b"Received: by mail.example\r\nReturn-Path: <hello@acme.example>\r\n"
        + octets.replace(b"Subject: Hello", b"SUBJECT:\r\n\t  Hello  ").replace(b"you\r\n", b"you \t\r\n")
        .replace(b"MIME-Version", b"List-Unsubscribe: <https://list.example>\r\nList-Id: <l.example>\r\nMIME-Version")
        + b"\r\n\r\n"
    )  # fmt: skip

    assert [[Verdict("r1", "pass")]] == verify(dns, relayed)


@pytest.mark.skipif(COMMAND is None or os.geteuid() != 0, reason="needs Debian's postfix, and root to start one")
@verifiers
def test_through_postfix(certificates: Certificates, dns: DnsServer, verify: Verify) -> None:
    """What Postfix delivers verifies, whatever it puts in front."""
    given = [a_message(**{"to": ["r1@example.org"], **parts, "cc": ()}) for parts in MESSAGES.values()]
    with (
        Postfix(certificates) as postfix,
        SmtpTransport(
            name="postfix", host="localhost", port=postfix.ports["starttls"], ca_file=certificates.ca_file, timeout=10,
            **signing(RSA),
        ) as transport,
    ):  # fmt: skip
        outcomes = stream(transport, given)
        delivered = postfix.delivered(len(given) - 1 + len(MESSAGES["many people"]["to"]))

    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    each = {re.search(rb"^Message-I[dD]: (\S+)", octets, re.MULTILINE)[1]: octets for octets in delivered}  # type: ignore[index]
    assert {message.message_id.encode() for message in given} == each.keys()
    assert [[Verdict("r1", "pass")]] * len(given) == verify(
        dns, *(octets.replace(b"\n", b"\r\n") for octets in each.values())
    )


def test_the_signature_says_little(serve: Serve, connect: Connect) -> None:
    """Relaxed for both, no l= and no x=, and the time is the message's Date."""
    message = a_message(date=datetime(2026, 11, 1, 12, 0, tzinfo=UTC))
    (octets,) = arrived(serve, connect, message)
    header = octets[: octets.index(b"From:")].decode().replace("\r\n ", " ").removeprefix("DKIM-Signature: ")
    tags = dict(tag.strip().split("=", 1) for tag in header.split(";"))

    assert {"v", "a", "c", "d", "s", "t", "h", "bh", "b"} == tags.keys()
    assert ("rsa-sha256", "relaxed/relaxed", "acme.example", "r1") == tuple(tags[name] for name in "acds")
    assert str(int(message.date.timestamp())) == tags["t"]


def test_a_message_of_the_future_is_signed_now(serve: Serve, connect: Connect) -> None:
    """Receivers mistrust a signature whose time is yet to come."""
    ahead = datetime.now(UTC) + timedelta(days=30)
    (octets,) = arrived(serve, connect, a_message(date=ahead))
    (when,) = re.findall(rb" t=(\d+);", octets)

    assert int(when) <= datetime.now(UTC).timestamp()


def test_another_try_has_the_same_signature(serve: Serve, connect: Connect) -> None:
    """It is the same message, octet by octet, also from another process: signed again, it comes out the same."""
    rules = [{"at": "eod", "times": 1, "do": [{"accept": True}, {"reply": "451 4.3.0 later"}]}]
    server = serve(rules=rules)
    message = a_message()
    for _ in range(2):
        connect(server, retries=1, **signing(RSA, ED25519)).send(message)

    assert len({received.data for received in server.messages}) == 1


@pytest.mark.parametrize(
    ("domain", "sender"),
    [
        ("acme.example", "a@acme.example"), ("acme.example", "a@mail.acme.example"), ("Acme.Example", "a@acme.EXAMPLE"),
        ("mail.acme.example", "a@acme.example"), ("straße.example", "a@straße.example"),
    ],
)  # fmt: skip
def test_aligned_senders(domain: str, sender: str) -> None:
    """The domain of From is that of the signature, or one is below the other."""
    transport = SmtpTransport(host="localhost", **signing(RSA, domain=domain))

    assert transport.objection(a_message(sender=sender)) is None


@pytest.mark.parametrize(
    ("domain", "sender"),
    [
        ("acme.example", "a@other.example"), ("acme.example", "a@badacme.example"),
        ("mail.acme.example", "a@news.acme.example"), ("mail.acme.example", "a@example.example"),
    ],
)  # fmt: skip
def test_other_senders_are_refused(serve: Serve, connect: Connect, domain: str, sender: str) -> None:
    """A message that DMARC would reject in spite of its signature is not sent, and nothing is connected."""
    server = serve()
    transport = connect(server, **signing(RSA, domain=domain))
    message = a_message(sender=sender)
    with pytest.raises(TransportConfigError, match=f"cannot be signed for the domain {domain}") as caught:
        transport.send(message)
    (streamed,) = stream(transport, [message])

    assert caught.value.advice.startswith(f"Send from {domain}")
    assert isinstance(streamed, TransportConfigError)
    assert caught.value.reason == transport.objection(message)
    assert 0 == server.connections


def test_without_settings_nothing_is_signed(serve: Serve, connect: Connect) -> None:
    """DKIM is off by default."""
    server = serve()
    transport = connect(server)
    transport.send(a_message(sender="a@other.example"))

    assert b"DKIM-Signature" not in server.messages[0].data
    assert transport.objection(a_message()) is None


def test_whatever_the_text_is(dns: DnsServer) -> None:
    """Blanks, tabs, breaks and dots in any order, in text and subject: what is written verifies, 8-bit or 7-bit."""
    signer = Signer("relay", "acme.example", read_keys(Secret(pem(ED25519)), ("e1",), "key"))
    letters = st.sampled_from(" \t\n.ab=é")

    @settings(max_examples=80)
    @given(text=st.text(letters, max_size=120), subject=st.text(" \t.ab=é", max_size=120), eight_bit=st.booleans())
    def verifies(*, text: str, subject: str, eight_bit: bool) -> None:
        octets = signer.serialiser(a_message(text=text, subject=subject))(eight_bit=eight_bit)
        (verdicts,) = by_dkimpy(dns, octets)

        assert [Verdict("e1", "pass")] == verdicts

    verifies()


def test_five_megabytes(dns: DnsServer) -> None:
    """A large text is signed over all of it, runs of blanks and all."""
    signer = Signer("relay", "acme.example", read_keys(Secret(pem(ED25519)), ("e1",), "key"))
    message = a_message(text=("a  b \t" * 150 + "x\n") * 5500)
    octets = signer.serialiser(message)(eight_bit=True, smtputf8=False)

    assert len(octets) > 4_900_000
    genuine, changed = by_dkimpy(dns, octets, octets.replace(b"x\r\n", b"y\r\n", 1))
    assert [Verdict("e1", "pass")] == genuine
    assert genuine != changed
