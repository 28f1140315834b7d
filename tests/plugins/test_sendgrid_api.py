"""The transport `sendgrid_api`: what a message becomes as a request, and what the answers mean."""

from __future__ import annotations

import http.client
import logging
import subprocess
import sys
import time
from contextlib import ExitStack
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from servers.feeds import stream
from servers.scripted import a_message
from servers.sendgrid_api import KEY, ApiServer, Step, violations

from notify import Message, Receipt
from notify.dsn import Dsn
from notify.errors import (
    ConfigError,
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.message import Attachment
from notify_sendgrid import SendGridApiTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.testing import Certificates

SOON = int(time.time()) + 3600
TOO_LARGE = "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n</html>"


class ServeApi(Protocol):
    """Starts a server for the time of the test."""

    def __call__(self, *steps: Step, **more: Any) -> ApiServer:
        """Start it."""
        ...


class ConnectApi(Protocol):
    """Makes a transport to a server, for the time of the test; keywords are further settings."""

    def __call__(self, server: ApiServer, **settings: Any) -> SendGridApiTransport:
        """Make it."""
        ...


@pytest.fixture
def serve_api() -> Iterator[ServeApi]:
    """Servers, stopped after the test."""
    with ExitStack() as stack:

        def start(*steps: Step, **more: Any) -> ApiServer:
            return stack.enter_context(ApiServer(*steps, **more))

        yield start


@pytest.fixture
def connect_api(certificates: Certificates) -> Iterator[ConnectApi]:
    """Transports with short timeouts, closed after the test."""
    with ExitStack() as stack:

        def make(server: ApiServer, **settings: Any) -> SendGridApiTransport:
            usual: dict[str, Any] = {
                "base_url": server.url, "api_key": KEY, "timeout": 2.0, "ca_file": certificates.ca_file,
            }  # fmt: skip
            return stack.enter_context(SendGridApiTransport(name="api", **{**usual, **settings}))

        yield make


def test_sends(serve_api: ServeApi, connect_api: ConnectApi, certificates: Certificates) -> None:
    """Over TLS, with the key; the receipt has the words of the answer and SendGrid's id."""
    server = serve_api(context=certificates.context())
    message = a_message()

    receipt = connect_api(server).send(message)

    assert Receipt(message.message_id, "api", ("r1@example.org",), {}, "202 Accepted", "id-1") == receipt
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert server.requests[0].headers["content-type"] == "application/json"
    assert "content-encoding" not in server.requests[0].headers


def test_a_small_message(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """Nothing is in the request that the message does not say."""
    server = serve_api()
    message = a_message()

    connect_api(server).send(message)

    assert [{
        "personalizations": [{
            "to": [{"email": "r1@example.org"}],
            "headers": {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
            "custom_args": {"notify_id": message.message_id},
        }],
        "from": {"email": "hello@acme.example", "name": "Acme"},
        "subject": "Hello",
        "content": [{"type": "text/plain", "value": "Hello.\n"}],
    }] == server.accepted  # fmt: skip


def test_a_large_message(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """Everything that a message can say has its place; reserved headers are left out, and the request is valid."""
    server = serve_api()
    options = {
        "asm_group": 7, "asm_groups_to_display": [7, 8], "send_at": SOON, "batch_id": "b1", "ip_pool": "shop",
        "tracking": False, "filters": {
            "footer": {"text": "Bye.", "html": "<p>Bye.</p>"}, "bypass_list_management": True,
            "opentrack": {"replace": "%pixel%"}, "subscriptiontrack": {"text": "<% %>", "html": "<% %>"},
            "ganalytics": dict.fromkeys(
                ("utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign"), "x"),
        },
    }  # fmt: skip
    message = a_message(
        "Ada <ada@example.org>", "bob@example.org",
        cc=["Ćirić <c@example.org>", "ADA@example.org"], bcc=["d@example.org", "bob@example.org"],
        reply_to=["s1@acme.example", "s2@acme.example"], html='<p>Hällo <img src="cid:logo"></p>', category="marketing",
        headers={"X-Greeting": "Grüße aus Zürich", "DKIM-Signature": "x", "List-Unsubscribe": "<https://acme.example/u>"},
        tags=("orders",), metadata={"order": "A-1"}, options={"sendgrid": options},
        attachments=(
            Attachment("größe.txt", content=b"a", type="text/plain; charset=utf-8"),
            Attachment("logo.png", content=b"b", cid="logo"), Attachment(content=b"c", type="image/gif", cid="dot"),
        ),
    )  # fmt: skip

    connect_api(server, asm_group=1).send(message)

    assert [{
        "personalizations": [{
            "to": [{"email": "ada@example.org", "name": "Ada"}, {"email": "bob@example.org"}],
            "cc": [{"email": "c@example.org", "name": "Ćirić"}],
            "bcc": [{"email": "d@example.org"}],
            "headers": {
                "Message-ID": message.message_id, "X-Greeting": "=?utf-8?b?R3LDvMOfZSBhdXMgWsO8cmljaA==?=",
                "List-Unsubscribe": "<https://acme.example/u>",
            },
            "custom_args": {"notify_id": message.message_id, "order": "A-1"},
            "send_at": SOON,
        }],
        "from": {"email": "hello@acme.example", "name": "Acme"},
        "reply_to_list": [{"email": "s1@acme.example"}, {"email": "s2@acme.example"}],
        "subject": "Hello",
        "content": [
            {"type": "text/plain", "value": "Hello.\n"},
            {"type": "text/html", "value": '<p>Hällo <img src="cid:logo"></p>'},
        ],
        "attachments": [
            {"content": "YQ==", "type": "text/plain", "filename": "größe.txt", "disposition": "attachment"},
            {"content": "Yg==", "type": "image/png", "filename": "logo.png", "disposition": "inline",
             "content_id": "logo"},
            {"content": "Yw==", "type": "image/gif", "filename": "dot", "disposition": "inline", "content_id": "dot"},
        ],
        "categories": ["orders"],
        "batch_id": "b1",
        "asm": {"group_id": 7, "groups_to_display": [7, 8]},
        "ip_pool_name": "shop",
        "tracking_settings": {
            "click_tracking": {"enable": False},
            "open_tracking": {"enable": True, "substitution_tag": "%pixel%"},
            "subscription_tracking": {"enable": True, "text": "<% %>", "html": "<% %>"},
            "ganalytics": {
                "enable": True, "utm_source": "x", "utm_medium": "x", "utm_term": "x", "utm_content": "x",
                "utm_campaign": "x",
            },
        },
        "mail_settings": {
            "footer": {"enable": True, "text": "Bye.", "html": "<p>Bye.</p>"},
            "bypass_list_management": {"enable": True},
        },
    }] == server.accepted  # fmt: skip


def test_an_invitation_is_an_alternative_and_a_file(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """As sendgrid-ruby#298 shows it; calendars look for the alternative."""
    server = serve_api()
    invitation = Attachment("party.ics", content=b"BEGIN:VCALENDAR", method="REQUEST")

    connect_api(server).send(a_message(reply_to="one@acme.example", attachments=invitation))

    (document,) = server.accepted
    assert {"type": "text/calendar; method=REQUEST", "value": "BEGIN:VCALENDAR"} == document["content"][-1]
    assert document["attachments"][0]["type"] == "application/ics"
    assert document["reply_to"] == {"email": "one@acme.example"}


def test_people_in_blind_copy_alone_do_not_see_each_other(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """The API wants somebody in `to`; each of them gets a copy of their own."""
    server = serve_api()

    receipt = connect_api(server).send(
        Message(sender="a@b.example", bcc=["c@d.example", "e@f.example"], subject="S", text="T")
    )

    assert receipt.accepted == ("c@d.example", "e@f.example")
    assert [[{"email": "c@d.example"}], [{"email": "e@f.example"}]] == [
        each["to"] for each in server.accepted[0]["personalizations"]
    ]


@pytest.mark.parametrize(
    ("only", "people"),
    [
        (["ada@example.org", "d@example.org"], [{"to": ["ada@example.org"], "bcc": ["d@example.org"]}]),
        (["bob@example.org", "c@example.org"], [{"to": ["bob@example.org"], "cc": ["c@example.org"]}]),
        (["c@example.org", "d@example.org"], [{"to": ["c@example.org"], "bcc": ["d@example.org"]}]),
        (["d@example.org", "e@example.org"], [{"to": ["d@example.org"]}, {"to": ["e@example.org"]}]),
    ],
)
def test_a_message_for_some_names_those(
    serve_api: ServeApi, connect_api: ConnectApi, only: list[str], people: list[dict[str, list[str]]]
) -> None:
    """The API writes To and Cc of those who get it, and wants one in To; others need not have an address it takes."""
    server = serve_api()
    message = a_message(
        "Ada <ada@example.org>", "bob@example.org", "jörg@example.org",
        cc="c@example.org", bcc=["d@example.org", "e@example.org"], only=only,
    )  # fmt: skip

    receipt = connect_api(server).send(message)

    assert message.envelope.recipients == receipt.accepted
    assert message.message_id == receipt.message_id
    assert people == [
        {name: [one["email"] for one in each[name]] for name in ("to", "cc", "bcc") if name in each}
        for each in server.accepted[0]["personalizations"]
    ]


@pytest.mark.parametrize(
    ("setting", "option", "status"),
    [(False, None, 202), (True, None, 200), (True, False, 202), (False, True, 200)],
)
def test_sandbox(
    serve_api: ServeApi, connect_api: ConnectApi, *, setting: bool, option: bool | None, status: int
) -> None:
    """In the sandbox SendGrid checks and answers 200; a message can say other than the transport."""
    server = serve_api()

    receipt = connect_api(server, sandbox=setting).send(a_message(options={"sendgrid": {"sandbox": option}}))

    assert receipt.response.startswith(str(status))
    assert ("mail_settings" in server.accepted[0]) == (status == 200)


def test_gzip(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """Compressed only where the account has it enabled; where it has not, the error says so."""
    server = serve_api(Step(), Step(415))
    transport = connect_api(server, gzip=True)

    transport.send(a_message(text="x" * 10_000))
    with pytest.raises(TransportConfigError, match="gzip: true"):
        transport.send(a_message())

    assert server.requests[0].headers["content-encoding"] == "gzip"
    assert len(server.requests[0].body) < 1000
    assert [] == server.violations


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"subject": ""}, "no subject"),
        ({"text": ""}, "neither text nor HTML"),
        ({"to": "jörg@example.org"}, "'jörg@example.org' is not ASCII"),
        ({"to": (), "cc": "c@d.example"}, "cc and no to"),
        ({"to": [f"r{n}@example.org" for n in range(1001)]}, "1001 recipients, and SendGrid takes 1000"),
        ({"headers": (("X-SMTPAPI", '{"to": ["a@b.example"], "sub": {}}'),)}, "X-SMTPAPI has to, sub"),
        ({"options": {"sendgrid": {"filters": {"dkim": {"domain": "x"}}}}}, "filter 'dkim': the API does not have it"),
        ({"options": {"sendgrid": {"sendat": 1}}}, "did you mean 'send_at'"),
        ({"tags": tuple("abcdefghijk")}, "11 tags, and SendGrid takes 10"),
        ({"attachments": Attachment("a.ics", content=b"\xff", method="REQUEST")}, "an invitation is text in UTF-8"),
        ({"attachments": Attachment("x.bin", content=bytes(24_000_000))}, r"octets as JSON \(30.5 MiB\), and SendGrid"),
    ],
)
def test_what_the_api_would_not_take(
    serve_api: ServeApi, connect_api: ConnectApi, parts: dict[str, Any], words: str
) -> None:
    """It is refused before anything is connected, alone and in a stream."""
    server = serve_api()
    transport, message = connect_api(server), a_message(**parts)

    with pytest.raises(RefusedError, match=words):
        transport.send(message)
    (outcome,) = stream(transport, [message])

    assert isinstance(outcome, RefusedError)
    assert server.connections == 0


def test_a_header_of_one_s_own_is_read(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """What X-SMTPAPI says and the API has as well goes to its place; the header itself is not sent."""
    server = serve_api()
    header = '{"category": "mine", "unique_args": {"a": "b"}, "asm_group_id": 7}'

    connect_api(server).send(a_message(headers={"X-SMTPAPI": header}))

    (document,) = server.accepted
    assert (["mine"], {"group_id": 7}) == (document["categories"], document["asm"])
    assert document["personalizations"][0]["custom_args"]["a"] == "b"
    assert "X-SMTPAPI" not in document["personalizations"][0]["headers"]


ANSWERS: list[tuple[Step, type[DeliveryError], str, float | None]] = [
    (Step(400, (("personalizations.0.to.0.email", "Does not contain a valid address."),)), RefusedError,
     "personalizations.0.to.0.email: Does not contain a valid address.", None),
    (Step(401, ((None, "The provided authorization grant is invalid, expired, or revoked"),)), TransportConfigError,
     "https://app.sendgrid.com/settings/api_keys", None),
    (Step(401, ((None, "Maximum credits exceeded"),)), ThrottledError, "quota is used up", 3600.0),
    (Step(401, body="<html>"), TransportConfigError, "SendGrid refused the key: 401 Unauthorized", None),
    (Step(403, (("from", "The from address does not match a verified Sender Identity. Mail cannot be sent"),)),
     TransportConfigError, "SendGrid does not know hello@acme.example as a verified sender", None),
    (Step(403, ((None, "access forbidden"),)), TransportConfigError, "needs the permission Mail Send", None),
    (Step(404), TransportConfigError, "Check base_url", None),
    (Step(405), TransportConfigError, "Check base_url", None),
    (Step(301, headers={"Location": "https://elsewhere.example/"}), TransportConfigError, "Check base_url", None),
    (Step(408), TemporaryError, "", None),
    (Step(413, body=TOO_LARGE), RefusedError, "octets as too large; it takes 31457280", None),
    (Step(422), RefusedError, "SendGrid refused the message: 422", None),
    (Step(429, ((None, "too many requests"),), {"X-RateLimit-Reset": "in 30"}), ThrottledError, "too many", 30.0),
    (Step(429, headers={"Retry-After": "7"}), ThrottledError, "too many", 7.0),
    (Step(429, headers={"Retry-After": "in 3600"}), ThrottledError, "", 3600.0),
    (Step(429, headers={"X-RateLimit-Reset": "0"}), ThrottledError, "too many", 0.0),
    (Step(429, headers={"X-RateLimit-Reset": "soon", "Retry-After": "later"}), ThrottledError, "too many", None),
    (Step(429), ThrottledError, "too many", None),
    (Step(500, headers={"X-RateLimit-Reset": "99999999999"}), TemporaryError, "an error of its own", None),
    (Step(400, headers={"Retry-After": "7"}), RefusedError, "SendGrid refused the message", None),
    (Step(502, body="<html>"), TemporaryError, "an error of its own: 502 Bad Gateway", None),
    (Step(503, headers={"Retry-After": "12"}), TemporaryError, "an error of its own", 12.0),
    (Step(504), UnknownOutcomeError, "may have been taken", None),
    (Step(200), UnknownOutcomeError, "the answer makes no sense", None),
    (Step(204), UnknownOutcomeError, "the answer makes no sense", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "kind", "words", "wait"), ANSWERS, ids=lambda value: str(getattr(value, "status", ""))
)
def test_what_an_answer_means(
    serve_api: ServeApi,
    connect_api: ConnectApi,
    *,
    step: Step,
    kind: type[DeliveryError],
    words: str,
    wait: float | None,
) -> None:
    """The same classes as over SMTP, with the server's words, its code, and what to do."""
    if step.headers.get("X-RateLimit-Reset") == "in 30":
        step = Step(step.status, step.errors, {"X-RateLimit-Reset": str(int(time.time()) + 30)})
    if step.headers.get("Retry-After") == "in 3600":
        step = Step(step.status, headers={"Retry-After": formatdate(time.time() + 3600, usegmt=True)})
    server = serve_api(step)

    with pytest.raises(DeliveryError) as caught:
        connect_api(server).send(a_message())

    error = caught.value
    assert kind is type(error)
    assert words in str(error)
    assert ("api", "answer", step.status) == (error.transport, error.phase, error.code)
    assert error.retry_after == wait or abs((error.retry_after or 0.0) - (wait or 0.0)) <= 2.0
    assert [] == server.accepted


def test_the_reset_goes_by_the_server_s_clock(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """A machine whose clock is wrong waits as long as any other."""
    server = serve_api(Step(429, headers={"X-RateLimit-Reset": str(int(time.time()) + 1000 + 20)}), clock=1000.0)

    with pytest.raises(ThrottledError) as caught:
        connect_api(server).send(a_message())

    assert 17 <= (caught.value.retry_after or 0) <= 21


def test_what_is_put_off_is_tried_again(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """Within the budget, with the same Message-ID; what will never be taken is not."""
    server = serve_api(Step(503), Step(429, headers={"Retry-After": "0"}), Step(), Step(400))
    transport = connect_api(server, retries=3)

    receipt = transport.send(a_message())
    with pytest.raises(RefusedError):
        transport.send(a_message())

    assert receipt.response == "202 Accepted"
    assert len({request.body for request in server.requests[:3]}) == 1
    assert len(server.requests) == 4
    assert server.connections == 1


def test_no_try_waits_longer_than_the_deadline(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """Who is told to wait for an hour says so at once."""
    server = serve_api(Step(429, headers={"Retry-After": "3600"}))
    began = time.monotonic()

    with pytest.raises(ThrottledError):
        connect_api(server, retries=3, deadline=5.0).send(a_message())

    assert time.monotonic() - began < 1.0
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "https://api.sendgrid.com"),
        ({"region": "eu"}, "https://api.eu.sendgrid.com"),
        ({"base_url": "https://proxy.acme.example/sendgrid/"}, "https://proxy.acme.example/sendgrid"),
        ({"base_url": "http://[::1]:8080"}, "http://[::1]:8080"),
    ],
)
def test_where_it_sends(settings: dict[str, Any], expected: str) -> None:
    """The region has its own address, and another one can stand in for it."""
    assert expected == SendGridApiTransport(name="api", api_key=KEY, **settings).where


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"api_key": None}, "there is no API key"),
        ({"api_key": "SG. x"}, "blanks"),
        ({"base_url": "http://api.acme.example"}, "would send the key in clear"),
        ({"base_url": "ftp://api.acme.example"}, "expected a URL"),
        ({"base_url": "https://user:secret@api.acme.example"}, "without user"),
        ({"base_url": "https://api.acme.example?x=1"}, "without user, key and query"),
        ({"base_url": "https://x:0"}, "expected a URL"),
        ({"base_url": "https://x:y"}, "expected a URL"),
        ({"timeout": 0}, "more than 0"),
        ({"retries": -1}, "0 or more"),
        ({"ca_file": "/nothing.pem"}, "there is no file"),
        ({"verified_sender": []}, "did you mean 'verified_senders'"),
        ({"region": "mars"}, "global | eu"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], words: str) -> None:
    """They are found when the transport is made, and show no secret."""
    with pytest.raises(ConfigError) as caught:
        SendGridApiTransport(name="api", **{"api_key": KEY, **settings})

    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("sendgrid_api://SG.k@default?region=eu", {"api_key": "SG.k", "region": "eu"}),
        ("sendgrid_api://apikey:SG.k@default", {"api_key": "SG.k"}),
        ("sendgrid_api://default", {}),
        ("sendgrid_api:?sandbox=true", {"sandbox": "true"}),
        ("sendgrid_api://SG.k@localhost:8443/x", {"api_key": "SG.k", "base_url": "https://localhost:8443/x"}),
        ("sendgrid_api://SG.k@[::1]:8443", {"api_key": "SG.k", "base_url": "https://[::1]:8443"}),
    ],
)
def test_a_dsn(dsn: str, expected: dict[str, object]) -> None:
    """The key is the user, `default` SendGrid's own host."""
    assert expected == SendGridApiTransport.settings_of_dsn(Dsn.parse(dsn))


