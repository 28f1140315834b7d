"""One session over real TLS: what it says, what it refuses to say, and what it knows afterwards."""

from __future__ import annotations

import base64
import email
import email.policy
import logging
import re
import socket
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import KEY, a_message

from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_smtp.client import Client
from notify_smtp.lookup import addresses
from notify_smtp.submission import Submission

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

    from notify.testing import ScriptedServer

TO = ("k1@example.com", "k2@example.com", "k3@example.com")


def said(server: ScriptedServer, verb: str) -> list[str]:
    """The commands of one kind that came."""
    return [line for _, line in server.commands if line.startswith(verb)]


def failure(connect: Connect, server: ScriptedServer, *to: str, **settings: Any) -> DeliveryError:
    """The error that sending a small message ends with."""
    with pytest.raises(DeliveryError) as caught:
        connect(server, **settings).send(a_message(*to))
    return caught.value


def test_says_what_rfc_5321_wants_in_this_order(serve: Serve, connect: Connect) -> None:
    """EHLO comes again after TLS, AUTH after that, and the features of the second EHLO are those that hold."""
    server = serve(require_tls=True, require_auth=True)

    receipt = connect(server, local_hostname="app.acme.example").send(a_message())

    size = len(server.messages[0].data)
    assert [
        "EHLO app.acme.example", "STARTTLS", "EHLO app.acme.example", "AUTH PLAIN ***",
        "MAIL FROM:<hello@acme.example>", "RCPT TO:<r1@example.org>", "DATA",
    ] == [line for _, line in server.commands]  # fmt: skip
    assert size > 0
    assert ("r1@example.org",) == receipt.accepted
    assert receipt.response == "250 2.0.0 Ok: queued as S000001"
    assert receipt.provider_id == "S000001"


def test_names_itself_by_address_or_full_name(serve: Serve, connect: Connect) -> None:
    """Without a name of its own it says a full name, or the address of its side of the connection."""
    server = serve()

    connect(server).send(a_message())

    name = said(server, "EHLO")[0].removeprefix("EHLO ")
    assert name == "[127.0.0.1]" or "." in name


@pytest.mark.parametrize(("offered", "options"), [(True, "BODY=8BITMIME"), (False, "")])
def test_sends_eight_bits_only_where_offered(serve: Serve, connect: Connect, offered: bool, options: str) -> None:  # noqa: FBT001
    """Text outside ASCII goes as 8bit to a server with 8BITMIME, and in seven bits to any other."""
    server = serve(eightbit=offered)

    connect(server).send(a_message(text="Grüße\n" * 30))

    (message,) = server.messages
    read = email.message_from_bytes(message.data, policy=email.policy.default)
    assert offered is not message.wire.isascii()
    assert options == message.options
    assert read.get_content().splitlines() == ["Grüße"] * 30


def test_says_nothing_of_eight_bits_for_plain_ascii(serve: Serve, connect: Connect) -> None:
    """A message in ASCII needs no BODY."""
    server = serve(size=100_000)

    connect(server).send(a_message())

    assert f"SIZE={len(server.messages[0].data)}" == server.messages[0].options


def test_stuffs_dots_and_keeps_lines(serve: Serve, connect: Connect) -> None:
    """Lines of dots arrive as they were, and end nothing before its time."""
    server = serve()
    message = a_message(text=".\n..\n.hidden\n\n.\nMAIL FROM:<evil@evil.example>\n.\n")

    connect(server).send(message)

    (received,) = server.messages
    assert message.as_bytes() == received.data
    assert b"\r\n..hidden\r\n" in received.wire
    assert said(server, "MAIL") == ["MAIL FROM:<hello@acme.example>"]


@pytest.mark.parametrize(
    "octets", [b"a: b\r\n\r\nx\n.\r\n", b"a: b\r\n\r\nx\r.\r\n", b"a: b\r\n\r\nx", b"\r\n\r\n\n\r"]
)
def test_never_puts_a_bare_cr_or_lf_on_the_wire(serve: Serve, connect: Connect, octets: bytes) -> None:
    """Octets that another server could read as a second message are refused before MAIL."""
    server = serve()
    client = Client(connect(server).endpoint())

    with pytest.raises(RefusedError, match="bare CR or LF"):
        client.submit(Submission("a@example.com", ("b@example.com",), lambda **_: octets))

    assert said(server, "MAIL") == []
    client.close()


