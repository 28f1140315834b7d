"""An API that misbehaves at every point of a request: what is said of each message is what became of it."""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import stream
from servers.scripted import a_message
from servers.sendgrid_api import KEY, ApiServer, Step
from servers.tunnel import Tunnel

from notify import Message, Notifier, Receipt
from notify.catalog import Catalog
from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.limits import Limited
from notify.message import Attachment
from notify.state import MemoryState
from notify_failover import Failover
from notify_sendgrid import SendGridApiTransport, SendGridTransport
from notify_sendgrid.channel import Channel
from notify_sendgrid.exchange import LostError
from notify_smtp.deadline import Deadline

if TYPE_CHECKING:
    from notify.testing import Certificates

LARGE = Attachment("large.bin", content=bytes(6_000_000))
"""More than the systems of both sides keep between them."""


def transport_to(server: ApiServer, **more: Any) -> SendGridApiTransport:
    """A transport to a server, with a short timeout."""
    usual: dict[str, Any] = {"base_url": server.url, "api_key": KEY, "timeout": 10.0}
    return SendGridApiTransport(name="api", **{**usual, **more})


def outcome_of(transport: SendGridApiTransport, message: Message) -> Receipt | DeliveryError:
    """What becomes of one message."""
    try:
        return transport.send(message)
    except DeliveryError as error:
        return error


def delivered(transport: SendGridApiTransport, messages: list[Message]) -> list[Receipt]:
    """The receipts of messages that a notifier delivers, with several senders."""
    with transport, Notifier(catalog=Catalog(()), transport=transport) as notifier:
        return list(notifier.deliver_many(messages))


def documents(server: ApiServer) -> list[str]:
    """The `notify_id` of each message that the server took, in order."""
    return [each["custom_args"]["notify_id"] for document in server.accepted for each in document["personalizations"]]


CUTS: list[tuple[Step, dict[str, Any], type[DeliveryError], int]] = [
    (Step(cut="connect"), {"attachments": LARGE}, TemporaryError, 0),
    (Step(cut="head"), {"attachments": LARGE}, TemporaryError, 0),
    (Step(cut="body"), {"attachments": LARGE}, TemporaryError, 0),
    (Step(cut="body", reset=True), {"attachments": LARGE}, TemporaryError, 0),
    (Step(cut="dropped"), {}, UnknownOutcomeError, 0),
    (Step(cut="dropped", reset=True), {}, UnknownOutcomeError, 0),
    (Step(cut="taken"), {}, UnknownOutcomeError, 1),
    (Step(cut="taken", reset=True), {}, UnknownOutcomeError, 1),
    (Step(silent=3), {}, UnknownOutcomeError, 0),
    (Step(raw=b"HTTP/1.1 20"), {}, UnknownOutcomeError, 0),
    (Step(raw=b"220 smtp.acme.example ESMTP\r\n"), {}, UnknownOutcomeError, 0),
    (Step(raw=b"\0" * 100_000), {}, UnknownOutcomeError, 0),
    (Step(raw=b"HTTP/1.1 999999 What\r\n\r\n"), {}, UnknownOutcomeError, 0),
    (Step(raw=b"HTTP/1.1 202 Accepted\r\n\r\n", drip=0.2), {}, UnknownOutcomeError, 0),
    (Step(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 3), {}, UnknownOutcomeError, 0),
]


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(("step", "parts", "kind", "accepted"), CUTS, ids=lambda value: str(value)[:60])
def test_a_request_that_is_cut(
    certificates: Certificates,
    *,
    step: Step,
    parts: dict[str, Any],
    kind: type[DeliveryError],
    accepted: int,
    tls: bool,
) -> None:
    """Before the request was sent whole it was surely not taken, afterwards nobody knows; and it ends in time."""
    began = time.monotonic()
    more: dict[str, Any] = {"ca_file": certificates.ca_file, "timeout": 0.8}
    with ApiServer(step, context=certificates.context() if tls else None) as server:
        outcome = outcome_of(transport_to(server, **more), a_message(**parts))

    assert kind is type(outcome), outcome
    assert accepted == len(server.accepted)
    assert time.monotonic() - began < 4.0
    assert isinstance(outcome, DeliveryError)
    assert KEY not in str(outcome)


