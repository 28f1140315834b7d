"""A connection that is cut anywhere, and a server that answers anything: the account is what the server really took."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers.feeds import stream
from servers.scripted import a_message
from servers.tunnel import Tunnel

from notify import Receipt, RefusedError, TemporaryError, UnknownOutcomeError
from notify.testing import ScriptedServer
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import DeliveryError, Message

# What it runs through is covered elsewhere, and coverage would take as long again.
pytestmark = pytest.mark.no_cover

COUNT = 5
RUNS = itertools.count(1)


def the_messages(run: int = 0) -> list[Message]:
    """Five small messages, which are as long in each run and have ids of their own."""
    return [
        a_message(f"r{number}@example.org", message_id=f"<{number}.{run:06}@acme.example>") for number in range(COUNT)
    ]


def transport_to(port: int, **settings: Any) -> SmtpTransport:
    """A transport without TLS, so that octets can be counted."""
    return SmtpTransport(name="relay", host="127.0.0.1", port=port, tls="none", timeout=5.0, **settings)


def taken(server: ScriptedServer, sent: list[Message]) -> list[str]:
    """The Message-IDs of what the server took of these; what was cut before may still come."""
    ids = {message.message_id for message in sent}
    found = [re.search(rb"Message-ID: (\S+)", message.data) for message in server.messages]
    return [name for match in found if match and (name := match[1].decode()) in ids]


def check_account(outcomes: list[Receipt | DeliveryError], sent: list[Message], there: list[str]) -> None:
    """Each message has one outcome, in its place: accepted is there, not taken is not, and nothing is there twice."""
    assert len(sent) == len(outcomes)
    assert len(set(there)) == len(there)
    for message, outcome in zip(sent, outcomes, strict=True):
        if isinstance(outcome, Receipt):
            assert outcome.message_id == message.message_id
            assert message.message_id in there
        elif not isinstance(outcome, UnknownOutcomeError):
            assert message.message_id not in there


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A good server, for all cuts of a test."""
    with ScriptedServer({"tls": "none"}) as running:
        yield running


def uncut(server: ScriptedServer) -> tuple[bytes, bytes]:
    """All octets that the client writes, and all that come back, when nothing is cut."""
    with Tunnel(server.port) as tunnel, transport_to(tunnel.port) as transport:
        stream(transport, the_messages())
    return b"".join(tunnel.written), b"".join(tunnel.answered)


def check_cut(server: ScriptedServer, **cut: int) -> list[Receipt | DeliveryError]:
    """Send five messages over a connection that is cut at this octet; what became of them."""
    server.messages.clear()
    sent = the_messages(next(RUNS))
    with Tunnel(server.port, **cut) as tunnel, transport_to(tunnel.port) as transport:
        outcomes = stream(transport, sent)
    check_account(outcomes, sent, taken(server, sent))
    written = b"".join(tunnel.written)
    for message, outcome in zip(sent, outcomes, strict=True):
        if isinstance(outcome, UnknownOutcomeError):
            assert message.as_bytes() + b".\r\n" in written
    failed = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    assert len(failed) <= 1, f"one cut costs one message at most: {cut} {failed}"
    return outcomes


def test_a_cut_at_any_octet_that_comes_back(server: ScriptedServer) -> None:
    """Wherever the answers end, no message is lost or doubled, and one at most is unknown."""
    _, answered = uncut(server)
    kinds = set()
    for octets in range(1, len(answered)):
        kinds |= {type(outcome) for outcome in check_cut(server, down=octets)}

    assert {Receipt, UnknownOutcomeError, TemporaryError} == kinds


def test_a_cut_at_any_octet_that_is_written(server: ScriptedServer) -> None:
    """Wherever the server stops hearing, no message is lost or doubled; around each command and dot, every octet."""
    written, _ = uncut(server)
    near = {end.start() + step for end in re.finditer(rb"DATA\r\n|\r\n\.\r\n|MAIL", written) for step in range(-3, 9)}
    for octets in sorted({*near, *range(1, len(written), 17)} & set(range(1, len(written)))):
        check_cut(server, up=octets)