@pytest.mark.parametrize("hidden", ["\r\nRCPT TO:<evil@evil.example>", "\n", "\0"])
def test_no_command_has_a_line_break_in_it(serve: Serve, connect: Connect, hidden: str) -> None:
    """The last check before the wire holds whatever built the envelope."""
    server = serve()
    client = Client(connect(server).endpoint())

    for sender, recipient in ((f"a@example.com{hidden}", "b@example.com"), ("a@example.com", f"b@example.com{hidden}")):
        with pytest.raises(RefusedError, match="line break"):
            client.submit(Submission(sender, (recipient,), lambda **_: b"a: b\r\n\r\nc\r\n"))

    assert server.messages == []
    assert not any("evil" in line for _, line in server.commands)
    client.close()


def test_refuses_what_is_larger_than_size(serve: Serve, connect: Connect) -> None:
    """The error has both figures, and MAIL is not even said."""
    server = serve(size=2000)

    with pytest.raises(RefusedError) as caught:
        connect(server).send(a_message(text="x" * 70 + "\n" * 3000))

    assert "size" in str(caught.value)
    assert "2000" in str(caught.value)
    assert said(server, "MAIL") == []


@pytest.mark.parametrize("lines", [["SIZE"], ["SIZE 0"], ["SIZE many"]])
def test_no_limit_is_no_limit(serve: Serve, connect: Connect, lines: list[str]) -> None:
    """SIZE without a figure, or with 0, limits nothing (RFC 1870)."""
    server = serve(tls="none", ehlo_lines=lines)

    connect(server, tls="none", username=None, password=None).send(a_message())

    assert server.messages[0].options.startswith("SIZE=")


def test_international_addresses_need_smtputf8(serve: Serve, connect: Connect) -> None:
    """They go out in UTF-8 where the server offers it, and are refused before MAIL where it does not."""
    able, unable = serve(), serve(smtputf8=False)

    receipt = connect(able).send(a_message("jörg@example.com"))
    error = failure(connect, unable, "jörg@example.com")

    assert ("jörg@example.com",) == receipt.accepted == able.messages[0].recipients
    assert "SMTPUTF8" in able.messages[0].options
    assert isinstance(error, RefusedError)
    assert "SMTPUTF8" in str(error)
    assert said(unable, "MAIL") == []


def test_injection_in_front_of_starttls_is_an_error(serve: Serve, connect: Connect) -> None:
    """What comes in the same breath as the 220 was not said under TLS and is not believed."""
    server = serve(rules=[{"at": "starttls", "do": [{"inject": "250-smtp.evil.example\r\n250 AUTH PLAIN\r\n"}]}])

    error = failure(connect, server)

    assert isinstance(error, TransportConfigError)
    assert "in front of the TLS handshake" in str(error)
    assert said(server, "AUTH") == []


@pytest.mark.parametrize("kind", ["expired", "wronghost", "selfsigned"])
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_bad_certificate_ends_it_before_the_password(serve: Serve, connect: Connect, tls: str, kind: str) -> None:
    """The error says certificate; no AUTH was sent, under no kind of TLS."""
    server = serve(tls=tls, cert=kind)

    error = failure(connect, server, tls=tls)

    assert isinstance(error, TransportConfigError)
    assert error.phase == "tls"
    assert "certificate" in str(error)
    assert said(server, "AUTH") == []


def test_the_system_s_authorities_do_not_know_the_test_s(serve: Serve, connect: Connect) -> None:
    """Without ca_file the certificate of a private authority is not trusted."""
    assert isinstance(failure(connect, serve(), ca_file=None), TransportConfigError)


