"""The relay server of `notify.testing`, seen by the standard library's client."""

from __future__ import annotations

import gc
import smtplib
import ssl
import sys
from typing import TYPE_CHECKING

import pytest

from notify.errors import ConfigError
from notify.testing import Certificates, Relayed, RelayServer

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"Message-ID: <1@example.com>\r\nSubject: x\r\n\r\n.dot\r\n"
USERS = {"apikey": "SG.key"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of an authority that the client trusts."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


def trusting(certificates: Certificates) -> ssl.SSLContext:
    """What a client trusts that trusts the authority."""
    return ssl.create_default_context(cafile=certificates.ca_file)


def client_of(server: RelayServer, certificates: Certificates, *, implicit: bool) -> smtplib.SMTP:
    """A client under TLS that has not logged in."""
    if implicit:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=10, context=trusting(certificates))
    client = smtplib.SMTP(server.host, server.port, timeout=10)
    client.starttls(context=trusting(certificates))
    return client


@pytest.mark.parametrize("implicit", [False, True])
def test_takes_mail_over_tls_after_a_login(certificates: Certificates, *, implicit: bool) -> None:
    """It has the envelope, the very octets, and how they came."""
    with (
        RelayServer(certificates, USERS, implicit=implicit) as server,
        client_of(server, certificates, implicit=implicit) as client,
    ):
        client.login("apikey", "SG.key")
        client.sendmail("a@example.com", ["b@example.com", "c@example.com"], TEXT)

    (taken,) = server.messages
    assert taken == Relayed("a@example.com", ("b@example.com", "c@example.com"), TEXT, taken.tls, "apikey")
    assert taken.tls.startswith("TLSv1.")
    assert taken.message_id == "<1@example.com>"
    assert len(server.logins) == 1


@pytest.mark.parametrize("implicit", [False, True])
def test_takes_nothing_without_the_right_login(certificates: Certificates, *, implicit: bool) -> None:
    """MAIL needs a login, a login the right password, and a name that is known."""
    with (
        RelayServer(certificates, USERS, implicit=implicit) as server,
        client_of(server, certificates, implicit=implicit) as client,
    ):
        client.ehlo()
        refused = client.mail("a@example.com")
        for user, password in (("apikey", "SG.wrong"), ("nobody", "SG.key")):
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login(user, password)

    assert 530 == refused[0]
    assert [] == server.messages


def test_takes_nothing_in_clear(certificates: Certificates) -> None:
    """Without TLS there is neither a login nor a mail."""
    with RelayServer(certificates, USERS) as server, smtplib.SMTP(server.host, server.port, timeout=10) as client:
        client.ehlo()
        offered = client.has_extn("auth")
        refused = client.mail("a@example.com")

    assert not offered
    assert 530 == refused[0]


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_opens_nothing_before_it_is_entered(certificates: Certificates) -> None:
    """A server that never runs leaves nothing open."""
    server = RelayServer(certificates, USERS)

    assert server.port == 0
    del server
    gc.collect()


def test_needs_aiosmtpd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, the error says what to install."""
    certificates = Certificates(tmp_path)
    monkeypatch.setitem(sys.modules, "aiosmtpd", None)

    with pytest.raises(ConfigError, match=r"pip install 'notify-framework\[demo\]'"):
        RelayServer(certificates, USERS)