REPLIES = (
    "250 2.0.0 Ok", "354 go on", "421 4.3.2 bye", "450 4.2.0 later", "452 4.5.3 too many recipients", "503 5.5.1 order",
    "530 5.7.0 who?", "550 5.1.1 no", "554 5.7.1 no", "999 hm", "hm",
)  # fmt: skip
ANY = st.sampled_from(REPLIES)
ACTIONS: st.SearchStrategy[list[dict[str, Any]]] = st.one_of(
    ANY.map(lambda reply: [{"reply": reply}]),
    ANY.map(lambda reply: [{"reply": reply}, {"close": True}]),
    st.just([{"default": True}, {"close": True}]),
    st.just([{"close": True}]),
    st.just([{"reset": True}]),
    st.just([{"raw": "25"}, {"close": True}]),
)
# An answer too many. Not at DATA: there it would be a verdict that the server does not stand by.
TOO_MANY: st.SearchStrategy[list[dict[str, Any]]] = st.one_of(
    ANY.map(lambda reply: [{"default": True}, {"raw": f"{reply}\r\n"}]),
    ANY.map(lambda reply: [{"default": True}, {"raw": f"{reply}\r\n"}, {"close": True}]),
)
SILENT: st.SearchStrategy[list[dict[str, Any]]] = st.sampled_from(
    [[{"accept": True}, {"close": True}], [{"accept": True}, {"reset": True}]]
)
RULES: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.one_of(
        st.builds(dict, at=st.sampled_from(["mail", "rcpt", "rset"]), nth=st.integers(1, 9), do=ACTIONS | TOO_MANY),
        st.builds(dict, at=st.just("data"), nth=st.integers(1, 7), do=ACTIONS),
        st.builds(dict, at=st.just("eod"), nth=st.integers(1, 7), do=ACTIONS | TOO_MANY | SILENT),
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rules=RULES,
    pipelining=st.booleans(),
    ready=st.booleans(),
    people=st.lists(st.integers(1, 3), min_size=COUNT, max_size=COUNT),
)
def test_whatever_a_server_answers(
    *, rules: list[dict[str, Any]], pipelining: bool, ready: bool, people: list[int]
) -> None:
    """Whatever the script, each recipient has a message once or not at all, as the outcome says."""
    sent = [
        a_message(*[f"p{n}@example.org" for n in range(count)], message_id=f"<{number}@acme.example>")
        for number, count in enumerate(people)
    ]
    script = {"tls": "none", "pipelining": pipelining, "rules": rules}
    with ScriptedServer(script) as server, transport_to(server.port, pool=1) as transport:
        outcomes = stream(transport, sent, ready=ready)

    check_people(outcomes, sent, server)


def people_of(server: ScriptedServer, message_id: str) -> list[str]:
    """Whom the server took a message for."""
    return [
        address
        for message in server.messages
        if f"Message-ID: {message_id}".encode() in message.data
        for address in message.recipients
    ]


def check_people(outcomes: list[Receipt | DeliveryError], sent: list[Message], server: ScriptedServer) -> None:
    """Each recipient has the message once, or not, as the outcome says."""
    assert len(sent) == len(outcomes)
    for message, outcome in zip(sent, outcomes, strict=True):
        there = people_of(server, message.message_id)
        assert len(set(there)) == len(there)
        if isinstance(outcome, Receipt):
            assert set(outcome.accepted) <= set(there)
            surely_not = {to for to, error in outcome.rejected.items() if not isinstance(error, UnknownOutcomeError)}
            assert not surely_not & set(there)
        elif not isinstance(outcome, UnknownOutcomeError):
            assert there == []
            assert isinstance(outcome, (TemporaryError, RefusedError)) or outcome.code == 530