def test_the_wrong_kind_of_tls_is_named(serve: Serve, connect: Connect) -> None:
    """TLS from the start at a port that begins in clear says which setting to look at."""
    error = failure(connect, serve(tls="starttls"), tls="implicit")

    assert isinstance(error, TransportConfigError)
    assert "starttls or implicit" in str(error)


def test_implicit_tls(serve: Serve, connect: Connect) -> None:
    """With tls: implicit the greeting comes under TLS, and STARTTLS is never said."""
    server = serve(tls="implicit", require_auth=True)

    connect(server, tls="implicit").send(a_message())

    assert server.messages[0].secured
    assert said(server, "STARTTLS") == []


def test_helo_only_without_tls_and_login(serve: Serve, connect: Connect) -> None:
    """A server that knows no EHLO gets HELO, unless TLS or a login was asked for."""
    rules = [{"at": "ehlo", "do": [{"reply": "502 5.5.1 not implemented"}]}]
    plain, strict = serve(tls="none", rules=rules), serve(rules=rules)

    connect(plain, tls="none", username=None, password=None).send(a_message())
    error = failure(connect, strict)

    assert len(plain.messages) == 1
    assert isinstance(error, TransportConfigError)
    assert said(strict, "HELO") == []


def test_reads_greetings_and_features_of_many_forms(serve: Serve, connect: Connect) -> None:
    """Several lines, lower case, the old form of AUTH, and empty lines are all fine."""
    server = serve(
        rules=[{"at": "connect", "do": [{"reply": ["220-hello", "220 there"]}]}],
        ehlo_lines=["starttls", "auth=PLAIN", "", "8bitmime", "SIZE 31457280"],
    )

    connect(server).send(a_message())

    assert server.messages[0].user == "apikey"


def test_the_refused_are_kept_apart(serve: Serve, connect: Connect) -> None:
    """A receipt names who was accepted, and each of the others with the error of its own."""
    server = serve(rules=[
        {"at": "rcpt", "match": "k1@", "do": [{"reply": "452 4.5.3 later"}]},
        {"at": "rcpt", "match": "k3@", "do": [{"reply": "550 5.1.1 gone"}]},
    ])  # fmt: skip

    receipt = connect(server).send(a_message(*TO))

    assert receipt.accepted == ("k2@example.com",)
    assert {"k1@example.com": TemporaryError, "k3@example.com": RefusedError} == {
        to: type(error) for to, error in receipt.rejected.items()
    }
    assert receipt.rejected["k3@example.com"].enhanced_code == "5.1.1"
    assert receipt.rejected["k3@example.com"].recipient == "k3@example.com"


@pytest.mark.parametrize(
    ("first", "others", "expected"),
    [
        ("550 5.1.1 gone", "550 5.1.1 gone", RefusedError),
        ("450 4.2.0 later", "450 4.2.0 later", TemporaryError),
        ("550 5.1.1 gone", "450 4.2.0 later", TemporaryError),
        ("552 5.5.3 too many recipients", "550 5.1.1 gone", TemporaryError),
    ],
)
@pytest.mark.parametrize("pipelining", [True, False])
def test_when_all_are_refused_there_is_no_text(  # noqa: PLR0917 - fixtures
    serve: Serve,
    connect: Connect,
    pipelining: bool,  # noqa: FBT001
    first: str,
    others: str,
    expected: type[DeliveryError],
) -> None:
    """The error is temporary as soon as one recipient may be tried again, and holds everybody's own."""
    server = serve(pipelining=pipelining, rules=[
        {"at": "rcpt", "match": "k1@", "do": [{"reply": first}]},
        {"at": "rcpt", "do": [{"reply": others}]},
    ])  # fmt: skip

    error = failure(connect, server, *TO)

    assert expected is type(error)
    assert TO == tuple(error.rejected)
    assert all(to in str(error) for to in TO)
    assert server.data_bytes == 0
    assert pipelining or said(server, "DATA") == []