@pytest.mark.parametrize(
    "step", [Step(cut="text"), Step(202, body="<html>"), Step(raw=b"HTTP/1.1 202 Accepted\r\nX-Message"), Step(202)]
)
def test_the_status_is_enough(step: Step) -> None:
    """Once it is there, an end in the middle of the rest changes nothing."""
    with ApiServer(step) as server:
        outcome = outcome_of(transport_to(server), a_message())

    assert isinstance(outcome, Receipt)


def test_an_answer_that_comes_before_the_request_is_whole_counts() -> None:
    """A server that refuses by the head alone, and closes, is heard."""
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        sock, _ = listener.accept()
        with sock:
            sock.recv(100)
            sock.sendall(b"HTTP/1.1 413 Request Entity Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass

    with listener:
        threading.Thread(target=refuse, daemon=True).start()
        transport = SendGridApiTransport(
            name="api", api_key=KEY, base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=2.0
        )
        outcome = outcome_of(transport, a_message(attachments=LARGE))

    assert isinstance(outcome, RefusedError)
    assert "too large" in str(outcome)


@pytest.mark.parametrize("kind", ["expired", "wronghost", "selfsigned"])
def test_a_certificate_that_cannot_be_trusted(certificates: Certificates, kind: Any) -> None:
    """A person must look; the key is not sent."""
    with ApiServer(context=certificates.context(kind)) as server:
        outcome = outcome_of(transport_to(server, ca_file=certificates.ca_file), a_message())

    assert isinstance(outcome, TransportConfigError)
    assert "certificate" in str(outcome)
    assert outcome.phase == "tls"
    assert [] == server.requests


def test_a_server_without_tls(certificates: Certificates) -> None:
    """HTTPS to a port that speaks plain HTTP, or closes in the handshake."""
    with ApiServer() as server:
        url = f"https://127.0.0.1:{server.port}"
        outcome = outcome_of(transport_to(server, base_url=url, ca_file=certificates.ca_file, timeout=0.5), a_message())

    assert isinstance(outcome, (TransportConfigError, TemporaryError))
    assert outcome.phase == "tls"
    assert [] == server.requests


def test_a_file_without_certificates(certificates: Certificates, tmp_path: Any) -> None:
    """The setting is named."""
    (tmp_path / "ca.pem").write_text("nothing")
    with ApiServer(context=certificates.context()) as server:
        outcome = outcome_of(transport_to(server, ca_file=tmp_path / "ca.pem"), a_message())

    assert isinstance(outcome, TransportConfigError)
    assert "holds no certificates in PEM" in str(outcome)


@pytest.mark.parametrize(
    ("url", "words"),
    [("https://127.0.0.1:1", "no connection to 127.0.0.1:1"), ("https://nowhere.invalid", "cannot be resolved")],
)
def test_nobody_there(url: str, words: str) -> None:
    """Refused connections and unknown names pass; both say what to check."""
    transport = SendGridApiTransport(name="api", api_key=KEY, base_url=url, timeout=2.0)
    outcome = outcome_of(transport, a_message())

    assert type(outcome) is TemporaryError
    assert outcome.phase == "connect"
    assert words in str(outcome)
    assert "base_url" in outcome.advice


@pytest.mark.parametrize(("delivery", "count"), [("at_most_once", 0), ("at_least_once", 1)])
def test_who_accepts_a_second_copy_gets_a_retry(delivery: str, count: int) -> None:
    """After an unknown outcome only a message that says so is sent again, and both have one `notify_id`."""
    with ApiServer(Step(cut="taken")) as server:
        message = a_message(delivery=delivery)
        outcome = outcome_of(transport_to(server, retries=2), message)

    assert isinstance(outcome, Receipt) == bool(count)
    assert [message.message_id] * (1 + count) == documents(server)


def test_an_idle_connection_that_was_closed_is_replaced() -> None:
    """A server may close a kept connection at any time between two messages."""
    with ApiServer(Step(202, headers={"Connection": "close"}), Step(cut="text")) as server:
        transport = transport_to(server)
        outcomes = []
        for _ in range(3):
            outcomes.append(outcome_of(transport, a_message()))
            time.sleep(0.02)

    assert [Receipt] * 3 == [type(outcome) for outcome in outcomes]


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_reads_nothing(certificates: Certificates, *, tls: bool) -> None:
    """What is not written is not taken, and neither writing nor a handshake goes on for ever."""
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
        transport = SendGridApiTransport(
            name="api", api_key=KEY, base_url=url, timeout=30.0, deadline=0.5, ca_file=certificates.ca_file
        )
        outcome = outcome_of(transport, a_message(attachments=LARGE))

    assert type(outcome) is TemporaryError
    assert outcome.phase == ("tls" if tls else "request")
    assert time.monotonic() - began < 1.5


def test_who_waits_for_a_connection_waits_until_the_deadline() -> None:
    """With all connections busy a request was surely not sent."""
    with ApiServer(Step(silent=0.6)) as server:
        channel = Channel(server.url, headers={}, timeout=5.0, pool=1, ca_file=None)

        def occupy() -> None:
            with suppress(LostError):
                channel.get("/", Deadline(5.0))

        first = threading.Thread(target=occupy)
        first.start()
        while not server.requests:
            time.sleep(0.01)
        with pytest.raises(LostError, match="all connections were busy") as caught:
            channel.post("/", b"body", {}, Deadline(0.2))
        first.join()

    assert (caught.value.phase, caught.value.whole) == ("connect", False)


def test_an_answer_without_end_is_cut_short() -> None:
    """What is said is read as far as it can be of use, and the connection is not kept."""
    with ApiServer(Step(400, body="x" * 1_000_000)) as server:
        transport = transport_to(server)
        outcomes = [outcome_of(transport, a_message()) for _ in range(2)]

    assert [RefusedError, Receipt] == [type(outcome) for outcome in outcomes]
    assert len(str(outcomes[0])) < 2000
    assert server.connections == 2


def test_a_slow_server_ends_at_the_deadline() -> None:
    """One octet at a time is no answer, however long it goes on."""
    began = time.monotonic()
    with ApiServer(Step(raw=b"HTTP/1.1 202 Accepted\r\n" * 10, drip=0.05)) as server:
        outcome = outcome_of(transport_to(server, timeout=30.0, deadline=0.5), a_message())

    assert isinstance(outcome, UnknownOutcomeError)
    assert time.monotonic() - began < 1.5


MAPPED: dict[str, tuple[Step, type[object]]] = {
    "the first of the corpus: put off": (Step(503), TemporaryError),
    "wrong key": (Step(401, ((None, "The provided authorization grant is invalid, expired, or revoked"),)),
                  TransportConfigError),
    "quota": (Step(401, ((None, "Maximum credits exceeded"),)), ThrottledError),
    "sender refused": (Step(403, (("from", "The from address does not match a verified Sender Identity."),)),
                       TransportConfigError),
    "recipient refused": (Step(400, (("personalizations.0.to.0.email", "Does not contain a valid address."),)),
                          RefusedError),
    "refused after the text": (Step(400, ((None, "no"),)), RefusedError),
    "bigger than it takes": (Step(413, body="<html>"), RefusedError),
    "throttled": (Step(429), ThrottledError),
    "cut in the text": (Step(cut="body"), TemporaryError),
    "taken, then closed": (Step(cut="taken"), UnknownOutcomeError),
    "not taken, closed": (Step(cut="dropped"), UnknownOutcomeError),
    "reset after the answer": (Step(cut="text"), Receipt),
    "good": (Step(), Receipt),
}  # fmt: skip
"""The faults of the SMTP corpus that HTTP has as well."""


@pytest.mark.parametrize("name", MAPPED)
def test_each_fault_of_the_corpus_has_its_class(name: str) -> None:
    """In one attempt, alone and in a stream; the next message is sent as if nothing had been."""
    step, kind = MAPPED[name]
    parts = {"attachments": LARGE} if step.cut == "body" else {}
    for way in ("send", "stream"):
        with ApiServer(step) as server:
            transport = transport_to(server)
            message, later = a_message(**parts), a_message("later@example.org", subject="Later")
            if way == "send":
                outcomes = [outcome_of(transport, message), outcome_of(transport, later)]
            else:
                outcomes = stream(transport, [message, later])

        assert [kind, Receipt] == [type(outcome) for outcome in outcomes], outcomes
        assert documents(server)[-1] == later.message_id
        if kind not in {Receipt, UnknownOutcomeError}:
            assert [later.message_id] == documents(server)


def people(count: int, **parts: Any) -> list[Message]:
    """Messages that differ in whom they go to."""
    return [a_message(f"r{number}@example.org", **parts) for number in range(count)]


def test_messages_that_are_alike_go_in_one_request() -> None:
    """A thousand people each; each message has a receipt of its own, in order, and its own metadata and time."""
    at = int(time.time()) + 600
    messages = [
        a_message(f"r{number}@example.org", metadata={"n": str(number)}, options={"sendgrid": {"send_at": at + number}})
        for number in range(1500)
    ]
    with ApiServer() as server:
        outcomes = stream(transport_to(server), messages)

    assert [1000, 500] == [len(document["personalizations"]) for document in server.accepted]
    each = [one for document in server.accepted for one in document["personalizations"]]
    assert [{"notify_id": message.message_id, **message.metadata} for message in messages] == [
        one["custom_args"] for one in each
    ]
    assert [at + number for number in range(1500)] == [one["send_at"] for one in each]
    assert [(message.message_id, message.envelope.recipients) for message in messages] == [
        (outcome.message_id, outcome.accepted) for outcome in outcomes if isinstance(outcome, Receipt)
    ]
    assert [] == server.violations


@pytest.mark.parametrize(
    "parts",
    [
        {"text": "Other."}, {"subject": "Other"}, {"html": "<p>Other"}, {"tags": "other"},
        {"delivery": "at_least_once"}, {"sender": "other@acme.example"}, {"reply_to": "other@acme.example"},
        {"attachments": Attachment("a.txt", content=b"a")}, {"options": {"sendgrid": {"ip_pool": "other"}}},
        {"options": {"sendgrid": {"sandbox": True}}},
    ],
)  # fmt: skip
def test_messages_that_differ_go_apart(parts: dict[str, Any]) -> None:
    """In anything that all people of a request would share."""
    messages = [a_message(), a_message(**parts), a_message()]
    with ApiServer() as server:
        outcomes = stream(transport_to(server), messages)

    assert [Receipt] * 3 == [type(outcome) for outcome in outcomes]
    assert len(server.accepted) == 3


def test_blind_copies_alone_go_apart() -> None:
    """Each of them is several personalizations already."""
    messages = [Message(sender="a@b.example", bcc=["c@d.example", "e@f.example"], subject="S", text="T")] * 2
    with ApiServer() as server:
        stream(transport_to(server), messages)

    assert [2, 2] == [len(document["personalizations"]) for document in server.accepted]


def test_a_message_that_cannot_be_sent_disturbs_no_other() -> None:
    """It is settled in its place, before anything is sent of it."""
    messages = people(5)
    messages[2] = a_message(subject="")
    with ApiServer() as server:
        outcomes = stream(transport_to(server), messages)

    assert [Receipt, Receipt, RefusedError, Receipt, Receipt] == [type(outcome) for outcome in outcomes]
    assert [2, 2] == [len(document["personalizations"]) for document in server.accepted]


@pytest.mark.parametrize("named", [True, False])
def test_one_that_is_refused_is_not_the_others_fate(*, named: bool) -> None:
    """Who is named is refused, and where nobody is, the request is halved until it is found who is meant."""
    message = "Does not contain a valid address."
    first = Step(400, (("personalizations.3.to.0.email" if named else None, message),))
    with ApiServer(faulty={"r3@": first}) as server:
        messages = people(8)
        if named:
            messages = messages[:4]
        outcomes = stream(transport_to(server), messages)

    assert [3] == [number for number, outcome in enumerate(outcomes) if isinstance(outcome, RefusedError)]
    assert sorted(m.message_id for n, m in enumerate(messages) if n != 3) == sorted(documents(server))
    assert [outcome.message_id for outcome in outcomes if isinstance(outcome, Receipt)] == [
        message.message_id for number, message in enumerate(messages) if number != 3
    ]


@pytest.mark.slow
def test_a_request_that_would_be_too_large_is_halved() -> None:
    """Metadata of many people adds up."""
    file = Attachment("a.bin", content=bytes(17_000_000))
    messages = people(1000, metadata={"k": "x" * 9000}, attachments=file)
    with ApiServer() as server:
        outcomes = stream(transport_to(server, timeout=20.0), messages)

    assert [500, 500] == [len(document["personalizations"]) for document in server.accepted]
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)


