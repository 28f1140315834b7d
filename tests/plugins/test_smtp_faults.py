"""Servers that misbehave at every phase: each fault has its class, and the server's journal agrees with it."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE
from servers.feeds import stream
from servers.scripted import KEY, a_message

from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_smtp.scrub import encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from servers.scripted import Connect, Serve

    from notify import Message, Receipt, Transport
    from notify.testing import ScriptedServer

CASES = json.loads((Path(__file__).parent.parent / "data" / "smtp_faults.json").read_text(encoding="utf-8"))
WORDS: dict[type[DeliveryError], str] = {
    RefusedError: "permanent",
    TemporaryError: "temporary",
    ThrottledError: "temporary",
    TransportConfigError: "config",
    UnknownOutcomeError: "ambiguous",
}
SECRETS = (KEY, encoded(KEY), encoded(f"\0apikey\0{KEY}"))
ASSERTED = {
    "expected": {
        "result", "accepted", "code", "names", "mentions", "no_secret", "delivered", "failed", "deferred",
        "max_seconds", "auth_in_clear", "no_auth", "connections_max", "data_bytes", "wire",
    },
    "later": {"after_heal", "after_retry", "duplicates_max", "same_message_id"},
}  # fmt: skip
"""The fields that the tests below look at."""

WAYS = ("classic", "pipelined", "streamed")
HEALED = [case for case in CASES if "after_heal" in case.get("later", {})]
RETRIED = [case for case in CASES if "after_retry" in case.get("later", {})]


def a_name(case: dict[str, Any]) -> str:
    """The case's name."""
    return str(case["name"])


def test_no_field_is_overlooked() -> None:
    """Whatever a case demands is asserted."""
    for part, fields in ASSERTED.items():
        assert fields == {field for case in CASES for field in case.get(part, ())}
    assert {"sent_once", "each_once", "at_least_once"} == {
        case["later"][field] for case in HEALED + RETRIED for field in case["later"] if field.startswith("after_")
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=a_name)
def test_each_fault_has_its_class(
    case: dict[str, Any], way: str, serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """One attempt at a faulty server ends in the class that says what became of the message, in time, and safely."""
    caplog.set_level(logging.DEBUG)
    expected, server = case["expected"], serve(**{"pipelining": way != "classic", **case["script"]})
    began = time.monotonic()

    results = send_all(connect(server, transcript=True), messages_of(case), way)

    took = time.monotonic() - began
    texts = [shown(result) for result in results] + [caplog.text]
    assert {word_for(result) for result in results} <= set(expected["result"]), texts
    assert len(server.messages) == expected["accepted"]
    assert took < expected.get("max_seconds", 3)
    assert server.auth_in_clear == expected.get("auth_in_clear", 0)
    assert server.violations == []
    assert not any(secret in text for text in texts for secret in SECRETS)
    for word in [*expected.get("mentions", ()), *expected.get("names", ())]:
        assert word in texts[0].lower()
    for result in results:
        if isinstance(result, DeliveryError):
            assert result.code == expected.get("code", result.code)
            assert result.code is None or any(line.startswith(f"S: {result.code}") for line in result.transcript)
    check_advice(results)
    check_journal(expected, server)
    check_fates(expected, results)
    assert way != "classic" or server.ahead == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=a_name)
