"""Mail through Debian's Postfix, where it is installed."""

from __future__ import annotations

import email
import email.policy
import os
from typing import TYPE_CHECKING

import pytest
from servers.feeds import stream
from servers.postfix import COMMAND, Postfix
from servers.scripted import a_message

from notify import Receipt
from notify.errors import RefusedError
from notify.message import Attachment
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.testing import Certificates

pytestmark = pytest.mark.skipif(
    COMMAND is None or os.geteuid() != 0, reason="needs Debian's postfix, and root to start an instance of its own"
)


@pytest.fixture
def postfix(certificates: Certificates) -> Iterator[Postfix]:
    """A Postfix of this test's own."""
    with Postfix(certificates) as running:
        yield running


def transport_to(postfix: Postfix, certificates: Certificates, tls: str) -> SmtpTransport:
    """A transport to it; nobody has to log in on loopback."""
    return SmtpTransport(
        name="postfix", host="localhost", port=postfix.ports[tls], tls=tls, ca_file=certificates.ca_file, timeout=10.0
    )


def test_through_postfix_and_back(postfix: Postfix, certificates: Certificates) -> None:
    """What Postfix delivers is what was written, behind the headers that it adds, with each kind of TLS."""
    messages = [
        a_message(subject=f"Grüße {number} 🎈", text=f"Grüße {number}\n.\n..\nFrom here\n" + "x" * 900 + "\n",
                  html="<p>Grüße</p>", attachments=(Attachment("März.bin", content=bytes(range(256))),))
        for number in range(10)
    ]  # fmt: skip

    for tls in ("starttls", "implicit"):
        with transport_to(postfix, certificates, tls) as transport:
            receipts = [transport.send(message) for message in messages]
            assert all(receipt.provider_id for receipt in receipts)

    delivered = sorted(octets[octets.index(b"From: Acme") :] for octets in postfix.delivered(20))
    assert sorted(message.as_bytes(eight_bit=True).replace(b"\r\n", b"\n") for message in messages * 2) == delivered
    for octets in delivered:
        read = email.message_from_bytes(octets, policy=email.policy.default)
        number = str(read["Subject"]).split()[1]
        body = read.get_body(("plain",))
        assert body is not None
        assert body.get_content().startswith(f"Grüße {number}\n.\n..\nFrom here\n")


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_stream_through_postfix(postfix: Postfix, certificates: Certificates, tls: str) -> None:
    """Each message arrives once, the refused ones are named, and it all goes over one connection."""
    given = [
        a_message(
            f"r{number}@example.org", subject=f"Number {number}", text=f".\nText {number}\n" * (1 + number % 3 * 900)
        )
        for number in range(30)
    ]
    given[7] = a_message("gone@example.org")
    given[8] = a_message("r8@example.org", "gone@example.org", subject="Number 8")
    given[9] = a_message("r9@example.org", subject="Number 9", text="y" * 70 + "\n" + "y\n" * 600_000)

    with transport_to(postfix, certificates, tls) as transport:
        outcomes = stream(transport, given)

    assert [7, 9] == [number for number, outcome in enumerate(outcomes) if isinstance(outcome, RefusedError)]
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert [8] == [outcomes.index(receipt) for receipt in receipts if receipt.rejected]
    assert len({receipt.provider_id for receipt in receipts}) == len(receipts) == 28
    subjects = sorted(str(email.message_from_bytes(octets)["Subject"]) for octets in postfix.delivered(28))
    assert sorted(given[number].subject for number in range(30) if number not in {7, 9}) == subjects
    assert postfix.log().count(" connect from ") == 1


def test_postfix_refuses(postfix: Postfix, certificates: Certificates) -> None:
    """A refused recipient is named beside the others, and a message over SIZE is not even begun."""
    with transport_to(postfix, certificates, "starttls") as transport:
        receipt = transport.send(a_message("r1@example.org", "gone@example.org"))
        with pytest.raises(RefusedError, match="size"):
            transport.send(a_message(text="x" * 70 + "\n" + "y\n" * 600_000))

    assert receipt.accepted == ("r1@example.org",)
    assert isinstance(receipt.rejected["gone@example.org"], RefusedError)
    assert len(postfix.delivered(1)) == 1
