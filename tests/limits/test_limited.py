"""Any transport sends no more than it may: what exceeds waits, is refused, or moves on."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import stream
from servers.scripted import a_message

from notify import Catalog, ConfigError, Notifier, Receipt, TemporaryError, ThrottledError, Transport
from notify.configuration import Configuration
from notify.limits import Limited, Rate
from notify.state import MemoryState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify import Message
    from notify.errors import DeliveryError


class Counting(Transport):
    """Takes everything, but for subjects that say `fail`, and remembers it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def send(self, message: Message) -> Receipt:
        """Take one."""
        if "fail" in message.subject:
            raise TemporaryError("not now", transport=self.name)
        self.taken.append(message.subject)
        return self.receipt(message)


def limited(*limits: str, over: Any = "refuse", wait: float = 60.0) -> tuple[Limited, Counting]:
    """A limited transport and the one within."""
    inner = Counting()
    return Limited(inner, limits=limits, over_limit=over, longest_wait=wait, state=MemoryState()), inner


def messages(*subjects: str) -> list[Message]:
    """One for each subject, to one person each."""
    return [a_message(subject=subject) for subject in subjects]


def kinds(outcomes: Sequence[Receipt | DeliveryError]) -> list[str]:
    """The names of the classes."""
    return [type(outcome).__name__ for outcome in outcomes]


def test_what_exceeds_is_refused() -> None:
    """With the time when there is room again; nobody of the message gets it."""
    transport, inner = limited("2/day")
    for message in messages("a", "b"):
        transport.send(message)
    with pytest.raises(ThrottledError, match="the limit of 2/day is used up") as caught:
        transport.send(a_message(subject="c"))

    assert 86_000 < (caught.value.retry_after or 0) <= 86_400 * 61 / 60
    assert ("limit", "counting") == (caught.value.phase, caught.value.transport)
    assert "There is room again in 24 hours" in str(caught.value)
    assert ["a", "b"] == inner.taken


def test_each_recipient_counts() -> None:
    """As providers count."""
    transport, _ = limited("5/day")
    transport.send(a_message(to=["a@x.example", "b@x.example"], cc=["c@x.example"], bcc=["d@x.example"]))

    assert {Rate(5, "day"): 4} == transport.usage.used(time.time())
    with pytest.raises(ThrottledError):
        transport.send(a_message(to=["a@x.example", "b@x.example"]))


def test_what_exceeds_waits() -> None:
    """Until there is room, if that is soon enough."""
    transport, inner = limited("2/second", over="wait")
    began = time.monotonic()
    for message in messages("a", "b", "c"):
        transport.send(message)

    assert ["a", "b", "c"] == inner.taken
    assert time.monotonic() - began > 0.9


def test_it_does_not_wait_for_ever() -> None:
    """What would take longer than `longest_wait` is refused at once."""
    transport, inner = limited("1/day", over="wait", wait=0.5)
    transport.send(a_message())
    began = time.monotonic()
    with pytest.raises(ThrottledError):
        transport.send(a_message())

    assert time.monotonic() - began < 5
    assert 1 == len(inner.taken)


@pytest.mark.parametrize("ready", [True, False])
def test_a_feed_is_refused_one_by_one(ready: bool) -> None:  # noqa: FBT001
    """Each outcome in its place, whether the messages are all there or come one at a time."""
    transport, inner = limited("3/day")
    outcomes = stream(transport, messages("a", "fail", "b", "c", "d"), ready=ready)

    assert ["Receipt", "TemporaryError", "Receipt", "ThrottledError", "ThrottledError"] == kinds(outcomes)
    assert ["a", "b"] == inner.taken


@pytest.mark.parametrize("ready", [True, False])
def test_a_feed_waits(ready: bool) -> None:  # noqa: FBT001
    """None is lost, none overtakes another."""
    transport, inner = limited("4/second", over="wait")
    outcomes = stream(transport, messages(*map(str, range(10))), ready=ready)

    assert ["Receipt"] * 10 == kinds(outcomes)
    assert [*map(str, range(10))] == inner.taken


