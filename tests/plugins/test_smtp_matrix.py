"""The whole matrix of phases and faults over a live server: what was surely not taken is never called uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import a_message

from notify.errors import DeliveryError, RefusedError, TemporaryError, TransportConfigError, UnknownOutcomeError

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

CLASSES: dict[str, tuple[type[DeliveryError] | None, ...]] = {
    "T": (TemporaryError,),
    "P": (RefusedError,),
    "C": (TransportConfigError,),
    "A": (UnknownOutcomeError,),
    "S": (None,),
    "X": (TemporaryError, TransportConfigError),  # it depends on whether the end comes with the octets or after them
}
CODES = (421, 450, 451, 452, 454, 530, 535, 550, 552, 554)
REPLIES = {
    "connect": "TTTTTCCCCC",
    "ehlo": "TTTTTCCCCC",
    "starttls": "TTTTTCCCCC",
    "auth": "TTTTTCCCCC",
    "mail": "TTTTTCCPPP",
    "rcpt": "TTTTTCCPPP",
    "data": "TTTTTCCPPP",
    "body": "TTTTTCCPPP",
    "eod": "TTTTTCCPPP",
    "quit": "SSSSSSSSSS",
}
FAULTS: dict[str, list[dict[str, Any]]] = {
    "close": [{"close": True}],
    "reset": [{"reset": True}],
    "silence": [{"hang": 5}],
    "half an answer": [{"raw": "25"}, {"close": True}],
    "no code": [{"reply": "good morning"}],
    "unknown code": [{"reply": "999 hm"}],
    "two codes in one": [{"raw": "250-yes\r\n550 no\r\n"}],
    "endless lines": [{"flood": "250-and\r\n"}],
    "an endless line": [{"flood": "x"}],
}
# one letter for each of the faults above
OUTCOMES = {
    "connect": "TTTTTTTTT",
    "ehlo": "TTTTTTTTT",
    "starttls": "TTTTTTTTT",
    "tls": "TTTXCCCCC",
    "auth": "TTTTTTTTT",
    "mail": "TTTTTTTTT",
    "rcpt": "TTTTTTTTT",
    "data": "TTTTTTTTT",
    "body": "TTTTTTTTT",
    "eod": "AAAAAAAAA",
    "quit": "SSSSSSSSS",
}
LARGE = "x" * 70 + "\n"


def result(
    serve: Serve, connect: Connect, phase: str, actions: list[dict[str, Any]], *, pipelining: bool
) -> type[DeliveryError] | None:
    """What a send comes to at a server that does this at that phase; the journal must agree."""
    server = serve(require_auth=True, pipelining=pipelining, rules=[{"at": phase, "do": actions}])
    text = LARGE * 20_000 if phase == "body" else "Hello.\n"
    # only silence lasts until the timeout; all else is answered at once, however slow the handshake was
    transport = connect(server, timeout=1.0 if {"hang": 5} in actions else 20.0, deadline=60.0)
    try:
        transport.send(a_message(text=text))
    except DeliveryError as error:
        assert not any(message.answered for message in server.messages)
        return type(error)
    finally:
        transport.close()
        assert pipelining or phase == "tls" or server.ahead == 0
    assert len(server.messages) == 1
    return None


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("phase", REPLIES)
def test_every_reply_has_its_class(serve: Serve, connect: Connect, phase: str, pipelining: bool) -> None:  # noqa: FBT001
    """At each phase each code of RFC 5321 means what the message's fate makes of it."""
    outcomes = [result(serve, connect, phase, [{"reply": f"{code} no"}], pipelining=pipelining) for code in CODES]

    assert [CLASSES[letter] for letter in REPLIES[phase]] == [(outcome,) for outcome in outcomes]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("phase", OUTCOMES)
@pytest.mark.parametrize("pipelining", [True, False])
def test_every_fault_has_its_class(
    serve: Serve,
    connect: Connect,
    phase: str,
    fault: str,
    pipelining: bool,  # noqa: FBT001
) -> None:
    """At each phase a connection that ends, falls silent or talks nonsense has the class that the phase gives it."""
    expected = CLASSES[OUTCOMES[phase][list(FAULTS).index(fault)]]

    assert result(serve, connect, phase, FAULTS[fault], pipelining=pipelining) in expected


def test_a_refusal_where_the_text_should_begin_sends_no_text(serve: Serve, connect: Connect) -> None:
    """A 250 instead of the 354 is not an invitation."""
    server = serve(rules=[{"at": "data", "do": [{"reply": "250 Ok"}]}])

    with pytest.raises(TemporaryError) as caught:
        connect(server).send(a_message())

    assert caught.value.phase == "data"
    assert server.data_bytes == 0
