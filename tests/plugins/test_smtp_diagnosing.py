"""The diagnosis of an SMTP server, against real servers that have what is to be found."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from notify.testing import Certificates, ScriptedServer
from notify_smtp import SmtpTransport
from notify_smtp.certificates import why_distrusted
from notify_smtp.diagnosing import _service, diagnose
from notify_smtp.suspicions import suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from servers.scripted import Connect, Serve

    from notify.diagnosis import Diagnosis
    from notify_smtp.probing import Way

Found = dict[str, "Diagnosis"]


def diagnosed(transport: SmtpTransport, *ways: Way) -> Found:
    """What is found, by the name of the check; besides the transport's own port only these are tried."""
    return {each.check: each for each in diagnose(transport._endpoint, ways)}


def the_failure(found: Found) -> Diagnosis:
    """The only failure."""
    (failure,) = [each for each in found.values() if each.status == "failed"]
    return failure


@contextmanager
def listening(said: bytes) -> Iterator[int]:
    """A port where whoever connects is told this."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                with sock:
                    sock.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def test_a_good_server(serve: Serve, connect: Connect) -> None:
    """Every step is told, from the name to the login, with its figures; nothing is sent, and the server hears QUIT."""
    server = serve(size=31457280, require_tls=True)
    found = diagnosed(connect(server))

    assert ["host", "port", "tls", "ehlo", "login"] == list(found)
    assert {"ok"} == {each.status for each in found.values()}
    assert "127.0.0.1: it is an address" == found["host"].found
    assert found["port"].found.startswith(f"port {server.port} answers after ")
    assert found["port"].data["milliseconds"] < 2000
    assert found["tls"].data["version"] in {"TLSv1.2", "TLSv1.3"}
    assert found["tls"].data["days_left"] > 300
    assert "127.0.0.1" in found["tls"].data["names"]
    assert "SIZE 30 MiB" in found["ehlo"].found
    assert 31457280 == found["ehlo"].data["size"]
    assert ["PLAIN", "LOGIN"] == found["login"].data["offered"]
    assert "the server takes the login (AUTH PLAIN)" == found["login"].found
    verbs = [command.split()[0] for _, command in server.commands]
    assert ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"] == verbs
    assert [] == server.messages


def test_the_transport_asks_it(serve: Serve, connect: Connect) -> None:
    """`diagnose` of the transport is this, with the ports that any service has."""
    found = {each.check: each for each in connect(serve()).diagnose()}

    assert "ok" == found["login"].status
    assert {587, 2525, 465} == {port["port"] for port in found["other-ports"].data["ports"]}


def test_tls_from_the_start(serve: Serve, connect: Connect) -> None:
    """A port with TLS from the start goes the same way."""
    found = diagnosed(connect(serve(tls="implicit"), tls="implicit"))

    assert "ok" == found["login"].status


def test_without_tls_and_login(serve: Serve, connect: Connect) -> None:
    """A server on this machine that wants neither can be sent through; that it goes in clear is said."""
    found = diagnosed(connect(serve(tls="none", auth=[]), tls="none", username=None, password=None))

    assert "warning" == found["tls"].status
    assert "skipped" == found["login"].status
    assert "failed" not in {each.status for each in found.values()}


def test_a_closed_port_beside_an_open_one(serve: Serve, connect: Connect) -> None:
    """The port that answers is named, as it is to be written, and the rest is looked at there."""
    closed, other = serve(listen=False), serve(tls="implicit")
    found = diagnosed(connect(closed), (other.port, "implicit"))

    failure = the_failure(found)
    assert "port" == failure.check
    assert "connection refused" in failure.found
    assert f"Port {other.port} answers: write `port: {other.port}, tls: implicit`" in failure.advice
    assert "ok" == found["login"].status


def test_a_port_that_swallows_everything(serve: Serve, connect: Connect) -> None:
    """A port where nobody answers is told from one that refuses, and another is named."""
    silent, other = serve(listen="blackhole"), serve()
    found = diagnosed(connect(silent, timeout=0.5), (other.port, "starttls"))

    failure = the_failure(found)
    assert "no answer within 0.5 seconds" in failure.found
    assert f"write `port: {other.port}` for the transport relay" in failure.advice
    assert "ok" == found["login"].status


def test_all_ports_closed(serve: Serve, connect: Connect) -> None:
    """Where no port answers, it is the network or its provider, and HTTP is the way out."""
    one, two, three = (serve(listen=False) for _ in range(3))
    found = diagnosed(connect(one), (two.port, "starttls"), (three.port, "implicit"))

    failure = the_failure(found)
    assert f"None of the ports {one.port}, {two.port}, {three.port} can be reached" in failure.advice
    assert "hosting provider" in failure.advice
    assert "HTTP API" in failure.advice
    assert ["host", "port", "other-ports"] == list(found)


def test_a_name_that_does_not_resolve() -> None:
    """A host that the DNS does not know is the whole answer."""
    found = diagnosed(SmtpTransport(host="mail.acme.invalid", username="apikey", password="SG.test-key"))

    assert ["host"] == list(found)
    assert "mail.acme.invalid cannot be looked up" in the_failure(found).found


@pytest.mark.parametrize(
    ("host", "number", "words"),
    [
        ("smtp.sendgrid.net", socket.EAI_NONAME, "is it online"),
        ("mail.acme.example", socket.EAI_AGAIN, "is it online"),
        ("mail.acme.example", socket.EAI_NONAME, "Check the setting host"),
    ],
)
def test_no_dns(host: str, number: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When no DNS server answers, or a well-known host is not known, the machine's DNS is the cause."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "name resolution failed")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    found = diagnosed(SmtpTransport(host=host, username="apikey", password="SG.test-key"))

    assert words in the_failure(found).advice


def test_trouble_with_ipv6_only(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where IPv6 comes first and fails while IPv4 works, mail can be sent, and IPv6 is named."""
    server = serve()
    ipv6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", server.port, 0, 0))
    ipv4 = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [ipv6, ipv4])
    found = diagnosed(connect(server, host="localhost"))

    assert "warning" == found["ipv6"].status
    assert found["ipv6"].found.startswith("IPv6 does not work (::1: ")
    assert found["ipv6"].found.endswith(", IPv4 does")
    assert "ok" == found["port"].status == found["login"].status


