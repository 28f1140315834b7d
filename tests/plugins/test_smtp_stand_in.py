"""A real Postfix in the place of smtp.sendgrid.net: TLS first, the user `apikey`, and a key that is checked."""

from __future__ import annotations

import email
import email.policy
import os
import smtplib
import ssl
from typing import TYPE_CHECKING

import pytest
from servers.feeds import stream
from servers.postfix import COMMAND, SASL_COMMAND, Postfix
from servers.scripted import a_message

from notify import Receipt
from notify.errors import RefusedError, TransportConfigError
from notify_sendgrid import SendGridTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.testing import Certificates

KEY = "SG.stand-in_AbCdEfGhIjKlMn.0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

pytestmark = pytest.mark.skipif(
    COMMAND is None or SASL_COMMAND is None or os.geteuid() != 0,
    reason="needs Debian's postfix, sasl2-bin and libsasl2-modules, and root to start an instance of its own",
)


@pytest.fixture(scope="module")
def stand_in(certificates: Certificates) -> Iterator[Postfix]:
    """The stand-in, for all tests of this module."""
    with Postfix(certificates, {"apikey": KEY}) as running:
        yield running


def sendgrid(
    stand_in: Postfix, certificates: Certificates, *, key: str = KEY, tls: str = "starttls"
) -> SendGridTransport:
    """The transport as for SendGrid, but for where the stand-in is."""
    return SendGridTransport(
        name="sendgrid", api_key=key, host="localhost", port=stand_in.ports[tls], tls=tls,
        ca_file=certificates.ca_file, timeout=10.0, transcript=True,
    )  # fmt: skip


def test_a_thousand_messages_arrive_whole_and_once(stand_in: Postfix, certificates: Certificates) -> None:
    """Streamed over logged-in connections: each message is in the Maildir once, octet by octet."""
    given = [
        a_message(f"r{number}@example.org", subject=f"Grüße {number}", text=f"Grüße {number}\n.\n..\nFrom here\n",
                  tags=("orders",), metadata={"number": str(number)})
        for number in range(1000)
    ]  # fmt: skip

    with sendgrid(stand_in, certificates) as transport:
        outcomes = stream(transport, given)
        written = sorted(transport.prepare(message).as_bytes(eight_bit=True) for message in given)

    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert len({receipt.provider_id for receipt in receipts}) == len(receipts) == 1000
    delivered = stand_in.delivered(1000, seconds=120.0)
    assert written == sorted(octets[octets.index(b"From: Acme") :].replace(b"\n", b"\r\n") for octets in delivered)
    read = [email.message_from_bytes(octets, policy=email.policy.default) for octets in delivered]
    assert {message.subject for message in given} == {str(each["Subject"]) for each in read}
    assert "sasl_username=apikey" in stand_in.log()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_the_right_key_logs_in(stand_in: Postfix, certificates: Certificates, tls: str) -> None:
    """With each kind of TLS; a refused recipient is named beside those who have it."""
    with sendgrid(stand_in, certificates, tls=tls) as transport:
        transport.verify()
        receipt = transport.send(a_message("r1@example.org", "gone@example.org"))

    assert receipt.accepted == ("r1@example.org",)
    assert isinstance(receipt.rejected["gone@example.org"], RefusedError)


@pytest.mark.parametrize("key", ["SG.wrong", KEY[:-1], KEY.swapcase()])
def test_a_wrong_key_is_a_matter_of_configuration(stand_in: Postfix, certificates: Certificates, key: str) -> None:
    """Nothing is sent, the advice is SendGrid's, and the key is nowhere."""
    with sendgrid(stand_in, certificates, key=key) as transport, pytest.raises(TransportConfigError) as caught:
        transport.send(a_message())

    assert (caught.value.phase, caught.value.code) == ("auth", 535)
    assert "api_keys" in caught.value.advice
    assert caught.value.transcript[-2] == "C: AUTH PLAIN ***"
    assert key not in str(vars(caught.value))


def test_the_stand_in_is_as_strict_as_it_has_to_be(stand_in: Postfix, certificates: Certificates) -> None:
    """Without TLS there is no AUTH and no MAIL, without a login no RCPT, and no other user name will do."""
    trust = ssl.create_default_context(cafile=str(certificates.ca_file))
    with smtplib.SMTP("localhost", stand_in.ports["starttls"], timeout=10) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        assert client.mail("hello@acme.example")[0] == 530
        client.starttls(context=trust)
        client.ehlo()
        assert {"PLAIN", "LOGIN"} <= set(client.esmtp_features["auth"].split())
        client.mail("hello@acme.example")
        assert client.rcpt("r1@example.org")[0] == 554
        client.rset()
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("somebody", KEY)
        client.login("apikey", KEY)
        client.mail("hello@acme.example")
        assert client.rcpt("r1@example.org")[0] == 250