@pytest.mark.parametrize(
    "dsn",
    [
        "sendgrid_api://me:SG.k@default", "sendgrid_api://SG.k", "sendgrid_api+tls://SG.k@default",
        "sendgrid_api://SG.k@default:80", "sendgrid_api://SG.k@default?api_key=SG.l",
    ],
)  # fmt: skip
def test_a_dsn_that_means_nothing(dsn: str) -> None:
    """It is an error that does not show the key."""
    with pytest.raises(ConfigError) as caught:
        SendGridApiTransport.settings_of_dsn(Dsn.parse(dsn))

    assert "SG.k" not in str(caught.value)


def test_without_urllib3_the_error_says_what_to_install() -> None:
    """The extra is needed when the first message is sent, not before."""
    code = (
        "import sys; sys.modules['urllib3'] = None\n"
        "from notify import Message, TransportConfigError\n"
        "from notify_sendgrid import SendGridApiTransport\n"
        "transport = SendGridApiTransport(name='api', api_key='SG.k')\n"
        "try: transport.send(Message(sender='a@b.example', to='c@d.example', subject='S', text='T'))\n"
        "except TransportConfigError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.startswith("api: urllib3 is not installed")
    assert "pip install 'notify-framework[http]'" in done.stdout


def test_the_key_is_seen_nowhere(
    serve_api: ServeApi, connect_api: ConnectApi, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Not in an error that echoes it, nor in any log, nor in the standard library's own debugging, nor in the repr."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 2)
    caplog.set_level(logging.DEBUG)
    server = serve_api(Step(400, ((None, f"who sends Bearer {KEY}?"),)), Step())
    transport = connect_api(server)

    with pytest.raises(RefusedError) as caught:
        transport.send(a_message())
    transport.send(a_message())

    seen = [str(caught.value), repr(caught.value), repr(vars(caught.value)), repr(transport), caplog.text]
    assert "who sends Bearer ***?" in seen[0]
    assert KEY not in "".join([*seen, *capsys.readouterr()])


def test_unverified_senders_are_refused_before_connecting(serve_api: ServeApi, connect_api: ConnectApi) -> None:
    """As over SMTP."""
    server = serve_api()

    with pytest.raises(TransportConfigError, match="settings/sender_auth"):
        connect_api(server, verified_senders=["other.example"]).send(a_message())

    assert server.connections == 0


def test_the_schema_finds_what_is_wrong() -> None:
    """The stand-in is as strict as the published format, else it would prove nothing."""
    good: dict[str, Any] = {
        "personalizations": [{"to": [{"email": "a@b.example"}]}], "from": {"email": "c@d.example"}, "subject": "S",
        "content": [{"type": "text/plain", "value": "T"}, {"type": "text/html", "value": "H"}],
    }  # fmt: skip
    people = good["personalizations"]
    bad: list[dict[str, Any]] = [
        {"personalizations": []}, {"personalizations": people * 1001}, {"subject": ""}, {"content": []},
        {"content": good["content"][::-1]}, {"content": [{"type": "text/plain", "value": ""}]},
        {"content": good["content"][:1] * 2}, {"categories": ["a"] * 2}, {"categories": [*"abcdefghijk"]},
        {"from": {"email": "nobody"}}, {"from": {"mail": "a@b.example"}}, {"unknown": 1}, {"send_at": "1"},
        {"reply_to": {"email": "a@b.example"}, "reply_to_list": [{"email": "a@b.example"}]},
        {"headers": {"Subject": "x"}}, {"headers": {"X-A": "ü"}}, {"headers": {"reply-to": "x"}},
        {"asm": {"groups_to_display": [1]}}, {"asm": {"group_id": 1, "groups_to_display": [*range(1, 27)]}},
        {"ip_pool_name": "x"}, {"attachments": [{"content": "%", "filename": "x"}]},
        {"attachments": [{"content": "YQ==", "filename": "x", "type": "text/plain; charset=x"}]},
        {"attachments": [{"content": "YQ==", "filename": "x", "disposition": "inline"}]},
        {"mail_settings": {"sandbox_mode": {"enable": 1}}},
        {"mail_settings": {"bypass_list_management": {"enable": True}, "bypass_spam_management": {"enable": True}}},
        {"personalizations": [{"to": [{"email": "a@b.example"}], "cc": [{"email": "A@b.example"}]}]},
        {"personalizations": [{"to": [{"email": "a@b.example"}], "custom_args": {"k": "x" * 10_000}}]},
    ]  # fmt: skip

    assert [] == violations(good)
    assert [] == violations({**good, "headers": {"X-To": "x", "List-Unsubscribe": "<x>"}})
    assert [] == [each for each in bad if not violations({**good, **each})]
