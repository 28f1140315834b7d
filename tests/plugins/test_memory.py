"""The `memory` transport."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import notify_memory
from notify import Address, Attachment, ConfigError, Message
from notify_memory import Memory

if TYPE_CHECKING:
    from pathlib import Path


def message(subject: str = "Hi", **changes: object) -> Message:
    """A small message."""
    values: dict[str, object] = {"sender": Address("a@example.com"), "to": (Address("b@example.com"),)}
    return Message(**{**values, "subject": subject, **changes})  # type: ignore[arg-type]


def test_offers_memory() -> None:
    """The plugin offers one transport, by the name `memory`."""
    assert {"memory": Memory} == notify_memory.notify_transports()


def test_keeps_messages_in_order() -> None:
    """What was sent is there to look at, oldest first, and the receipt accepts all."""
    transport = Memory()
    first, second = message("one"), message("two")

    receipts = [transport.send(first), transport.send(second)]

    assert (first, second) == transport.messages
    assert [("b@example.com",)] * 2 == [receipt.accepted for receipt in receipts]


def test_what_was_read_does_not_change() -> None:
    """The messages that were asked for stay as they were while more are sent."""
    transport = Memory()
    before = transport.messages

    transport.send(message())

    assert () == before


def test_clear_forgets() -> None:
    """After clear() nothing is kept."""
    transport = Memory()
    transport.send(message())

    transport.clear()

    assert () == transport.messages


def test_is_a_ring() -> None:
    """Only the last `limit` messages are kept."""
    transport = Memory(limit=2)

    for subject in ("one", "two", "three"):
        transport.send(message(subject))

    assert ["two", "three"] == [kept.subject for kept in transport.messages]


@pytest.mark.parametrize("limit", [0, -1])
def test_keeps_at_least_one(limit: int) -> None:
    """A limit below one is a configuration error."""
    with pytest.raises(ConfigError, match="at least 1"):
        Memory(limit=limit)


def test_loses_nothing_between_threads() -> None:
    """Messages of many threads are all kept, also while others read."""
    transport = Memory(limit=1000)

    def send(number: int) -> int:
        transport.send(message(str(number)))
        return len(transport.messages)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(400)))

    assert set(map(str, range(400))) == {kept.subject for kept in transport.messages}


def test_refuses_what_others_refuse(tmp_path: Path) -> None:
    """A message that cannot be built is an error here as with a real transport, and is not kept."""
    transport = Memory()

    with pytest.raises(ConfigError, match="missing"):
        transport.send(message(attachments=(Attachment("a.txt", path=tmp_path / "missing.txt"),)))

    assert () == transport.messages
