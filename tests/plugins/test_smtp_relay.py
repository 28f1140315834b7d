"""Mail over a real TLS server of another implementation: what arrives is, octet for octet, what was written."""

from __future__ import annotations

import email
import email.policy
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import stream
from servers.scripted import KEY, a_message

from notify import Receipt
from notify.errors import TransportConfigError
from notify.message import Attachment, Message
from notify.testing import RelayServer
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.testing import Certificates

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


@pytest.fixture(params=["starttls", "implicit"])
def server(request: pytest.FixtureRequest, certificates: Certificates) -> Iterator[tuple[str, RelayServer]]:
    """The server, with each kind of TLS."""
    with RelayServer(certificates, {"apikey": KEY}, implicit=request.param == "implicit") as running:
        yield request.param, running


def transport_to(server: tuple[str, RelayServer], certificates: Certificates, **settings: Any) -> SmtpTransport:
    """A transport that logs in there."""
    tls, running = server
    usual: dict[str, Any] = {
        "host": "localhost", "port": running.port, "tls": tls, "username": "apikey", "password": KEY,
        "ca_file": certificates.ca_file, "timeout": 5.0,
    }  # fmt: skip
    return SmtpTransport(name="relay", **{**usual, **settings})


def rich_message() -> Message:
    """Text, HTML with an inline image, and a file, in letters of several alphabets."""
    return a_message(
        "Zoë <zoe@example.org>",
        "Ада Лавлейс <ada@example.com>",
        subject="Grüße 🎈 from Acme",
        text="Grüße\n.\n..two dots\nFrom here on\n",
        html='<p>Grüße <img src="cid:logo" alt="Acme"></p>',
        bcc=("hidden@example.net",),
        attachments=(
            Attachment("logo.png", content=PNG, type="image/png", cid="logo"),
            Attachment("Rechnung März.pdf", content=b"%PDF-1.4\r\n\0\xff", type="application/pdf"),
        ),
    )


def test_arrives_octet_for_octet(server: tuple[str, RelayServer], certificates: Certificates) -> None:
    """The server has the very octets of `as_bytes`, for exactly the envelope's recipients."""
    message = rich_message()

    with transport_to(server, certificates) as transport:
        receipt = transport.send(message)

    (taken,) = server[1].messages
    assert message.as_bytes(eight_bit=True) == taken.data
    assert message.envelope.recipients == taken.recipients
    assert message.envelope.sender == taken.sender
    assert "R000000000000000000001" == receipt.provider_id
    assert message.envelope.recipients == receipt.accepted


def test_an_independent_reader_gets_back_what_was_written(
    server: tuple[str, RelayServer], certificates: Certificates
) -> None:
    """Subject, names, texts, image and file come out as they went in; the blind copy is in no header."""
    message = rich_message()

    with transport_to(server, certificates) as transport:
        transport.send(message)

    octets = server[1].messages[0].data
    read = email.message_from_bytes(octets, policy=email.policy.default)
    parts = {part.get_content_type(): part for part in read.walk()}
    assert read["Subject"] == message.subject
    assert [(a.display_name, a.addr_spec) for a in read["To"].addresses] == [(a.name, a.email) for a in message.to]
    assert "hidden" not in octets.decode()
    assert parts["text/plain"].get_content().splitlines() == (message.text or "").splitlines()
    assert parts["text/html"].get_content().strip() == message.html
    assert parts["image/png"].get_content() == PNG
    assert parts["image/png"]["Content-ID"] == "<logo>"
    assert parts["application/pdf"].get_content() == b"%PDF-1.4\r\n\0\xff"
    assert parts["application/pdf"].get_filename() == "Rechnung März.pdf"


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_logs_in(server: tuple[str, RelayServer], certificates: Certificates, mechanism: str) -> None:
    """PLAIN and LOGIN are understood by a server that is not ours."""
    with transport_to(server, certificates, auth=mechanism) as transport:
        transport.verify()
        transport.send(a_message())

    assert [mechanism.upper()] * 2 == server[1].logins
    assert len(server[1].messages) == 1


def test_a_wrong_password(server: tuple[str, RelayServer], certificates: Certificates) -> None:
    """Nothing is sent, and the password is not in the error."""
    with (
        transport_to(server, certificates, password="SG.wrong") as transport,
        pytest.raises(TransportConfigError) as caught,
    ):
        transport.send(a_message())

    assert caught.value.code == 535
    assert "SG.wrong" not in str(caught.value)
    assert server[1].messages == []


def test_many_threads_send_at_once(server: tuple[str, RelayServer], certificates: Certificates) -> None:
    """Sixty messages of six threads arrive once each."""
    with transport_to(server, certificates, pool=3) as transport, ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: transport.send(a_message(f"r{n}@example.org")), range(60)))

    assert {f"r{n}@example.org" for n in range(60)} == {taken.recipients[0] for taken in server[1].messages}
    assert len(server[1].messages) == 60


def test_a_stream(server: tuple[str, RelayServer], certificates: Certificates) -> None:
    """A server that does not offer PIPELINING gets a stream as well, over one connection."""
    given = [rich_message() for _ in range(20)]

    with transport_to(server, certificates) as transport:
        outcomes = stream(transport, given)

    assert [message.message_id for message in given] == [
        outcome.message_id for outcome in outcomes if isinstance(outcome, Receipt)
    ]
    assert [message.as_bytes(eight_bit=True) for message in given] == [taken.data for taken in server[1].messages]
    assert len(server[1].logins) == 1


def test_large_messages(server: tuple[str, RelayServer], certificates: Certificates) -> None:
    """A file of five million octets arrives whole."""
    content = bytes(range(256)) * 20_000
    message = a_message(attachments=(Attachment("data.bin", content=content),))

    with transport_to(server, certificates, timeout=20.0) as transport:
        transport.send(message)

    assert message.as_bytes(eight_bit=True) == server[1].messages[0].data
