"""What the tests of the kit are built of: the transport, what it talks to, messages and feeds."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from notify.errors import DeliveryError
from notify.message import Message
from notify.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from email.message import EmailMessage
    from pathlib import Path

    from notify.testing.conformance.counterpart import Counterpart, Peer, Taken
    from notify.transport import Transport

Outcome = Receipt | DeliveryError


class Conformance:
    """What a subclass says of its transport, and how the tests get at it.

    Attributes:
        counterpart: the kind of server that the transport talks to; None for none.
        secrets: what else must not be seen anywhere, beside the counterpart's own secret.
    """

    counterpart: ClassVar[type[Counterpart] | None] = None
    secrets: ClassVar[tuple[str, ...]] = ()

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """A new transport with the name that it has by default, in one attempt and without retries.

        Args:
            peer: what it is to talk to; None where there is no counterpart.
            folder: an empty folder for whatever files it writes.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `transport`")

    def taken(self, transport: Transport, peer: Peer | None, folder: Path) -> Sequence[Taken] | None:
        """The messages that arrived, in their order; None if that cannot be told.

        By default what the counterpart took. What keeps messages itself overrides this.
        """
        del transport, folder
        return None if self._counterpart is None or peer is None else self._counterpart.taken(peer)

    _counterpart: Counterpart | None = None

    @pytest.fixture(autouse=True)
    def _prepared(self, tmp_path: Path) -> None:
        self._folder = tmp_path / "transport"
        self._folder.mkdir()
        (tmp_path / "counterpart").mkdir()
        self._counterpart = None if self.counterpart is None else self.counterpart(tmp_path / "counterpart")
        self._peer: Peer | None = None

    @pytest.fixture
    def carrier(self) -> Iterator[Transport]:
        """The transport, with a good server; closed after the test."""
        if self._counterpart is None:
            with self.transport(None, self._folder) as transport:
                yield transport
            return
        with self._counterpart.start() as self._peer, self.transport(self._peer, self._folder) as transport:
            yield transport

    def arrived(self, transport: Transport) -> Sequence[Taken]:
        """The messages that arrived.

        Skips the test where that cannot be told.
        """
        taken = self.taken(transport, self._peer, self._folder)
        if taken is None:
            pytest.skip("what arrives cannot be told: the test case does not define `taken`")
        return taken


def a_message(*to: str, **parts: Any) -> Message:
    """A message to these people, or to one, that is the same each time but for its Message-ID."""
    usual: dict[str, Any] = {
        "sender": "Acme <hello@acme.example>",
        "to": list(to) or ["ada@example.org"],
        "subject": "Hello",
        "text": "Hello, Ada.\n",
        "date": datetime(2026, 1, 1, 12, tzinfo=UTC),
    }
    return Message(**{**usual, **parts})


def opened(taken: Taken) -> EmailMessage:
    """A message taken apart by Python's own parser."""
    return email.message_from_bytes(taken.data, policy=email.policy.default)


class ListFeed:
    """Messages that are all there."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._messages = iter(messages)

    def next(self) -> Message | None:
        """The next message."""
        return self.ready()

    def ready(self) -> Message | None:
        """The next message."""
        return next(self._messages, None)

    def lapsed(self) -> bool:
        """Whether one was taken away; never."""
        return False


def streamed(transport: Transport, messages: Iterable[Message]) -> list[Outcome]:
    """What the transport says of each message of a feed."""
    outcomes: list[Outcome] = []
    transport.stream(ListFeed(messages), outcomes.append)
    return outcomes
