"""A round robin: whose turn it is, one by one and in a stream."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from servers.feeds import stream
from servers.scripted import a_message

from notify import Catalog, Notifier, Receipt, RefusedError, TemporaryError, Transport, TransportConfigError
from notify_failover import RoundRobin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from servers.scripted import Connect, Serve

    from notify import DeliveryError, Message


class Willing(Transport):
    """Takes messages, but for as many as are to fail first; `gate` holds it up."""

    def __init__(self, name: str, *errors: DeliveryError, senders: int = 1) -> None:
        super().__init__(name=name)
        self.senders = senders
        self.errors = list(errors)
        self.gate: threading.Event | None = None

    def send(self, message: Message) -> Receipt:
        """Fail or take."""
        if self.gate is not None:
            self.gate.wait(5)
        if self.errors:
            raise self.errors.pop(0)
        return self.receipt(message)


def said(outcomes: Sequence[Receipt | DeliveryError]) -> list[str]:
    """Who took each message, or the name of the error."""
    return [each.transport if isinstance(each, Receipt) else type(each).__name__ for each in outcomes]


def test_roundrobin_takes_turns() -> None:
    """Each message begins with the next transport, and still fails over; a breaker leaves out who is open."""
    broken = Willing("broken", *[TemporaryError("busy")] * 9)
    transport = RoundRobin(transports=[Willing("one"), Willing("two"), broken])
    found = [transport.send(a_message()).transport for _ in range(12)]

    assert ["one", "two", "one"] * 4 == found
    assert 6 == len(broken.errors)


def test_it_sends_with_the_senders_of_all() -> None:
    """A message that waits for one transport does not hold up the others."""
    one, other = Willing("one", senders=1), Willing("other", senders=2)
    transport = RoundRobin(transports=[one, other])
    assert 3 == transport.senders
    one.gate = threading.Event()
    waiting = threading.Thread(target=transport.send, args=(a_message(),))
    waiting.start()
    found = [transport.send(a_message()).transport for _ in range(4)]
    one.gate.set()
    waiting.join()

    assert ["other"] * 4 == found
    assert {"one", "other"} == {transport.send(a_message()).transport for _ in range(2)}


def test_messages_that_come_one_at_a_time_go_in_turn() -> None:
    """Also in a stream."""
    transport = RoundRobin(transports=[Willing("one"), Willing("two", senders=0)])

    assert ["one", "two"] * 3 == said(stream(transport, [a_message() for _ in range(6)], ready=False))


def test_messages_that_are_there_go_a_hundred_to_a_turn() -> None:
    """So that SMTP can send one behind the other."""
    transport = RoundRobin(transports=[Willing("one"), Willing("two")])
    found = said(stream(transport, [a_message()] * 250))

    assert ["one"] * 100 + ["two"] * 100 + ["one"] * 50 == found


def test_what_one_cannot_take_goes_to_the_others() -> None:
    """In order of their turns; a refusal stays what it is."""
    failing = Willing("two", TransportConfigError("key revoked"), *[TemporaryError("busy")] * 500)
    one = Willing("one", RefusedError("no such user"))
    found = said(stream(RoundRobin(transports=[one, failing, Willing("three")]), [a_message()] * 350))

    assert ["RefusedError"] + ["one"] * 99 + ["three"] * 101 + ["one"] * 100 + ["three"] * 49 == found
    assert 500 == len(failing.errors)


def test_many_messages_are_shared_by_all_senders() -> None:
    """None is lost, and none goes twice."""
    members = [Willing(name, senders=2) for name in ("one", "two", "three")]
    with Notifier(catalog=Catalog(()), transport=RoundRobin(transports=members)) as notifier:
        receipts = list(notifier.deliver_many(a_message(message_id=f"<{each}@acme.example>") for each in range(3000)))

    assert [f"<{each}@acme.example>" for each in range(3000)] == [each.message_id for each in receipts]
    assert all(each.accepted for each in receipts)
    assert {"one", "two", "three"} >= Counter(each.transport for each in receipts).keys()


@pytest.mark.parametrize("ready", [True, False])
def test_smtp_still_needs_one_round_trip_a_message(serve: Serve, connect: Connect, *, ready: bool) -> None:
    """Where the next one is there, it leaves behind the text of the one before."""
    servers = [serve(), serve()]
    members = [connect(server) for server in servers]
    outcomes = stream(RoundRobin(transports=members), [a_message() for _ in range(200)], ready=ready)

    assert all(isinstance(each, Receipt) for each in outcomes)
    assert [100, 100] == [len(server.messages) for server in servers]
    assert all(server.ahead > 250 for server in servers) == ready