@pytest.mark.parametrize("way", ["up", "down"])
def test_the_account_is_right_wherever_the_connection_is_cut(way: str) -> None:
    """Accepted is there once, not taken is not there, and only what is unknown may be either."""
    kinds = set()
    for place in range(1, 900, 37):
        messages = [a_message(f"r{number}@example.org", subject=f"S{number}") for number in range(4)]
        with ApiServer() as server, Tunnel(server.port, **{way: place}) as tunnel:
            transport = transport_to(server, base_url=f"http://127.0.0.1:{tunnel.port}")
            outcomes = stream(transport, messages)
            transport.close()
        there = documents(server)
        kinds |= {type(outcome) for outcome in outcomes}
        assert len(set(there)) == len(there)
        for message, outcome in zip(messages, outcomes, strict=True):
            assert isinstance(outcome, UnknownOutcomeError) or (message.message_id in there) == isinstance(
                outcome, Receipt
            )

    assert {Receipt, UnknownOutcomeError} <= kinds


def test_six_hundred_by_chance() -> None:
    """Whatever a server does, each message has one outcome, and it is what the server's journal says."""
    chance = random.Random(5)  # noqa: S311 - no secret
    faults = [Step(503), Step(429), Step(cut="taken"), Step(cut="dropped"), Step(cut="text"), Step(400), Step(401)]
    steps = [chance.choice(faults) if chance.random() < 0.2 else Step() for _ in range(600)]
    messages = [a_message(f"r{n}@example.org", subject=f"S{n}", message_id=f"<{n}@acme.example>") for n in range(600)]
    with ApiServer(*steps) as server:
        receipts = delivered(transport_to(server, pool=4), messages)

    there = documents(server)
    assert len(set(there)) == len(there)
    assert [message.message_id for message in messages] == [receipt.message_id for receipt in receipts]
    for receipt in receipts:
        unknown = any(isinstance(error, UnknownOutcomeError) for error in receipt.rejected.values())
        assert unknown or (receipt.message_id in there) == bool(receipt.accepted)
    assert any(receipt.rejected for receipt in receipts)


