"""The scripted server of `notify.testing`, seen by the standard library's client."""

from __future__ import annotations

import base64
import contextlib
import smtplib
import socket
import ssl
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from notify.errors import ConfigError
from notify.testing import Certificates, Rule, Script, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"Subject: x\r\n\r\n.dot\r\n"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of an authority that the client trusts."""
    return Certificates(tmp_path_factory.mktemp("certificates"), "smtp.example")


def client_context(certificates: Certificates) -> ssl.SSLContext:
    """What a client trusts that trusts the authority."""
    return ssl.create_default_context(cafile=certificates.ca_file)


def talk(server: ScriptedServer, *lines: str) -> list[str]:
    """What the server says to these lines, over a bare connection: the greeting first, the last line of each answer."""
    answers = []
    with socket.create_connection((server.host, server.port), 5) as sock, sock.makefile("rwb") as stream:
        for line in ("", *lines):
            if line:
                stream.write(line.encode() + b"\r\n")
                stream.flush()
            while (answer := stream.readline().decode().rstrip()) and answer[3:4] == "-":
                pass
            answers.append(answer)
    return answers


def plain(**script: Any) -> ScriptedServer:
    """A server without TLS."""
    return ScriptedServer({"tls": "none", **script})


def test_takes_mail_like_any_server(certificates: Certificates) -> None:
    """smtplib gets a message through with STARTTLS and a login, and the server has all of it."""
    with ScriptedServer({"require_tls": True, "require_auth": True, "size": 1000}, certificates) as server:
        with smtplib.SMTP(server.host, server.port, timeout=5) as client:
            client.starttls(context=client_context(certificates))
            client.login("apikey", "SG.test-key")
            client.sendmail("a@example.com", ["b@example.com", "c@example.com"], TEXT)

        (message,) = server.messages

    assert ("a@example.com", ("b@example.com", "c@example.com")) == (message.sender, message.recipients)
    assert TEXT == message.data
    assert b"\r\n..dot\r\n" in message.wire
    assert (message.user, message.secured, message.answered, message.session) == ("apikey", True, True, 1)
    assert message.options == f"size={len(TEXT)}"
    assert (server.connections, server.auth_in_clear, server.violations) == (1, 0, [])
    assert server.data_bytes == len(message.wire) + 3


@pytest.mark.parametrize("mechanism", ["auth_plain", "auth_login"])
def test_understands_each_login(mechanism: str) -> None:
    """PLAIN and LOGIN, with and without an initial response, right and wrong."""
    for initial in (True, False):
        with plain() as server, smtplib.SMTP(server.host, server.port, timeout=5) as client:
            client.ehlo()
            client.user, client.password = "apikey", "SG.test-key"
            client.auth(mechanism[5:], getattr(client, mechanism), initial_response_ok=initial)
            client.sendmail("a@example.com", "b@example.com", TEXT)
            client.rset()

            assert server.messages[0].user == "apikey"
            assert server.auth_in_clear == 1
            assert not any("SG.test-key" in line for _, line in server.commands)


def test_refuses_a_wrong_password() -> None:
    """Whoever does not know the password is told so."""
    with (
        plain() as server,
        smtplib.SMTP(server.host, server.port, timeout=5) as client,
        pytest.raises(smtplib.SMTPAuthenticationError) as caught,
    ):
        client.login("apikey", "wrong")

    assert caught.value.smtp_code == 535


def test_implicit_tls(certificates: Certificates) -> None:
    """The greeting comes under TLS."""
    with ScriptedServer({"tls": "implicit"}, certificates) as server:
        context = client_context(certificates)
        with smtplib.SMTP_SSL("localhost", server.port, timeout=5, context=context) as client:
            client.sendmail("a@example.com", "b@example.com", TEXT)

    assert server.messages[0].secured


@pytest.mark.parametrize("kind", ["expired", "wronghost", "selfsigned"])
def test_bad_certificates_are_bad(certificates: Certificates, kind: str) -> None:
    """A client that looks at certificates refuses each of them."""
    with (
        ScriptedServer({"cert": kind}, certificates) as server,
        closing(smtplib.SMTP(server.host, server.port, timeout=5)) as client,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        client.starttls(context=client_context(certificates))


def test_a_chain_for_other_programs(certificates: Certificates, tmp_path: Path) -> None:
    """Certificate and key can be written for a server that is not ours."""
    certificates.write_chain(tmp_path / "chain.pem")

    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / "chain.pem")


def test_tls_needs_certificates() -> None:
    """A server that is to speak TLS and has no certificate says what is missing."""
    with pytest.raises(ConfigError, match="needs certificates"):
        ScriptedServer().context()


def test_certificates_need_trustme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the error says what to install."""
    monkeypatch.setitem(sys.modules, "trustme", None)

    with pytest.raises(ConfigError, match="pip install"):
        Certificates(tmp_path)


