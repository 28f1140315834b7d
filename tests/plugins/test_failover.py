"""Transports made of transports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from servers.feeds import stream

from notify import (
    Address,
    Capabilities,
    ConfigError,
    DeliveryError,
    Message,
    Receipt,
    RefusedError,
    TemporaryError,
    ThrottledError,
    Transport,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_failover import Failover, RoundRobin

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.transport import Feed

MESSAGE = Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hi", text="Hello\n")


class Scripted(Transport):
    """Fails as it is told, else takes the message."""

    def __init__(self, name: str, error: DeliveryError | None = None) -> None:
        super().__init__(name=name)
        self.error = error
        self.calls: list[str] = []

    def send(self, message: Message) -> Receipt:
        """Fail or take."""
        self.calls.append("send")
        if self.error is not None:
            raise self.error
        return self.receipt(message)

    def verify(self) -> None:
        """Note the call."""
        self.calls.append("verify")

    def close(self) -> None:
        """Note the call."""
        self.calls.append("close")


@pytest.mark.parametrize("error", [TemporaryError("busy"), TransportConfigError("key revoked")])
def test_a_fault_of_the_transport_moves_on(error: DeliveryError) -> None:
    """The next one takes the message, and the receipt names it."""
    first, second = Scripted("first", error), Scripted("second")

    assert Failover(transports=[first, second]).send(MESSAGE).transport == "second"
    assert first.calls == ["send"]


@pytest.mark.parametrize("error", [RefusedError("no such user"), UnknownOutcomeError("lost after the final dot")])
def test_a_fault_of_the_message_or_an_unknown_outcome_does_not(error: DeliveryError) -> None:
    """Another transport would refuse it too, or send it twice."""
    second = Scripted("second")
    with pytest.raises(type(error)):
        Failover(transports=[Scripted("first", error), second]).send(MESSAGE)

    assert second.calls == []


def test_when_none_can_the_error_names_all() -> None:
    """It is temporary if one of them may pass, and says when at the earliest."""
    failures = [
        TransportConfigError("key revoked", transport="one", advice="Make a new key."),
        TemporaryError("busy", transport="two", retry_after=60),
        TemporaryError("full", transport="three", retry_after=30),
    ]
    transport = Failover(
        name="both", transports=[Scripted(str(number), error) for number, error in enumerate(failures)]
    )
    with pytest.raises(TemporaryError) as caught:
        transport.send(MESSAGE)

    assert str(caught.value) == "both: one: key revoked; two: busy; three: full\n  Make a new key."
    assert caught.value.retry_after == 30


def test_when_all_are_throttled_so_is_the_whole() -> None:
    """With code and recipients of the last one."""
    refused = RefusedError("no such user")
    failures = [
        ThrottledError("quota", transport="one", retry_after=3600),
        ThrottledError("rate", transport="two", code=451, enhanced_code="4.7.0", rejected={"b@example.com": refused}),
    ]
    transport = Failover(transports=[Scripted(str(number), error) for number, error in enumerate(failures)])
    with pytest.raises(ThrottledError) as caught:
        transport.send(MESSAGE)

    assert (caught.value.retry_after, caught.value.code, caught.value.enhanced_code) == (3600, 451, "4.7.0")
    assert caught.value.rejected == {"b@example.com": refused}


def test_when_all_need_a_person_so_does_the_whole() -> None:
    """Trying again later would not help."""
    transport = Failover(transports=[Scripted("one", TransportConfigError("key revoked"))])

    with pytest.raises(TransportConfigError):
        transport.send(MESSAGE)


def test_verify_and_close_reach_all() -> None:
    """Members are verified and closed with the whole."""
    members = [Scripted("one"), Scripted("two")]
    with Failover(transports=members) as transport:
        transport.verify()

    assert [member.calls for member in members] == [["verify", "close"], ["verify", "close"]]


def test_capabilities_are_those_that_all_members_share() -> None:
    """Whichever carries the message; people are reached if one member reaches them."""
    one, other = Scripted("one"), Scripted("other")
    one.capabilities = Capabilities(delivers=True, tags=True, metadata=True, max_bytes=10)
    other.capabilities = Capabilities(tags=True, max_bytes=20, max_recipients=5)

    assert Failover(transports=[one, other]).capabilities == Capabilities(
        delivers=True, tags=True, max_bytes=10, max_recipients=5
    )


@pytest.mark.parametrize("members", [[], ["one"], None])
def test_members_are_transports(members: object) -> None:
    """Nothing else is taken."""
    with pytest.raises(ConfigError, match="expected a list of transports"):
        Failover(transports=members)


def test_a_failover_hands_its_first_transport_the_whole_stream() -> None:
    """The others get what it could not take; a fault of the message is not theirs."""

    class Streaming(Scripted):
        """Puts off every second message of a stream, and refuses the third."""

        def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
            self.calls.append("stream")
            number = 0
            while (message := feed.ready() or feed.next()) is not None:
                number += 1
                if number == 3:
                    settle(RefusedError("no such user"))
                else:
                    settle(self.receipt(message) if number % 2 else TemporaryError("busy", transport=self.name))

    first, second = Streaming("first"), Scripted("second")
    outcomes = stream(Failover(transports=[first, second]), [MESSAGE] * 5)

    assert ["first", "second", "RefusedError", "second", "first"] == [
        each.transport if isinstance(each, Receipt) else type(each).__name__ for each in outcomes
    ]
    assert (["stream"], ["send", "send"]) == (first.calls, second.calls)


def test_when_none_can_take_a_message_of_a_stream_the_error_names_all() -> None:
    """As of `send`."""
    failing = [Scripted("one", TemporaryError("busy", transport="one")), Scripted("two", TransportConfigError("key"))]
    (outcome,) = stream(Failover(name="both", transports=failing), [MESSAGE])

    assert "both: one: busy; key" == str(outcome)
    assert isinstance(outcome, TemporaryError)


def test_senders_are_those_of_the_members() -> None:
    """A failover sends through one at a time, a round robin through all."""
    one, other = Scripted("one"), Scripted("other")
    one.senders, other.senders = 4, 3

    assert 4 == Failover(transports=[one, other]).senders
    assert 7 == RoundRobin(transports=[one, other]).senders