def test_smtp_fails_over_to_the_api() -> None:
    """Where mail ports are blocked, the same message goes over HTTP, with all that it tells SendGrid."""
    message = a_message(tags="orders", metadata={"order": "A-1"}, options={"sendgrid": {"asm_group": 7}})
    with ApiServer() as server, transport_to(server) as api:
        smtp = SendGridTransport(name="sendgrid", api_key=KEY, host="127.0.0.1", port=1, timeout=0.5)
        receipt = Failover(name="both", transports=(smtp, api)).send(message)

    (document,) = server.accepted
    assert receipt.transport == "api"
    assert document["categories"] == ["orders"]
    assert document["asm"] == {"group_id": 7}
    assert documents(server) == [message.message_id]


def test_limits_hold_for_each_message() -> None:
    """A request for several people counts as several, and who is beyond the limit is settled in turn."""
    with ApiServer() as server, transport_to(server) as api:
        limited = Limited(api, limits=["3/day"], over_limit="refuse", longest_wait=1.0, state=MemoryState())
        outcomes = stream(limited, people(5))

    assert [Receipt] * 3 + [ThrottledError] * 2 == [type(outcome) for outcome in outcomes]
    assert [3] == [len(document["personalizations"]) for document in server.accepted]


def test_connections_are_kept() -> None:
    """Messages that differ go one behind the other over as many connections as the pool has."""
    messages = [a_message(subject=f"S{number}") for number in range(50)]
    with ApiServer() as server:
        receipts = delivered(transport_to(server, pool=3), messages)

    assert all(receipt.accepted for receipt in receipts)
    assert server.connections <= 3
    assert len(server.accepted) == 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_has_connections_of_its_own() -> None:
    """What the parent process has open is not used, and not closed, by a child."""
    with ApiServer() as server, transport_to(server) as transport:
        transport.send(a_message())
        child = os.fork()
        if child == 0:
            try:
                transport.send(a_message())
                transport.close()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        transport.send(a_message())

    assert [1, 2, 1] == [request.connection for request in server.requests]