@pytest.mark.parametrize(
    ("reply", "expected"), [("421 4.3.2 bye", TemporaryError), ("530 5.7.0 who?", TransportConfigError)]
)
@pytest.mark.parametrize("pipelining", [True, False])
def test_some_answers_to_a_recipient_end_it_for_all(
    serve: Serve,
    connect: Connect,
    pipelining: bool,  # noqa: FBT001
    reply: str,
    expected: type[DeliveryError],
) -> None:
    """A 421 ends the session, a 530 is about the login: nobody has the message."""
    server = serve(pipelining=pipelining, rules=[{"at": "rcpt", "match": "k2@", "do": [{"reply": reply}]}])

    error = failure(connect, server, *TO)

    assert expected is type(error)
    assert server.data_bytes == 0
    assert pipelining or (len(said(server, "RCPT")) == 2 and said(server, "DATA") == [])


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([{"reply": "554 5.7.1 spam"}], RefusedError),
        ([{"reply": "451 4.3.0 later"}], TemporaryError),
        ([{"close": True}], UnknownOutcomeError),
    ],
)
def test_who_was_refused_before_the_text_stays_refused(
    serve: Serve, connect: Connect, actions: list[dict[str, Any]], expected: type[DeliveryError]
) -> None:
    """When the text fails in its turn, the error still tells each refused recipient's own fate."""
    server = serve(rules=[
        {"at": "rcpt", "match": "k3@", "do": [{"reply": "550 5.1.1 gone"}]},
        {"at": "eod", "do": actions},
    ])  # fmt: skip

    error = failure(connect, server, *TO)

    assert expected is type(error)
    assert list(error.rejected) == ["k3@example.com"]


@pytest.mark.parametrize("words", ["452 4.5.3 enough", "452 Too many recipients", "552 5.5.3 enough"])
@pytest.mark.parametrize("pipelining", [True, False])
def test_who_does_not_fit_goes_in_further_transactions(
    serve: Serve,
    connect: Connect,
    pipelining: bool,  # noqa: FBT001
    words: str,
) -> None:
    """A server that takes two recipients at once gets five in three transactions, each recipient once."""
    refused = (3, 4, 5, 8) if pipelining else (3, 6)
    server = serve(
        pipelining=pipelining, rules=[{"at": "rcpt", "nth": nth, "do": [{"reply": words}]} for nth in refused]
    )
    to = [f"k{number}@example.com" for number in range(1, 6)]

    receipt = connect(server).send(a_message(*to))

    assert [tuple(to[:2]), tuple(to[2:4]), tuple(to[4:])] == [message.recipients for message in server.messages]
    assert tuple(to) == receipt.accepted
    assert not receipt.rejected
    assert server.connections == 1
    assert receipt.provider_id == "S000001"


@pytest.mark.parametrize(
    ("rule", "fates"),
    [
        ({"at": "eod", "do": [{"reply": "554 5.7.1 spam"}]}, (RefusedError, RefusedError)),
        ({"at": "eod", "do": [{"close": True}]}, (UnknownOutcomeError, UnknownOutcomeError)),
        ({"at": "mail", "do": [{"close": True}]}, (TemporaryError, TemporaryError)),
        ({"at": "rcpt", "match": "k3@", "do": [{"reply": "550 5.1.1 gone"}]}, (RefusedError,)),
        ({"at": "rcpt", "match": "k[34]@", "do": [{"reply": "452 4.5.3 too many"}]}, (TemporaryError, TemporaryError)),
    ],
)
@pytest.mark.parametrize("pipelining", [True, False])
def test_a_further_transaction_that_fails_is_no_failure_of_the_first(
    serve: Serve,
    connect: Connect,
    pipelining: bool,  # noqa: FBT001
    rule: dict[str, Any],
    fates: tuple[type[DeliveryError], ...],
) -> None:
    """Who has the message has it; each of the others has what became of the transaction as its error."""
    nth = {"nth": 2} if rule["at"] != "rcpt" else {}
    full = [
        {"at": "rcpt", "nth": number, "do": [{"reply": "452 4.5.3 enough"}]}
        for number in ((3, 4) if pipelining else (3,))
    ]
    server = serve(pipelining=pipelining, rules=[*full, {**rule, **nth}])

    receipt = connect(server).send(a_message(*TO, "k4@example.com"))

    assert ("k1@example.com", "k2@example.com") == server.messages[0].recipients
    assert {"k1@example.com", "k2@example.com"} <= set(receipt.accepted)
    assert dict(zip(("k3@example.com", "k4@example.com"), fates, strict=False)) == {
        address: type(error) for address, error in receipt.rejected.items()
    }


