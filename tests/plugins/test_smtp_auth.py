"""Logging in: which mechanism, and what a refusal comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from servers.scripted import a_message

from notify.errors import TemporaryError, TransportConfigError
from notify.secret import Secret
from notify_smtp.client import Client
from notify_smtp.endpoint import Credentials, Endpoint
from notify_smtp.submission import Submission

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

    from notify.testing import ScriptedServer

TOKEN = "ya29.token-of-oauth"


def exchanges(server: ScriptedServer) -> list[str]:
    """The AUTH commands that came."""
    return [line for _, line in server.commands if line.startswith("AUTH")]


@pytest.mark.parametrize(
    ("offered", "auth", "expected"),
    [
        (["PLAIN", "LOGIN"], None, "AUTH PLAIN ***"),
        (["LOGIN", "PLAIN"], None, "AUTH PLAIN ***"),
        (["LOGIN"], None, "AUTH LOGIN"),
        (["PLAIN", "LOGIN"], "login", "AUTH LOGIN"),
        (["XOAUTH2", "LOGIN"], "plain", None),
        (["XOAUTH2"], None, None),
        ([], None, None),
    ],
)
def test_uses_what_is_offered_and_wanted(
    serve: Serve, connect: Connect, offered: list[str], auth: str | None, expected: str | None
) -> None:
    """PLAIN before LOGIN, the configured one if there is one, and an error without any that both know."""
    server = serve(auth=offered, require_auth=True)
    transport = connect(server, auth=auth)

    if expected is None:
        with pytest.raises(TransportConfigError, match="offers no way to log in"):
            transport.send(a_message())
    else:
        transport.send(a_message())

    assert [expected] * (expected is not None) == exchanges(server)
    assert ["apikey"] * (expected is not None) == [message.user for message in server.messages]


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_a_wrong_password_is_a_matter_of_configuration(serve: Serve, connect: Connect, mechanism: str) -> None:
    """A 535 is not tried again, and the error says what to check."""
    server = serve(users={"apikey": "another"})

    with pytest.raises(TransportConfigError) as caught:
        connect(server, auth=mechanism, retries=3).send(a_message())

    assert caught.value.code == 535
    assert caught.value.phase == "auth"
    assert "password" in caught.value.advice
    assert server.connections == 1


def test_login_stops_when_the_server_does_not_ask(serve: Serve, connect: Connect) -> None:
    """A refusal in the middle of LOGIN ends it; the password is not sent after it."""
    server = serve(rules=[{"at": "auth", "do": [{"reply": "454 4.7.0 later"}]}])

    with pytest.raises(TemporaryError):
        connect(server, auth="login").send(a_message())

    assert exchanges(server) == ["AUTH LOGIN"]


def test_letters_outside_ascii(serve: Serve, connect: Connect) -> None:
    """User names and passwords go as UTF-8."""
    server = serve(users={"jörg": "pässword"}, require_auth=True)

    connect(server, username="jörg", password="pässword").send(a_message())

    assert server.messages[0].user == "jörg"


def test_xoauth2(serve: Serve, connect: Connect) -> None:
    """An access token logs in by XOAUTH2."""
    server = serve(auth=["XOAUTH2", "PLAIN"], users={"ada@example.com": TOKEN}, require_auth=True)

    connect(server, username="ada@example.com", password=None, access_token=TOKEN).send(a_message())

    assert exchanges(server) == ["AUTH XOAUTH2 ***"]
    assert server.messages[0].user == "ada@example.com"


def test_a_refused_token_gets_its_empty_line(serve: Serve, connect: Connect) -> None:
    """The reason comes as JSON first; an empty line asks for the verdict, and the error has both but not the token."""
    server = serve(auth=["XOAUTH2"], users={"ada@example.com": "another"})

    with pytest.raises(TransportConfigError) as caught:
        connect(server, username="ada@example.com", password=None, access_token=TOKEN).send(a_message())

    assert caught.value.code == 535
    assert '"status":"401"' in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert (1, "") not in server.commands


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ([{"reply": "454 4.7.0 later"}], TemporaryError),
        ([{"raw": "334 not base64!\r\n535 5.7.8 no\r\n"}], TransportConfigError),
    ],
)
def test_other_answers_to_a_token(
    serve: Serve, connect: Connect, rule: list[dict[str, str]], expected: type[Exception]
) -> None:
    """A plain refusal is one, and a reason that cannot be read is left out."""
    server = serve(auth=["XOAUTH2"], rules=[{"at": "auth", "do": rule}])

    with pytest.raises(expected):
        connect(server, username="ada@example.com", password=None, access_token=TOKEN).send(a_message())


def test_no_password_without_tls(serve: Serve) -> None:
    """However an endpoint came about, AUTH is not said in clear, though the server offers it."""
    server = serve(tls="none", auth_before_tls=True)
    client = Client(Endpoint("relay", "127.0.0.1", server.port, "none", Credentials("apikey", Secret("SG.test-key"))))

    with pytest.raises(TransportConfigError, match="not sent without TLS"):
        client.submit(Submission("a@example.com", ("b@example.com",), lambda **_: b"a: b\r\n\r\nc\r\n"))

    assert exchanges(server) == []
    assert server.auth_in_clear == 0


def test_starttls_is_insisted_on(serve: Serve, connect: Connect) -> None:
    """A server, or somebody in between, that offers AUTH but no STARTTLS gets no password and no mail."""
    server = serve(ehlo_lines=["AUTH PLAIN LOGIN", "SIZE 100000"])

    with pytest.raises(TransportConfigError, match="does not offer STARTTLS"):
        connect(server).send(a_message())

    assert server.auth_in_clear == 0
    assert not any(line.startswith("MAIL") for _, line in server.commands)
