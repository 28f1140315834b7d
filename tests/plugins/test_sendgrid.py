"""The transport `sendgrid`: one word as user name, a key, verified senders, and a header for tags and metadata."""

from __future__ import annotations

import email
import email.policy
import json
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from servers.scripted import KEY, a_message

import notify_sendgrid
from notify.dsn import Dsn
from notify.errors import (
    ConfigError,
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
)
from notify.message import Attachment
from notify_sendgrid import SendGridTransport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from servers.scripted import Serve

    from notify.testing import Certificates, ScriptedServer

ODD_KEYS = [f" {KEY}", f"{KEY} ", f"{KEY}\n", "SG.te st", "SG.te\tst", "SG.tést", "\r\n", "SG.\0"]


class ConnectSendGrid(Protocol):
    """Makes a transport to a stand-in for SendGrid; keywords are further settings."""

    def __call__(self, server: ScriptedServer, **settings: Any) -> SendGridTransport:
        """Make it."""
        ...


@pytest.fixture(autouse=True)
def _no_key_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key of the machine that runs the tests."""
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)


@pytest.fixture
def connect(certificates: Certificates) -> Iterator[ConnectSendGrid]:
    """Transports with short timeouts, closed after the test."""
    with ExitStack() as stack:

        def make(server: ScriptedServer, **settings: Any) -> SendGridTransport:
            usual: dict[str, Any] = {
                "host": "127.0.0.1", "port": server.port, "api_key": KEY, "ca_file": certificates.ca_file,
                "timeout": 2.0,
            }  # fmt: skip
            return stack.enter_context(SendGridTransport(name="sendgrid", **{**usual, **settings}))

        yield make


def at(seconds: int) -> dict[str, dict[str, int]]:
    """Options that say when, from now."""
    return {"sendgrid": {"send_at": int(time.time()) + seconds}}


def instructions(message: bytes) -> dict[str, Any]:
    """What X-SMTPAPI says in the octets of a message, read as a server would: unfolded, then as JSON."""
    (value,) = email.message_from_bytes(message, policy=email.policy.default).get_all("X-SMTPAPI", [])
    read = json.loads(str(value))
    assert isinstance(read, dict)
    return read


def without_id(message: bytes) -> dict[str, Any]:
    """The same without `notify_id`, which each message has."""
    said = instructions(message)
    assert said["unique_args"].pop("notify_id", "").startswith("<")
    return said


def test_offers_sendgrid() -> None:
    """The plugin offers the transport, which carries tags and metadata to real people."""
    capabilities = SendGridTransport.capabilities

    assert SendGridTransport is notify_sendgrid.notify_transports()["sendgrid"]
    assert (capabilities.delivers, capabilities.tags, capabilities.metadata) == (True, True, True)
    assert capabilities.max_bytes == 31457280


def test_sends(serve: Serve, connect: ConnectSendGrid) -> None:
    """The user name is `apikey`, the login goes over TLS, and the receipt has the id of SendGrid's queue."""
    queued = "250 Ok: queued as Yo60h6C5ScGPeP5fUWU3K"
    server = serve(require_tls=True, require_auth=True, rules=[{"at": "eod", "do": [{"reply": queued}]}])

    receipt = connect(server).send(a_message())

    assert [("apikey", True)] == [(message.user, message.secured) for message in server.messages]
    assert receipt.provider_id == "Yo60h6C5ScGPeP5fUWU3K"
    assert queued == receipt.response
    assert receipt.transport == "sendgrid"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ("smtp.sendgrid.net", 587, "starttls")),
        ({"tls": "implicit"}, ("smtp.sendgrid.net", 465, "implicit")),
        ({"port": 2525}, ("smtp.sendgrid.net", 2525, "starttls")),
        ({"region": "eu"}, ("smtp.eu.sendgrid.net", 587, "starttls")),
        ({"region": "eu", "tls": "implicit"}, ("smtp.eu.sendgrid.net", 465, "implicit")),
        ({"host": "localhost", "port": 1025}, ("localhost", 1025, "starttls")),
    ],
)
def test_where_it_sends(settings: dict[str, Any], expected: tuple[str, int, str]) -> None:
    """587 with STARTTLS by default; other ports, TLS from the start and the EU are a setting each."""
    found = SendGridTransport(name="sendgrid", api_key=KEY, **settings).endpoint()

    assert expected == (found.host, found.port, found.tls)
    assert found.credentials is not None
    assert found.credentials.username == "apikey"
    assert found.messages_per_connection == 100


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("sendgrid://SG.k@default", ("smtp.sendgrid.net", 587, "starttls", "SG.k")),
        ("sendgrid://SG.k@default?tls=implicit", ("smtp.sendgrid.net", 465, "implicit", "SG.k")),
        ("sendgrid://apikey:SG.k@default?region=eu", ("smtp.eu.sendgrid.net", 587, "starttls", "SG.k")),
        ("sendgrid+implicit://SG.k@127.0.0.1:4650", ("127.0.0.1", 4650, "implicit", "SG.k")),
        ("sendgrid://default", ("smtp.sendgrid.net", 587, "starttls", "SG.environment")),
    ],
)
def test_a_dsn_says_it_in_one_line(
    dsn: str, expected: tuple[str, int, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is the user, the host `default` is SendGrid's own, the query holds settings."""
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.environment")

    settings: dict[str, Any] = SendGridTransport.settings_of_dsn(Dsn.parse(dsn))
    found = SendGridTransport(name="sendgrid", **settings).endpoint()

    assert found.credentials is not None
    assert expected == (found.host, found.port, found.tls, found.credentials.secret.reveal())


def test_a_dsn_with_a_user_of_one_s_own_is_an_error() -> None:
    """The user name is not the account's; the message does not repeat the key."""
    with pytest.raises(ConfigError, match="sendgrid://KEY@default") as caught:
        SendGridTransport.settings_of_dsn(Dsn.parse("sendgrid://me:SG.k@default"))

    assert "SG.k" not in str(caught.value)


def test_the_key_may_be_called_password() -> None:
    """SMTP settings are alike everywhere."""
    found = SendGridTransport(name="sendgrid", username="apikey", password=KEY).endpoint()

    assert found.credentials is not None
    assert KEY == found.credentials.secret.reveal()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "environment variable SENDGRID_API_KEY"),
        ({}, "https://app.sendgrid.com/settings/api_keys"),
        ({"api_key": ""}, "api_key"),
        ({"api_key": KEY, "password": KEY}, "not both"),
        ({"api_key": KEY, "username": "me@acme.example"}, "the word 'apikey' for everybody"),
        ({"api_key": KEY, "username": KEY}, "the word 'apikey' for everybody"),
        ({"api_key": KEY, "tls": "none"}, "in clear"),
        ({"api_key": KEY, "region": "mars"}, "global | eu"),
        ({"apikey": KEY}, "did you mean 'api_key'"),
    ],
)
def test_settings_that_make_no_sense_are_errors(settings: dict[str, Any], words: str) -> None:
    """They are found when the transport is made, and never show the key."""
    with pytest.raises(ConfigError) as caught:
        SendGridTransport(name="sendgrid", **settings)

    assert words in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", ODD_KEYS)