def test_no_room_for_the_first_recipient_is_a_failure(serve: Serve, connect: Connect) -> None:
    """A server that takes nobody is not asked again and again."""
    server = serve(rules=[{"at": "rcpt", "do": [{"reply": "452 4.5.3 too many recipients"}]}])

    error = failure(connect, server, *TO)

    assert type(error) is TemporaryError
    assert len(said(server, "MAIL")) == 1


def test_a_rate_is_not_a_lack_of_room(serve: Serve, connect: Connect) -> None:
    """SendGrid counts recipients by the hour: another transaction would not help."""
    words = "452 Too many recipients received this hour (throttled)"
    server = serve(rules=[{"at": "rcpt", "match": "k3@", "do": [{"reply": words}]}])

    receipt = connect(server, preset="sendgrid").send(a_message(*TO))

    assert [ThrottledError] == [type(error) for error in receipt.rejected.values()]
    assert len(said(server, "MAIL")) == 1


def test_an_early_answer_ends_the_text(serve: Serve, connect: Connect) -> None:
    """A server that refuses in the middle of the text is heard, with its own words."""
    server = serve(rules=[{"at": "body", "after_bytes": 1000, "do": [{"reply": "552 5.3.4 enough"}, {"close": True}]}])

    with pytest.raises(RefusedError) as caught:
        connect(server).send(a_message(text="x" * 70 + "\n" + "y\n" * 500_000))

    assert caught.value.phase == "body"
    assert caught.value.code == 552


def test_a_server_that_stops_reading_is_given_up(serve: Serve, connect: Connect) -> None:
    """Writing has a time limit as well, and before the final dot the message is surely not taken."""
    server = serve(rules=[{"at": "body", "do": [{"noread": 30}]}])
    began = time.monotonic()

    with pytest.raises(TemporaryError) as caught:
        connect(server, timeout=1.0).send(a_message(text=("x" * 70 + "\n") * 100_000))

    assert caught.value.phase == "body"
    assert time.monotonic() - began < 15


def test_an_answer_that_drips_in_is_given_up_in_time(serve: Serve, connect: Connect) -> None:
    """The timeout is for a whole answer, not for each octet of it."""
    drip = {"drip": "250 2.1.0 everything is quite all right\r\n", "interval": 0.4}
    server = serve(rules=[{"at": "mail", "do": [drip]}])
    began = time.monotonic()

    error = failure(connect, server, timeout=1.0)

    assert isinstance(error, TemporaryError)
    assert "no answer within 1 seconds" in str(error)
    assert time.monotonic() - began < 10


def test_the_deadline_holds_for_the_whole_attempt(serve: Serve, connect: Connect) -> None:
    """Answers that each come in time do not add up to more than the deadline."""
    server = serve(rules=[{"at": "any", "do": [{"sleep": 0.5}, {"default": True}]}])
    began = time.monotonic()

    error = failure(connect, server, deadline=0.8, timeout=0.7)

    assert isinstance(error, TemporaryError)
    assert time.monotonic() - began < 3


def test_a_deadline_that_has_passed_says_so(serve: Serve, connect: Connect) -> None:
    """When nothing is left of the deadline the next step is not begun."""
    server = serve()
    transport = connect(server, deadline=2.0)

    def slow(**_: bool) -> bytes:
        time.sleep(2.1)
        return b"a: b\r\n\r\nc\r\n"

    client = Client(transport.endpoint())
    with pytest.raises(TemporaryError, match=r"deadline of 2 seconds has passed"):
        client.submit(Submission("a@example.com", ("b@example.com",), slow))

    assert said(server, "MAIL") == []
    client.close()


