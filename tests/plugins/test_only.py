"""A message that is only for some of those whom it names, through each kind of transport."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from servers.feeds import stream
from servers.scripted import a_message

from notify import Receipt
from notify.limits import Limited, Rate
from notify.state import MemoryState
from notify_chaos import Chaos
from notify_console import Console
from notify_failover import Failover, RoundRobin
from notify_memory import Memory
from notify_null import Null

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

    from notify import Transport

SOME = ("b@example.org", "d@example.org")
WHOLE = a_message("a@example.org", "b@example.org", cc="c@example.org", bcc=["d@example.org", "e@example.org"])
MESSAGE = WHOLE.replace(only=SOME)


@pytest.mark.parametrize(
    "transport",
    [
        Memory(),
        Null(),
        Console(),
        Chaos(transports=[Memory()]),
        Failover(transports=[Memory()]),
        RoundRobin(transports=[Memory(), Null()]),
    ],
)
def test_the_receipt_is_for_those(transport: Transport) -> None:
    """Nobody else is in it, also of a stream."""
    receipts = [transport.send(MESSAGE), *stream(transport, [MESSAGE])]

    assert [SOME] * 2 == [each.accepted for each in receipts if isinstance(each, Receipt)]


def test_memory_keeps_it_as_it_is() -> None:
    """So that a test sees whom it was for."""
    memory = Memory()
    memory.send(MESSAGE)

    assert (MESSAGE,) == memory.messages
    assert SOME == memory.messages[0].envelope.recipients


def test_the_console_shows_whom_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    """The envelope names those, the headers all."""
    Console().send(MESSAGE)
    shown = capsys.readouterr().out

    assert "Envelope: hello@acme.example to b@example.org, d@example.org\n" in shown
    assert re.search(r"^To: +a@example\.org, b@example\.org$", shown, re.MULTILINE)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_server_hears_of_those(serve: Serve, connect: Connect, *, streamed: bool) -> None:
    """It gets the octets that all get."""
    server = serve()
    transport = connect(server)
    for message in (WHOLE, MESSAGE):
        if streamed:
            stream(transport, [message])
        else:
            transport.send(message)

    whole, some = server.messages
    assert (WHOLE.envelope.recipients, SOME) == (whole.recipients, some.recipients)
    assert whole.data == some.data


@pytest.mark.parametrize("streamed", [False, True])
def test_limits_count_those(*, streamed: bool) -> None:
    """The others were counted when they got it."""
    limited = Limited(
        Memory(), limits=["9/day"], over_limit="refuse", longest_wait=1.0, state=MemoryState(), max_recipients=2
    )
    if streamed:
        stream(limited, [MESSAGE])
    else:
        limited.send(MESSAGE)

    assert {Rate(9, "day"): 2} == limited.usage.used(time.time())