def test_many_threads_take_no_more() -> None:
    """However many send at once."""
    transport, inner = limited("20/day")
    outcomes: list[object] = []

    def send() -> None:
        for message in messages(*"abcdefgh"):
            try:
                outcomes.append(transport.send(message))
            except ThrottledError as error:
                outcomes.append(error)

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 20 == len(inner.taken) == sum(isinstance(each, Receipt) for each in outcomes)
    assert 40 == len(outcomes)


@pytest.mark.parametrize("ready", [True, False])
def test_so_many_recipients_at_once(ready: bool) -> None:  # noqa: FBT001
    """A message with more is refused, and stops no other."""
    inner = Counting()
    transport = Limited(
        inner, limits=["9/day"], over_limit="refuse", longest_wait=60.0, max_recipients=2, state=MemoryState()
    )
    many = a_message(*[f"r{number}@example.org" for number in range(3)], subject="many")
    outcomes = stream(transport, [a_message(subject="a"), many, a_message(subject="b")], ready=ready)

    assert ["Receipt", "RefusedError", "Receipt"] == kinds(outcomes)
    assert "the message has 3 recipients, and max_recipients is 2" in str(outcomes[1])
    assert (["a", "b"], 2) == (inner.taken, transport.capabilities.max_recipients)
    assert {Rate(9, "day"): 2} == transport.usage.used(time.time())


def test_it_is_the_transport_to_all_others() -> None:
    """Its name, what it can do, and its end."""
    transport, inner = limited("1/day")

    assert (inner.name, inner.capabilities, 1) == (transport.name, transport.capabilities, transport.senders)
    assert ["ok"] == [each.status for each in transport.diagnose()]
    transport.verify()
    transport.close()


CONFIGURATION = """
sender: Acme <hello@acme.example>
default_environment: production
state: kept/state.sqlite3
environments:
  production: {transport: {failover: [first, second]}}
  test: {transport: "memory:?limits=1/day&over_limit=refuse"}
transports:
  first: {type: memory, limits: [2/day, 2/second], over_limit: refuse}
  second: {type: memory}
"""


def notifier(folder: Path, text: str = CONFIGURATION, environment: str | None = None) -> Notifier:
    """A notifier of this configuration."""
    (folder / "notify.yaml").write_text(text, encoding="utf-8")
    return Notifier(
        catalog=Catalog(()), configuration=Configuration.load(folder / "notify.yaml"), environment=environment
    )


def test_what_exceeds_moves_on(tmp_path: Path) -> None:
    """In a failover the next transport takes it; with `state` the count outlives the process."""
    first = [notifier(tmp_path).deliver(message) for message in messages("a", "b", "c")]
    again = notifier(tmp_path).deliver(a_message())

    assert ["first", "first", "second", "second"] == [each.transport for each in [*first, again]]
    assert (tmp_path / "kept" / "state.sqlite3").is_file()


def test_without_state_a_count_ends_with_the_process(tmp_path: Path) -> None:
    """Another notifier begins anew."""
    text = CONFIGURATION.replace("state: kept/state.sqlite3\n", "")
    found = [notifier(tmp_path, text).deliver(a_message()).transport for _ in range(3)]

    assert ["first"] * 3 == found


def test_a_dsn_can_say_it(tmp_path: Path) -> None:
    """In its query."""
    with notifier(tmp_path, environment="test") as ours:
        ours.deliver(a_message())
        with pytest.raises(ThrottledError, match="1/day"):
            ours.deliver(a_message())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("limits: 100/week", "notify.yaml:9:25: first: setting 'limits': expected a number and a period, such as"),
        ("limits: 1/day, over_limit: drop", "setting 'over_limit': expected wait | refuse, got 'drop'"),
        ("max_recipients: 0", "setting 'max_recipients': expected more than 0, got 0"),
        ("limits: 1/day, longest_wait: 0", "setting 'longest_wait': expected more than 0, got 0"),
        ("limts: 1/day", "notify.yaml:9:25: first: unknown setting 'limts' (did you mean 'limits'?"),
    ],
)
def test_wrong_limits_are_found_when_they_are_read(tmp_path: Path, given: str, message: str) -> None:
    """With the place."""
    text = CONFIGURATION.replace("limits: [2/day, 2/second], over_limit: refuse", given)
    with pytest.raises(ConfigError, match=re.escape(message)):
        notifier(tmp_path, text).transports["first"]