def test_verify() -> None:
    """The key is good and may send; nothing is sent."""
    with ApiServer() as server, ApiServer(documents={"/v3/scopes": {"scopes": ["stats.read"]}}) as other:
        transport_to(server).verify()

        assert ["/v3/scopes"] == [request.path for request in server.requests]
        with pytest.raises(TransportConfigError, match="SendGrid refused the key"):
            transport_to(server, api_key="SG.other").verify()

        with pytest.raises(TransportConfigError, match="no permission to send mail"):
            transport_to(other).verify()
    with ApiServer(Step(cut="dropped")) as server, pytest.raises(TemporaryError):
        transport_to(server).verify()


VERIFIED = {
    "/v3/verified_senders": {"results": [{"from_email": "hello@acme.example", "verified": True},
                                         {"from_email": "no@acme.example", "verified": False}]},
    "/v3/whitelabel/domains": [{"domain": "shop.example", "valid": True}, {"domain": "no.example", "valid": False}],
}  # fmt: skip


def diagnosed(server: ApiServer, **more: Any) -> dict[str, tuple[str, str]]:
    """The status of each check, and what was found."""
    with transport_to(server, **more) as transport:
        return {found.check: (found.status, found.found) for found in transport.diagnose()}


def test_diagnosis_of_a_good_account() -> None:
    """Each question in its turn; a key that only sends cannot say who is verified, which is no fault."""
    with ApiServer(documents=VERIFIED) as server:
        found = diagnosed(server, verified_senders=["hello@acme.example", "shop.example", "x@shop.example"])
    with ApiServer() as server:
        other = diagnosed(server)

    assert {"api": "ok", "clock": "ok", "key": "ok", "mail-send": "ok", "senders": "ok", "webhook": "skipped"} == {
        check: status for check, (status, _) in found.items()
    }
    assert found["senders"][1] == "verified at SendGrid: hello@acme.example, shop.example"
    assert other["senders"][0] == "skipped"