@pytest.mark.parametrize("source", ["setting", "environment"])
def test_a_key_with_blanks_is_an_error(key: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks and line breaks around a key, or in it, come from copying; the message does not show the key."""
    if source == "environment" and "\0" not in key:
        monkeypatch.setenv("SENDGRID_API_KEY", key)
    settings: dict[str, Any] = {} if source == "environment" and "\0" not in key else {"api_key": key}

    with pytest.raises(ConfigError, match="blanks, line breaks") as caught:
        SendGridTransport(name="sendgrid", **settings)

    assert "SG." not in str(caught.value)


def test_a_key_in_place_of_the_host_is_not_shown() -> None:
    """`sendgrid://KEY` without `@default` would ask the DNS for the key."""
    with pytest.raises(ConfigError, match="the key stands before the host") as caught:
        SendGridTransport.settings_of_dsn(Dsn.parse("sendgrid://SG.abc"))

    assert "abc" not in str(caught.value)


def test_the_key_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`SENDGRID_API_KEY_FILE` names it; one that cannot be read is an error."""
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("SENDGRID_API_KEY_FILE", str(tmp_path / "key"))
    found = SendGridTransport(name="sendgrid").endpoint()

    assert found.credentials is not None
    assert KEY == found.credentials.secret.reveal()

    monkeypatch.setenv("SENDGRID_API_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ConfigError, match="the file that SENDGRID_API_KEY_FILE names cannot be read: No such file"):
        SendGridTransport(name="sendgrid")


@pytest.mark.parametrize(
    ("verified", "sender", "taken"),
    [
        ((), "a@anywhere.example", True),
        (("acme.example",), "hello@acme.example", True),
        (("ACME.example",), "hello@acme.EXAMPLE", True),
        (("acme.example",), "hello@mail.acme.example", False),
        (("acme.example",), "hello@notacme.example", False),
        (("*.acme.example",), "hello@mail.acme.example", True),
        (("*.acme.example",), "hello@acme.example", False),
        (("hello@acme.example",), "Hello@acme.example", True),
        (("hello@acme.example",), "other@acme.example", False),
        (("x.example", "acme.example"), "other@acme.example", True),
    ],
)
def test_verified_senders(
    serve: Serve,
    connect: ConnectSendGrid,
    verified: tuple[str, ...],
    sender: str,
    taken: bool,  # noqa: FBT001
) -> None:
    """Addresses, domains and `*.domain` are told apart; any other sender is refused before anything is connected."""
    server = serve()
    transport = connect(server, **({"verified_senders": verified} if verified else {}))

    if taken:
        transport.send(a_message(sender=sender))
    else:
        with pytest.raises(TransportConfigError, match="settings/sender_auth"):
            transport.send(a_message(sender=sender))

    assert (1 if taken else 0) == server.connections


def test_tags_and_metadata_travel_in_x_smtpapi(serve: Serve, connect: ConnectSendGrid) -> None:
    """One header, in ASCII and unencoded, folded at blanks, that reads back as what went in."""
    server = serve()
    metadata = {f"key{number}": "Grüße " + "word " * 5 + str(number) for number in range(20)}
    message = a_message(tags=("orders", "spring sale"), metadata=metadata)

    connect(server).send(message)

    data = server.messages[0].data
    header = data.partition(b"\r\n\r\n")[0]
    said = {"category": ["orders", "spring sale"], "unique_args": {"notify_id": message.message_id, **metadata}}
    assert said == instructions(data)
    assert header.count(b"X-SMTPAPI:") == 1
    assert header.isascii()
    assert b"=?" not in header[header.index(b"X-SMTPAPI") :].split(b"\r\nX-")[0].split(b"\r\nContent")[0]
    assert max(map(len, header.split(b"\r\n"))) <= 78


def test_the_message_id_travels_as_an_argument(serve: Serve, connect: ConnectSendGrid) -> None:
    """SendGrid's events name no Message-ID that can be relied on, so each message says its own as `notify_id`."""
    server = serve()
    message, named = a_message(), a_message(metadata={"notify_id": "mine"})

    for each in (message, named):
        connect(server).send(each)

    said = [{"notify_id": message.message_id}, {"notify_id": "mine"}]
    assert [{"unique_args": arguments} for arguments in said] == [instructions(each.data) for each in server.messages]


def test_the_message_id_gives_way_to_metadata(serve: Serve, connect: ConnectSendGrid) -> None:
    """Where metadata leaves no room for it, it is left out."""
    server = serve()
    metadata = {"k": "word " * 1997}

    connect(server).send(a_message(metadata=metadata))

    assert {"unique_args": metadata} == instructions(server.messages[0].data)


@pytest.mark.parametrize(
    ("own", "merged"),
    [
        ({"category": ["mine"]}, {"category": ["mine", "orders"], "unique_args": {"order": "A-1"}}),
        ({"category": ["mine", "orders"]}, {"category": ["mine", "orders"], "unique_args": {"order": "A-1"}}),
        ({"asm_group_id": 7}, {"asm_group_id": 7, "category": ["orders"], "unique_args": {"order": "A-1"}}),
        ({"unique_args": {"n": "2"}}, {"category": ["orders"], "unique_args": {"order": "A-1", "n": "2"}}),
        ({"unique_args": {"order": "own"}}, {"category": ["orders"], "unique_args": {"order": "own"}}),
    ],
)
def test_instructions_of_one_s_own_are_kept(
    serve: Serve, connect: ConnectSendGrid, own: dict[str, Any], merged: dict[str, Any]
) -> None:
    """A header that the message brings is joined with tags and metadata; its own keys of unique_args win."""
    server = serve()
    header = json.dumps(own)
    transport = connect(server)

    transport.send(a_message(headers=(("X-Smtpapi", header),), tags=("orders",), metadata={"order": "A-1"}))
    transport.send(a_message(headers=(("X-SMTPAPI", header),)))

    assert [merged, {"unique_args": {}, **own}] == [without_id(message.data) for message in server.messages]


def test_a_category_may_be_one_word(serve: Serve, connect: ConnectSendGrid) -> None:
    """X-SMTPAPI takes text as well as a list; other keys that it knows stay as they are."""
    server = serve()
    header = json.dumps({"category": "mine", "sub": {"%name%": ["Ada"]}, "to": ["ada@example.org"]})

    connect(server).send(a_message(headers=(("X-SMTPAPI", header),)))

    said = {"category": ["mine"], "unique_args": {}, "sub": {"%name%": ["Ada"]}, "to": ["ada@example.org"]}
    assert said == without_id(server.messages[0].data)


def test_a_message_for_some_goes_to_those(serve: Serve, connect: ConnectSendGrid) -> None:
    """With headers that name all, and with the list of one's own where its one recipient is meant."""
    server = serve()
    transport = connect(server)
    own = {"X-SMTPAPI": json.dumps({"to": ["ada@example.org"]})}

    receipt = transport.send(a_message("r1@example.org", "r2@example.org", only="r2@example.org"))
    transport.send(a_message("r1@example.org", only="r1@example.org", headers=own))

    assert ("r2@example.org",) == receipt.accepted
    assert [("r2@example.org",), ("r1@example.org",)] == [each.recipients for each in server.messages]
    assert b"\r\nTo: r1@example.org, r2@example.org\r\n" in server.messages[0].data
    assert ["ada@example.org"] == without_id(server.messages[1].data)["to"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"tags": tuple(f"t{number}" for number in range(11))}, "11 tags, and SendGrid takes 10"),
        ({"tags": ("größe",)}, "tag 'größe'"),
        ({"tags": ("x" * 256,)}, "at most 255"),
        ({"metadata": {"k": "word " * 2000}}, "SendGrid takes 10000"),
        ({"metadata": {"k": "x" * 950}}, "more than 900 letters"),
        ({"headers": (("X-SMTPAPI", "{nonsense"),)}, "not a JSON object"),
        ({"headers": (("X-SMTPAPI", '{"unique_args": {"n": 2}}'),)}, "'n' is not text"),
        ({"headers": (("X-SMTPAPI", '{"filters": []}'),)}, "filters in the header X-SMTPAPI is not a JSON object"),
        ({"headers": (("X-SMTPAPI", '{"asm_group_id": "7"}'),)}, "X-SMTPAPI: asm_group_id: expected the number"),
        ({"headers": (("X-SMTPAPI", '{"to": []}'),)}, "not a list of 1 to 10000 addresses"),
        ({"headers": (("X-SMTPAPI", '{"to": ["a@b.example"]}'),), "cc": "c@d.example"}, "2 recipients"),
        (
            {
                "headers": (("X-SMTPAPI", '{"to": ["a@b.example"]}'),),
                "cc": "c@d.example",
                "only": "c@d.example",
            },
            "2 recipients",
        ),
        ({"headers": (("X-SMTPAPI", '{"send_each_at": [1]}'),), "options": at(86400)}, "send_each_at"),
        ({"tags": ("a",), "headers": (("X-SMTPAPI", "{nonsense"),)}, "not a JSON object"),
        ({"tags": ("a",), "headers": (("X-SMTPAPI", "[1]"),)}, "not a JSON object"),
        ({"tags": ("a",), "headers": (("X-SMTPAPI", '{"category": 1}'),)}, "neither text nor a list of texts"),
        ({"tags": ("a",), "headers": (("X-SMTPAPI", '{"category": [1]}'),)}, "neither text nor a list of texts"),
        ({"metadata": {"a": "1"}, "headers": (("X-SMTPAPI", '{"unique_args": []}'),)}, "unique_args in the header"),
        (
            {"tags": ("a", "b"), "headers": (("X-SMTPAPI", json.dumps({"category": [str(n) for n in range(9)]})),)},
            "11 tags, and SendGrid takes 10",
        ),
    ],
)
def test_what_sendgrid_would_drop_is_refused(
    serve: Serve, connect: ConnectSendGrid, parts: dict[str, Any], words: str
) -> None:
    """SendGrid takes such a message and then drops it; here it is an error before anything is connected."""
    server = serve()

    with pytest.raises(RefusedError, match=words):
        connect(server).send(a_message(**parts))

    assert server.connections == 0