def test_only_ipv6_and_no_way_there(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with IPv6 addresses only, out of reach, is told from a blocked port."""
    server = serve()
    ipv6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", server.port, 0, 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [ipv6])

    assert "has IPv6 addresses only" in the_failure(diagnosed(connect(server, host="localhost"))).advice


def test_a_wrong_key(serve: Serve, connect: Connect) -> None:
    """A refused login is a matter of the login, with the server's words."""
    failure = the_failure(diagnosed(connect(serve(), password="SG.another.key")))

    assert "login" == failure.check
    assert "535 5.7.8 authentication failed" in failure.found
    assert "TransportConfigError" == failure.data["error"]


@pytest.mark.parametrize(
    ("user", "key", "words"),
    [
        ("apikey", "SG.wrong.key\n", "begins or ends with a blank or a line break"),
        ("apikey", "SG.wro ng.key", "has blanks within"),
        (" apikey", "SG.wrong.key", "The user name begins or ends with a blank"),
        ("apikey", "'SG.wrong.key'", "stands in quotes"),
        ("ada@acme.example", "SG.wrong.key", "the word apikey for everybody"),
        ("apikey", "Zm9vYmFyZm9vYmFyZm9vYg", "22 letters, as a key's id has"),
        ("apikey", "hunter2hunter2", "does not begin with SG."),
        ("apikey", "SG.half", "It is not whole"),
        ("apikey", "SG.some.key", "Has the key been revoked?"),
    ],
)
def test_what_is_odd_about_a_refused_login(serve: Serve, connect: Connect, user: str, key: str, words: str) -> None:
    """Blanks, quotes, the account's own login and the key's id are recognised, and no letter of the key is shown."""
    server = serve()
    transport = connect(server, host="127.0.0.1", password=key, username=user)
    sendgrid = SmtpTransport(preset="sendgrid", password="SG.some.key")
    endpoint = _with_rules(transport, sendgrid)
    failure = the_failure({each.check: each for each in diagnose(endpoint, ())})

    assert "login" == failure.check
    assert words in failure.advice
    assert key.strip() not in f"{failure}"


def _with_rules(transport: SmtpTransport, other: SmtpTransport) -> Any:
    from dataclasses import replace

    return replace(transport._endpoint, rules=other._endpoint.rules)


def test_nothing_odd() -> None:
    """A login that looks right is not suspected."""
    transport = SmtpTransport(host="localhost", username="ada", password="right")
    credentials = transport._endpoint.credentials

    assert credentials is not None
    assert "" == suspicion(credentials, transport.service)


def test_a_quota_at_the_login(serve: Serve, connect: Connect) -> None:
    """A quota that is used up is told from a wrong key, and waiting helps."""
    reply = "451 Authentication failed: Maximum credits exceeded"
    transport = connect(serve(rules=[{"at": "auth", "do": [{"reply": reply}]}]))
    endpoint = _with_rules(transport, SmtpTransport(preset="sendgrid", password="SG.some.key"))
    failure = the_failure({each.check: each for each in diagnose(endpoint, ())})

    assert "login" == failure.check
    assert "ThrottledError" == failure.data["error"]
    assert 3600.0 == failure.data["retry_after"]
    assert "quota is used up" in failure.advice


def test_an_unknown_authority(serve: Serve, connect: Connect) -> None:
    """A certificate by an authority that nobody knows: its issuer is named, and ca_file."""
    failure = the_failure(diagnosed(connect(serve(cert="selfsigned"))))

    assert "certificate" == failure.check
    assert "It was issued by trustme" in failure.advice
    assert "ca_file" in failure.advice


def test_a_certificate_for_another_name(serve: Serve, connect: Connect) -> None:
    """The name that it is for is told."""
    failure = the_failure(diagnosed(connect(serve(cert="wronghost"))))

    assert "certificate" == failure.check
    assert "It is for mx.other.example" in failure.advice
    assert ["mx.other.example"] == failure.data["names"]


def test_an_expired_certificate(serve: Serve, connect: Connect) -> None:
    """Its end and the machine's clock are told."""
    failure = the_failure(diagnosed(connect(serve(cert="expired"))))

    assert "certificate" == failure.check
    assert "It ended on 2020-02-01" in failure.advice
    assert f"clock says {datetime.now(UTC):%Y-%m}" in failure.advice


class _During(Certificates):
    """Certificates that hold in another time, counted in days from now."""

    def __init__(self, folder: Path, begin: int, end: int) -> None:
        super().__init__(folder)
        self._own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        now = datetime.now(UTC) + timedelta(hours=1)
        leaf = self._issuer.issue_cert(
            "127.0.0.1", not_before=now + timedelta(days=begin), not_after=now + timedelta(days=end)
        )
        leaf.configure_cert(self._own)

    def context(self, _kind: object = "good") -> ssl.SSLContext:
        return self._own


def test_a_clock_that_is_slow(tmp_path: Path, connect: Connect) -> None:
    """A certificate that does not hold yet makes the clock suspect."""
    certificates = _During(tmp_path, 2, 9)
    with ScriptedServer({}, certificates) as server:
        failure = the_failure(diagnosed(connect(server, ca_file=certificates.ca_file)))

    assert "certificate" == failure.check
    assert "is the clock right?" in failure.advice
    assert f"{datetime.now(UTC) + timedelta(days=2, hours=1):%Y-%m-%d}" in failure.advice


def test_a_certificate_that_ends_soon(tmp_path: Path, connect: Connect) -> None:
    """A certificate of a few days more works, with a warning."""
    certificates = _During(tmp_path, -9, 9)
    with ScriptedServer({}, certificates) as server:
        found = diagnosed(connect(server, ca_file=certificates.ca_file))

    assert "warning" == found["tls"].status
    assert "holds 9 days more" in found["tls"].found
    assert "ok" == found["login"].status


def test_a_ca_file_without_certificates(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """A file with no certificate in it is found at TLS, not thrown."""
    empty = tmp_path / "empty.pem"
    empty.touch()

    assert "holds no certificates" in the_failure(diagnosed(connect(serve(), ca_file=empty))).found


def test_no_starttls(serve: Serve, connect: Connect) -> None:
    """A server that does not offer STARTTLS gets no password."""
    server = serve(tls="none", auth_before_tls=True)
    failure = the_failure(diagnosed(connect(server)))

    assert "starttls" == failure.check
    assert "does not offer STARTTLS" in failure.found
    assert 0 == server.auth_in_clear


def test_implicit_where_it_is_starttls(serve: Serve, connect: Connect) -> None:
    """TLS from the start at a port that begins without: the right setting is named."""
    failure = the_failure(diagnosed(connect(serve(), tls="implicit")))

    assert "tls" == failure.check
    assert "write `tls: starttls`" in failure.advice


def test_starttls_where_it_is_implicit(serve: Serve, connect: Connect) -> None:
    """A port that waits for TLS from the start is silent in clear: the right setting is named."""
    failure = the_failure(diagnosed(connect(serve(tls="implicit"), timeout=0.5)))

    assert "greeting" == failure.check
    assert "write `tls: implicit`" in failure.advice


def test_a_web_server(connect: Connect, serve: Serve) -> None:
    """What answers there in HTTP is called a web server."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        failure = the_failure(diagnosed(connect(serve(), port=server.server_port, timeout=0.5)))
        server.shutdown()

    assert "greeting" == failure.check
    assert f"A web server answers at port {server.server_port} (HTTP/1.0 " in failure.advice


def test_something_else_that_talks_first(connect: Connect, serve: Serve) -> None:
    """The first words of what is no SMTP server are shown."""
    with listening(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        failure = the_failure(diagnosed(connect(serve(), port=port, timeout=0.5)))

    assert "no SMTP server (SSH-2.0-OpenSSH_9.2)" in failure.advice


def test_silence(serve: Serve, connect: Connect) -> None:
    """A server that takes connections and says nothing, in any language, is told as such; it may pass."""
    server = serve(rules=[{"at": "connect", "do": [{"hang": 9}]}])
    failure = the_failure(diagnosed(connect(server, timeout=0.3)))

    assert "greeting" == failure.check
    assert "no answer within 0.3 seconds" in failure.found
    assert "TemporaryError" == failure.data["error"]


def test_a_server_that_is_closed_without_tls(serve: Serve, connect: Connect) -> None:
    """Without TLS there are no other ports to try: it is probably not running."""
    server = serve(listen=False, tls="none")
    transport = connect(server, tls="none", username=None, password=None)
    failure = the_failure({each.check: each for each in transport.diagnose()})

    assert "Is the server running?" in failure.advice


def test_a_quit_that_is_not_answered(serve: Serve, connect: Connect) -> None:
    """What becomes of the goodbye matters to nobody."""
    found = diagnosed(connect(serve(rules=[{"at": "quit", "do": [{"close": True}]}])))

    assert "ok" == found["login"].status


def test_a_certificate_that_cannot_be_read(serve: Serve, connect: Connect) -> None:
    """Where the certificate is not shown a second time, the reason stands alone."""
    later = {"at": "connect", "nth": 3, "do": [{"close": True}]}
    failure = the_failure(diagnosed(connect(serve(cert="expired", rules=[later]))))

    assert "certificate" == failure.check
    assert "certificate has expired" in failure.found


@pytest.mark.parametrize(("code", "words"), [(18, "issued by Acme CA"), (62, "for one.example, two.example"), (99, "")])
def test_why_a_certificate_is_distrusted(code: int, words: str) -> None:
    """By OpenSSL's reason; one that is not known has nothing to add."""
    about = {"issuer": "Acme CA", "names": ["one.example", "two.example"]}

    assert words in why_distrusted(code, about)
    assert bool(words) == bool(why_distrusted(code, about))
    assert "It" not in why_distrusted(code, None)


@pytest.mark.parametrize(
    ("host", "title"),
    [
        ("smtp.sendgrid.net", "SendGrid"),
        ("smtp.eu.sendgrid.net", "SendGrid"),
        ("email-smtp.eu-west-1.amazonaws.com", "Amazon SES"),
        ("mail.acme.example", "any server"),
    ],
)
def test_which_service_it_is(connect: Connect, serve: Serve, host: str, title: str) -> None:
    """A service is known by its host, also one of a region."""
    assert title == _service(connect(serve(), host=host)._endpoint).title


def test_a_server_that_sends_everybody_away(serve: Serve, connect: Connect) -> None:
    """A greeting of 421 passes: the words are the server's."""
    server = serve(rules=[{"at": "connect", "do": [{"reply": "421 4.3.2 closing for maintenance"}]}])
    failure = the_failure(diagnosed(connect(server)))

    assert "greeting" == failure.check
    assert "421 4.3.2 closing for maintenance" in failure.found
    assert "TemporaryError" == failure.data["error"]


def test_no_known_mechanism(serve: Serve, connect: Connect) -> None:
    """A server that offers no way to log in that is known is told from one that refuses the login."""
    failure = the_failure(diagnosed(connect(serve(auth=["CRAM-MD5"]))))

    assert "login" == failure.check
    assert "CRAM-MD5" in failure.found


def test_the_key_is_never_shown(serve: Serve, connect: Connect) -> None:
    """Also when the server repeats it, in clear or in base64."""
    key = "SG.very-secret.word"
    transport = connect(serve(), password=key)
    assert transport._endpoint.credentials is not None
    blob = transport._endpoint.credentials.plain
    server = serve(rules=[{"at": "auth", "do": [{"reply": f"535 5.7.8 not {key} nor {blob}"}]}])
    found = diagnosed(connect(server, password=key))

    assert "login" == the_failure(found).check
    assert not [word for word in (key, blob) if word in str(found)]
