"""Servers that misbehave at every phase: each fault has its class, and the server's journal agrees with it."""

from __future__ import annotations

import json
import logging
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import KEY, a_message

from notify.errors import DeliveryError, RefusedError, TemporaryError, TransportConfigError, UnknownOutcomeError

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

    from notify import Receipt, Transport
    from notify.testing import ScriptedServer

CASES = json.loads((Path(__file__).parent.parent / "data" / "smtp_faults.json").read_text(encoding="utf-8"))
WORDS: dict[type[DeliveryError], str] = {
    RefusedError: "permanent",
    TemporaryError: "temporary",
    TransportConfigError: "config",
    UnknownOutcomeError: "ambiguous",
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_fault_has_its_class(
    case: dict[str, Any], serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """One attempt at a faulty server ends in the class that says what became of the message, in time, and safely."""
    caplog.set_level(logging.DEBUG)
    expected, server = case["expected"], serve(**case["script"])
    began = time.monotonic()

    results = send_all(connect(server), case["message"])

    took = time.monotonic() - began
    texts = [shown(result) for result in results] + [caplog.text]
    assert {word_for(result) for result in results} <= set(expected["result"]), texts
    assert len(server.messages) == expected["accepted"]
    assert took < expected.get("max_seconds", 3)
    assert server.auth_in_clear == 0
    assert server.violations == []
    assert not any(KEY in text for text in texts)
    for word in [*expected.get("mentions", ()), *expected.get("names", ())]:
        assert word in texts[0].lower()
    if "code" in expected:
        assert [expected["code"]] == [result.code for result in results if isinstance(result, DeliveryError)]
    check_journal(expected, server)
    check_fates(expected, results)


def check_journal(expected: dict[str, Any], server: ScriptedServer) -> None:
    """What the server saw."""
    if expected.get("no_auth"):
        assert not any(line.startswith("AUTH") for _, line in server.commands)
    assert server.connections <= expected.get("connections_max", server.connections)
    assert server.data_bytes == expected.get("data_bytes", server.data_bytes)
    for message in server.messages:
        assert "eightbit" not in expected.get("wire", ()) or message.wire.isascii()


def check_fates(expected: dict[str, Any], results: list[Receipt | DeliveryError]) -> None:
    """Each recipient's fate."""
    for result in results:
        if isinstance(result, DeliveryError) or "delivered" not in expected:
            continue
        fates = {kind: [to for to, error in result.rejected.items() if type(error) is kind] for kind in WORDS}
        assert expected["delivered"] == list(result.accepted)
        assert expected.get("failed", []) == fates[RefusedError]
        assert expected.get("deferred", []) == fates[TemporaryError]


def send_all(transport: Transport, case: dict[str, Any]) -> list[Receipt | DeliveryError]:
    """Send what a case wants, each message in one attempt."""
    text = case.get("text") or "x" * 70 + "\n"
    text *= max(1, case.get("size", 0) // len(text))
    results: list[Receipt | DeliveryError] = []
    for _ in range(case.get("messages", 1)):
        try:
            results.append(transport.send(a_message(*case.get("to", ()), text=text)))
        except DeliveryError as error:
            results.append(error)
    return results


def word_for(result: Receipt | DeliveryError) -> str:
    """The result in the words of the cases."""
    if isinstance(result, DeliveryError):
        return WORDS[type(result)]
    return "partial" if result.rejected else "sent"


def shown(result: Receipt | DeliveryError) -> str:
    """All that a person could see of a result."""
    return "".join(traceback.format_exception(result)) if isinstance(result, DeliveryError) else repr(result)