def test_size_has_a_warning_and_a_limit(
    serve: Serve, connect: ConnectSendGrid, caplog: pytest.LogCaptureFixture
) -> None:
    """Above 20 MB the log warns, above 30 MiB the message is refused with both figures, before connecting."""
    server = serve()
    transport = connect(server, timeout=30.0)
    large, too_large = (
        a_message(attachments=(Attachment("x.bin", content=bytes(size)),)) for size in (16_000_000, 24_000_000)
    )

    with caplog.at_level(logging.WARNING):
        transport.send(large)
    with pytest.raises(RefusedError) as caught:
        transport.send(too_large)

    assert "the service advises at most 20000000" in caplog.text
    assert "size" in str(caught.value)
    assert "30 MiB" in str(caught.value)
    assert int(str(caught.value).split("size is ")[1].split()[0]) > len(too_large.as_bytes())
    assert len(server.messages) == server.connections == 1


@pytest.mark.parametrize(
    ("phase", "reply", "expected", "words"),
    [
        ("auth", "535 Authentication failed: The provided authorization grant is invalid, expired, or revoked",
         TransportConfigError, "always the word apikey"),
        ("eod", "550 The from address does not match a verified Sender Identity. Mail cannot be sent until",
         TransportConfigError, "hello@acme.example"),
        ("auth", "451 Authentication failed: Maximum credits exceeded", ThrottledError, "quota"),
    ],
)  # fmt: skip
def test_the_usual_errors_say_what_to_do(
    serve: Serve, connect: ConnectSendGrid, *, phase: str, reply: str, expected: type[DeliveryError], words: str
) -> None:
    """Each is answered in a person's words, with the server's beside them."""
    server = serve(rules=[{"at": phase, "do": [{"reply": reply}]}])

    with pytest.raises(DeliveryError) as caught:
        connect(server, retries=2).send(a_message())

    assert expected is type(caught.value)
    assert words in str(caught.value)
    assert reply in str(caught.value)
    assert server.connections == 1


def test_no_connection_says_which_ports_to_try(serve: Serve, connect: ConnectSendGrid) -> None:
    """A refused connection names the other ports of SendGrid."""
    with pytest.raises(TemporaryError) as caught:
        connect(serve(listen=False)).send(a_message())

    assert "try 465 (tls: implicit), or" in caught.value.advice
    assert "2525" in caught.value.advice


def test_no_tls_no_key(serve: Serve, connect: ConnectSendGrid) -> None:
    """SendGrid offers AUTH before TLS; the key waits for it, or is not sent at all."""
    server = serve(ehlo_lines=["8BITMIME", "AUTH PLAIN LOGIN"])

    with pytest.raises(TransportConfigError, match="does not offer STARTTLS"):
        connect(server).send(a_message())

    assert server.auth_in_clear == 0