def test_a_server_without_a_clock_says_nothing_of_ours() -> None:
    """Not all that stands in for SendGrid sends a Date."""
    raw = b'HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{"scopes":["mail.send"]}'
    with ApiServer(Step(raw=raw)) as server:
        found = diagnosed(server)

    assert found["mail-send"][0] == "ok"
    assert "clock" not in found


def test_diagnosis_when_the_connection_is_lost_on_the_way() -> None:
    """What was found out stays, and the rest is skipped."""
    with ApiServer(Step(), Step(cut="dropped"), documents=VERIFIED) as server:
        found = diagnosed(server)

    assert found["key"][0] == "ok"
    assert found["senders"][0] == "skipped"


@pytest.mark.parametrize(
    ("server", "more", "check", "status", "words"),
    [
        ({"clock": 1000.0}, {}, "clock", "warning", "17 minutes behind"),
        ({"clock": -1000.0}, {}, "clock", "warning", "17 minutes ahead of"),
        ({}, {"api_key": "SG.other"}, "key", "failed", "SendGrid refused the key"),
        ({"documents": {"/v3/scopes": None}}, {}, "key", "warning", "may not be asked"),
        ({"documents": {"/v3/scopes": []}}, {}, "mail-send", "failed", "may not send"),
        ({"documents": VERIFIED}, {"verified_senders": ["no@acme.example"]}, "senders", "failed",
         "not verified at SendGrid: no@acme.example"),
        ({"documents": VERIFIED}, {"verified_senders": ["*.no.example"]}, "senders", "failed", "not verified"),
        ({"documents": {"/v3/verified_senders": {}, "/v3/whitelabel/domains": []}}, {}, "senders", "failed",
         "has verified no sender"),
        ({}, {"base_url": "http://127.0.0.1:1"}, "api", "failed", "no connection"),
    ],
)  # fmt: skip
def test_diagnosis_names_the_cause(
    *, server: dict[str, Any], more: dict[str, Any], check: str, status: str, words: str
) -> None:
    """In plain words, and nothing is raised."""
    with ApiServer(**server) as running:
        found = diagnosed(running, **more)

    assert found[check][0] == status
    assert words in found[check][1]


def test_smtp_with_a_stand_in_asks_no_api() -> None:
    """Where another host stands in for SendGrid, its API says nothing about that."""
    transport = SendGridTransport(name="sendgrid", api_key=KEY, host="127.0.0.1", port=1, timeout=0.5)

    assert "api" not in {found.check for found in transport.diagnose()}


def test_smtp_asks_the_api_about_the_key() -> None:
    """What the API knows holds for SMTP as well; that it cannot be reached does not."""
    transport = SendGridTransport(name="sendgrid", api_key=KEY, timeout=1.0)
    with ApiServer() as server:
        found = {each.check: each.status for each in transport._ask_api(server.url)}

    assert {
        "api": "ok", "clock": "ok", "key": "ok", "mail-send": "ok", "senders": "skipped", "webhook": "skipped",
    } == found  # fmt: skip
    assert ["warning"] == [each.status for each in transport._ask_api("http://127.0.0.1:1")]