def test_no_secret_in_errors_and_logs(serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """A server that repeats the key in every form it got it does not bring it into any text."""
    caplog.set_level(logging.DEBUG)
    plain, alone = (base64.b64encode(text.encode()).decode() for text in (f"\0apikey\0{KEY}", KEY))
    words = f"535 5.7.8 no {KEY} {plain} {alone} {alone.rstrip('=')}"
    texts = []

    for phase in ("auth", "mail", "rcpt", "eod"):
        error = failure(connect, serve(rules=[{"at": phase, "do": [{"reply": words}]}]))
        texts += [*traceback.format_exception(error), repr(error), error.reply]

    secrets = (KEY, plain, alone, alone.rstrip("="))
    assert not [text for text in [*texts, caplog.text] for secret in secrets if secret in text]
    assert "C: AUTH PLAIN ***" in caplog.text
    assert "535 5.7.8 no ***" in "".join(texts)


def test_control_characters_and_long_texts_of_a_server_are_cut(serve: Serve, connect: Connect) -> None:
    """A server cannot colour a terminal, nor fill a log."""
    words = "550 5.1.1 \x1b[31mred\x07" + " very" * 700

    error = failure(connect, serve(rules=[{"at": "mail", "do": [{"reply": words}]}]))

    assert error.reply.startswith("550 5.1.1 ?[31mred?")
    assert len(error.reply) < 1100


def test_nobody_listens(serve: Serve, connect: Connect) -> None:
    """A refused connection is temporary, and the error says which other ports there are."""
    error = failure(connect, serve(listen=False))

    assert isinstance(error, TemporaryError)
    assert error.phase == "connect"
    assert "127.0.0.1: connection refused" in str(error)
    assert "try 465 (tls: implicit)" in error.advice


def test_nobody_answers(serve: Serve, connect: Connect) -> None:
    """A connection that is neither taken nor refused is given up in time."""
    began = time.monotonic()

    error = failure(connect, serve(listen="blackhole"), timeout=0.3)

    assert isinstance(error, TemporaryError)
    assert "timed out" in str(error)
    assert time.monotonic() - began < 5


def test_a_name_that_is_none(serve: Serve, connect: Connect) -> None:
    """A host that has no address is temporary: names come and go."""
    error = failure(connect, serve(), host="no-such-host.invalid")

    assert isinstance(error, TemporaryError)
    assert "no-such-host.invalid cannot be resolved" in str(error)


def test_a_resolver_that_says_nothing_is_given_up_in_time(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's resolver has no time limit of its own; the attempt's deadline holds all the same."""
    silence = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: silence.wait(30) and [])
    began = time.monotonic()

    error = failure(connect, serve(), host="mail.example.com", deadline=0.3)

    silence.set()
    assert isinstance(error, TemporaryError)
    assert error.phase == "connect"
    assert re.search(r"mail\.example\.com cannot be resolved \(no answer within 0\.\d+ seconds\)", str(error))
    assert time.monotonic() - began < 5


def test_names_are_resolved_where_no_thread_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the interpreter shuts down no thread begins any more, and mail still has to go out."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Thread, "start", refuse)

    assert [("127.0.0.1", 25)] == [entry[4] for entry in addresses("127.0.0.1", 25, 5.0)]


def test_verify_logs_in_and_sends_nothing(serve: Serve, connect: Connect) -> None:
    """`verify` finds a wrong key before any message does."""
    good, bad = serve(require_auth=True), serve(users={"apikey": "another"})

    connect(good).verify()
    with pytest.raises(TransportConfigError) as caught:
        connect(bad).verify()

    assert said(good, "MAIL") == []
    assert said(good, "QUIT") == ["QUIT"]
    assert caught.value.code == 535


def test_a_file_without_certificates_is_named(serve: Serve, connect: Connect, tmp_path: Any) -> None:
    """ca_file has to hold certificates."""
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing\n")

    error = failure(connect, serve(), ca_file=empty)

    assert isinstance(error, TransportConfigError)
    assert f"{empty} holds no certificates" in str(error)