def test_demands_what_the_script_demands() -> None:
    """TLS and a login can be required; an order of commands is."""
    with plain(require_tls=True) as tls, plain(require_auth=True) as login, plain(size=10) as small, plain() as server:
        assert talk(tls, "MAIL FROM:<a@e.example>")[1].startswith("530")
        assert talk(login, "MAIL FROM:<a@e.example>")[1].startswith("530")
        assert talk(small, "MAIL FROM:<a@e.example> SIZE=11")[1].startswith("552")
        assert talk(server, "RCPT TO:<a@e.example>")[1].startswith("503")
        assert talk(server, "MAIL FROM:<a@e.example>", "DATA")[2].startswith("554")
        assert talk(server, "STARTTLS")[1].startswith("502")
        assert talk(server, "AUTH CRAM-MD5")[1].startswith("504")
        assert talk(server, "AUTH PLAIN nonsense!")[1].startswith("501")
        assert talk(server, "NOOP", "HELO me", "WHAT")[1:] == [
            "250 2.0.0 Ok", "250 scripted.example", "500 5.5.2 unknown command",
        ]  # fmt: skip


def test_notes_what_rfc_5321_does_not_allow() -> None:
    """Commands without a proper path or line end are kept apart."""
    with plain() as server, socket.create_connection((server.host, server.port), 5) as sock:
        sock.sendall(b"MAIL FROM: a@e.example\r\nNOOP\nQUIT\r\n")
        while sock.recv(1000):
            pass

    assert server.violations == ["FROM: a@e.example", "NOOP\n"]


def test_a_text_over_the_limit_is_refused_at_its_end() -> None:
    """A client that did not say SIZE hears it after the final dot."""
    with plain(size=5) as server:
        answers = talk(server, "MAIL FROM:<a@e.example>", "RCPT TO:<b@e.example>", "DATA", "0123456789\r\n.")

    assert answers[-1].startswith("552")
    assert server.messages == []


def test_only_the_real_final_dot_ends_a_text() -> None:
    """A dot between bare line feeds is content, so that a client that lets one out is found out."""
    with plain() as server:
        talk(server, "MAIL FROM:<a@e.example>", "RCPT TO:<b@e.example>", "DATA", "a\n.\nb\r.\rc\r\n.", "NOOP")

    assert [b"a\n.\nb\r.\rc\r\n"] == [message.wire for message in server.messages]


def test_rules_hold_where_they_say() -> None:
    """By match, by connection, by count, and the first that fits."""
    rules = [
        {"at": "rcpt", "match": "^k1@", "do": [{"reply": "550 gone"}]},
        {"at": "rcpt", "session": 2, "do": [{"reply": "451 second"}]},
        {"at": "rcpt", "nth": 4, "do": [{"reply": "452 fourth"}]},
        {"at": "rcpt", "times": 1, "do": [{"reply": "450 once"}]},
    ]
    mail, one, two = "MAIL FROM:<a@e.example>", "RCPT TO:<K1@e.example>", "RCPT TO:<k2@e.example>"

    with plain(rules=rules) as server:
        first, second = talk(server, mail, one, two, two, two), talk(server, mail, two)
        server.heal()
        third = talk(server, mail, one)

    assert ["550 gone", "450 once", "250 2.1.5 Ok", "452 fourth"] == first[2:]
    assert ["451 second"] == second[2:]
    assert ["250 2.1.5 Ok"] == third[2:]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([{"reply": ["250-one", "250 two"]}], b"250-one\r\n250 two\r\n"),
        ([{"raw": "25"}, {"close": True}], b"25"),
        ([{"drip": "ab", "interval": 0.01}, {"close": True}], b"ab"),
        ([{"flood": "x", "seconds": 0.05}], b"xxxxxxxx"),
        ([{"sleep": 0.01}, {"default": True}], b"250 2.0.0 Ok\r\n"),
        ([{"noread": 0.01}, {"close": True}], b""),
        ([{"hang": 0.1}], b""),
        ([{"close": True}], b""),
        ([{"reset": True}], b""),
    ],
)
def test_does_what_an_action_says(actions: list[dict[str, Any]], expected: bytes) -> None:
    """Each action is seen by a client as it is meant."""
    rules = [{"at": "noop", "do": actions}]
    with plain(rules=rules) as server, socket.create_connection((server.host, server.port), 5) as sock:
        sock.recv(1000)
        sock.sendall(b"NOOP\r\n")
        time.sleep(0.05)
        try:
            seen = sock.recv(1000)
        except ConnectionResetError:
            seen = b""

    assert seen.startswith(expected)
    assert bool(seen) is bool(expected)