def test_further_tries_are_for_what_is_temporary(
    case: dict[str, Any], way: str, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With retries a fault has the same class; what is not temporary is offered once, all else three times at most."""
    monkeypatch.setattr("notify.retries._FIRST", 0.01)
    expected, server = case["expected"], serve(**{"pipelining": way != "classic", **case["script"]})
    patience = 0.5 if case["name"] == "fault-003" else 5.0

    results = send_all(connect(server, retries=2, timeout=patience), messages_of(case), way)

    words, tries = {word_for(result) for result in results}, offers(server)
    if case.get("later", {}).get("after_retry") == "sent_once":
        assert words == {"sent"}
        assert len(server.messages) == 1
    else:
        assert words <= set(expected["result"])
        assert len(server.messages) == expected["accepted"]
        check_fates(expected, results)
    if not words & {"sent", "temporary"} and "deferred" not in expected:
        assert tries == 1
    elif "temporary" in words and server.script.listen:
        assert tries == 3


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", HEALED, ids=a_name)
def test_once_the_server_is_mended_everybody_has_it_once(
    case: dict[str, Any], way: str, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that becomes well again while tries are left gets each message for each recipient once."""
    monkeypatch.setattr("notify.retries._FIRST", 0.05)
    server = serve(**{"pipelining": way != "classic", **case["script"]})
    transport, messages = connect(server, retries=9, transcript=True), messages_of(case)

    with ThreadPoolExecutor() as threads:
        sending = threads.submit(send_all, transport, messages, way)
        until = time.monotonic() + 0.1
        while time.monotonic() < until or (server.script.listen and not offers(server)):
            time.sleep(0.01)
        server.heal()
        results = sending.result(PATIENCE)

    assert ["sent"] == [word_for(result) for result in results]
    assert dict.fromkeys(messages[0].envelope.recipients, 1) == Counter(
        recipient for received in server.messages for recipient in received.recipients
    )
    assert {messages[0].as_bytes()} == {received.data for received in server.messages}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", RETRIED, ids=a_name)
def test_a_retry_makes_no_more_copies_than_it_may(
    case: dict[str, Any], way: str, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message to be delivered at least once is, over the same faulty server, with one Message-ID."""
    monkeypatch.setattr("notify.retries._FIRST", 0.01)
    later, server = case["later"], serve(**{"pipelining": way != "classic", **case["script"]})
    messages = messages_of(case, delivery="at_least_once")

    results = send_all(connect(server, retries=1), messages, way)

    assert ["sent"] == [word_for(result) for result in results]
    assert 1 <= len(server.messages) <= 1 + later.get("duplicates_max", 0)
    assert (later["after_retry"] == "sent_once") is (not later.get("duplicates_max"))
    assert {messages[0].as_bytes()} == {received.data for received in server.messages}
    assert not later.get("same_message_id") or messages[0].message_id.encode() in server.messages[-1].data


def check_advice(results: Sequence[Receipt | DeliveryError]) -> None:
    """What a person has to mend says how, and what is uncertain says what a second try would do."""
    for result in results:
        if isinstance(result, (TransportConfigError, UnknownOutcomeError)):
            assert result.advice


def check_journal(expected: dict[str, Any], server: ScriptedServer) -> None:
    """What the server saw."""
    if expected.get("no_auth"):
        assert not any(line.startswith("AUTH") for _, line in server.commands)
    assert server.connections <= expected.get("connections_max", server.connections)
    assert server.data_bytes == expected.get("data_bytes", server.data_bytes)
    if "wire" in expected:
        assert expected["wire"]["eightbit"] == sum(not message.wire.isascii() for message in server.messages)


def check_fates(expected: dict[str, Any], results: Sequence[Receipt | DeliveryError]) -> None:
    """Each recipient's fate."""
    for result in results:
        if isinstance(result, DeliveryError) or "delivered" not in expected:
            continue
        fates = {kind: [to for to, error in result.rejected.items() if type(error) is kind] for kind in WORDS}
        assert expected["delivered"] == list(result.accepted)
        assert expected.get("failed", []) == fates[RefusedError]
        assert expected.get("deferred", []) == fates[TemporaryError]


def messages_of(case: dict[str, Any], **parts: Any) -> list[Message]:
    """The messages that a case wants sent."""
    wanted = case["message"]
    text = wanted.get("text") or "x" * 70 + "\n"
    text *= max(1, wanted.get("size", 0) // len(text))
    return [a_message(*wanted.get("to", ()), text=text, **parts) for _ in range(wanted.get("messages", 1))]


def send_all(transport: Transport, messages: list[Message], way: str) -> list[Receipt | DeliveryError]:
    """Send them, one by one or in a stream."""
    if way == "streamed":
        return stream(transport, messages)
    results: list[Receipt | DeliveryError] = []
    for message in messages:
        try:
            results.append(transport.send(message))
        except DeliveryError as error:
            results.append(error)
    return results


def offers(server: ScriptedServer) -> int:
    """How often a message was offered, or a connection made for nothing."""
    begun = Counter(session for session, line in server.commands if line.startswith("MAIL"))
    greeted = {session for session, line in server.commands if line.startswith("AUTH")}
    fruitless = sum(session not in greeted for session in range(1, server.connections + 1))
    refused = sum(session not in begun for session in greeted)
    return begun.total() + fruitless + refused


def word_for(result: Receipt | DeliveryError) -> str:
    """The result in the words of the cases."""
    if isinstance(result, DeliveryError):
        return WORDS[type(result)]
    return "partial" if result.rejected else "sent"


def shown(result: Receipt | DeliveryError) -> str:
    """All that a person could see of a result."""
    if not isinstance(result, DeliveryError):
        return repr(result)
    return "\n".join([*traceback.format_exception(result), repr(vars(result)), *result.transcript])