def test_takes_a_message_without_a_word() -> None:
    """`accept` keeps the message, once, whatever follows."""
    with plain(rules=[{"at": "eod", "do": [{"accept": True}, {"reply": "250 Ok"}]}]) as server:
        talk(server, "MAIL FROM:<a@e.example>", "RCPT TO:<b@e.example>", "DATA", "x\r\n.")

    assert [False] == [message.answered for message in server.messages]


def test_a_login_can_be_scripted() -> None:
    """A 235 of the script logs in."""
    with plain(rules=[{"at": "auth", "do": [{"reply": "235 fine"}]}], require_auth=True) as server:
        answers = talk(server, "AUTH PLAIN " + base64.b64encode(b"\0x\0y").decode(), "MAIL FROM:<a@e.example>")

    assert answers[2].startswith("250")


def test_rules_within_a_text_come_after_so_many_octets() -> None:
    """A rule for the body waits until as much has come, and does not end the text by itself."""
    with plain(rules=[{"at": "body", "after_bytes": 3, "do": [{"sleep": 0.01}]}]) as server:
        talk(server, "MAIL FROM:<a@e.example>", "RCPT TO:<b@e.example>", "DATA", "abcdef\r\n.")

    assert [b"abcdef\r\n"] == [message.wire for message in server.messages]


def test_a_port_that_refuses_and_one_that_does_not_answer() -> None:
    """Nobody listens, or nobody accepts."""
    with plain(listen=False) as refusing, plain(listen="blackhole") as silent:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((refusing.host, refusing.port), 1)
        with pytest.raises(TimeoutError):
            socket.create_connection((silent.host, silent.port), 0.2)


def test_stopping_ends_what_is_going_on() -> None:
    """A client that stays, and a rule that sleeps, do not keep the server."""
    began = time.monotonic()

    with plain(rules=[{"at": "noop", "do": [{"hang": 30}]}, {"at": "rset", "do": [{"sleep": 30}]}]) as server:
        clients = [socket.create_connection((server.host, server.port), 5) for _ in range(3)]
        for client, command in zip(clients, (b"NOOP\r\n", b"RSET\r\n", b"NOOP\r\nmore"), strict=True):
            client.sendall(command)
        time.sleep(0.1)
    for client in clients:
        client.close()

    assert time.monotonic() - began < 5


def test_a_line_without_an_end_is_the_end() -> None:
    """A client cannot fill the server's memory with one line."""
    with plain() as server, socket.create_connection((server.host, server.port), 5) as sock:
        sock.sendall(b"x" * 140_000)
        with contextlib.suppress(ConnectionResetError):
            while sock.recv(1000):
                pass

    assert server.commands == []


def test_features() -> None:
    """EHLO offers what the script says, before and after TLS, or word for word."""
    script = Script(size=5, dsn=True)

    assert script.features(secured=False) == [
        "STARTTLS", "SIZE 5", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "DSN",
    ]  # fmt: skip
    assert script.features(secured=True)[-1] == "AUTH PLAIN LOGIN"
    assert Script(ehlo_lines=("ONE",)).features(secured=False) == ["ONE"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"tsl": "none"}, "did you mean 'tls'"),
        ({"rules": [{"at": "eof", "do": []}]}, "did you mean 'eod'"),
        ({"rules": [{"at": "eod", "do": [{"replay": "250"}]}]}, "unknown action"),
        ({"rules": [{"at": "eod", "do": [], "match_": "x"}]}, "did you mean 'match'"),
    ],
)
def test_a_wrong_script_is_an_error(script: dict[str, Any], words: str) -> None:
    """Words that a script does not have are named, with the nearest that it has."""
    with pytest.raises(ConfigError, match=words):
        ScriptedServer(script)


def test_a_script_may_be_an_object() -> None:
    """Rules and scripts are plain values, too."""
    script = Script(tls="none", rules=(Rule("noop", ({"reply": "299 hm"},)),))

    with ScriptedServer(script) as server:
        assert talk(server, "NOOP") == ["220 scripted.example ESMTP", "299 hm"]


def test_hanging_up_while_the_server_hangs() -> None:
    """A server that says nothing notices that the client has gone, whatever it said before."""
    began = time.monotonic()

    with plain(rules=[{"at": "noop", "do": [{"hang": 30}]}]) as server:
        with socket.create_connection((server.host, server.port), 5) as sock:
            sock.sendall(b"NOOP\r\n")
            time.sleep(0.1)
            sock.sendall(b"anybody?\r\n")
            time.sleep(0.1)
        server._dialogues[0][1].join(5)

    assert time.monotonic() - began < 5
