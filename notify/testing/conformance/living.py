"""How a transport lives: with threads, closed and used again, in a stream."""

# ruff: noqa: S101, SIM300 - these are tests, although they ship
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from notify.receipt import Receipt
from notify.testing.conformance.base import Conformance, a_message, opened, streamed
from notify.transport import Capabilities

if TYPE_CHECKING:
    from notify.transport import Transport

_THREADS, _MESSAGES = 4, 24


class Living(Conformance):
    """Many messages, and the time between them."""

    def test_threads_share_it(self, carrier: Transport) -> None:
        """Threads that send at once each get the receipt of their own message, and each message arrives once."""
        messages = [a_message(f"p{number}@example.org") for number in range(_MESSAGES)]
        with ThreadPoolExecutor(_THREADS) as pool:
            receipts = list(pool.map(carrier.send, messages))

        assert [each.message_id for each in messages] == [receipt.message_id for receipt in receipts]
        assert [each.envelope.recipients for each in messages] == [receipt.accepted for receipt in receipts]
        arrived = sorted(opened(taken)["Message-ID"] for taken in self.arrived(carrier))
        assert sorted(each.message_id for each in messages) == arrived

    def test_a_stream_carries_all_in_order(self, carrier: Transport) -> None:
        """Each message of a stream has its receipt, in the order of the messages, and arrives once."""
        messages = [a_message(f"p{number}@example.org") for number in range(_MESSAGES)]
        outcomes = streamed(carrier, messages)

        assert [each.message_id for each in messages] == [
            each.message_id for each in outcomes if isinstance(each, Receipt)
        ]
        assert len(messages) == len(self.arrived(carrier))

    def test_an_empty_stream(self, carrier: Transport) -> None:
        """A stream without any message has no outcome."""
        assert [] == streamed(carrier, [])

    def test_closing_is_not_the_end(self, carrier: Transport) -> None:
        """It can be closed before it was used, and twice, and used again."""
        carrier.close()
        carrier.close()
        first = carrier.send(a_message())
        carrier.close()
        second = carrier.send(a_message())

        assert first.accepted == second.accepted == ("ada@example.org",)

    def test_a_message_stays_as_it_is(self, carrier: Transport) -> None:
        """The same message can be sent twice, and what is sent does not depend on what was sent before."""
        message = a_message(html="<p>Hello</p>", tags=["x"])
        before = message.as_bytes()
        carrier.send(message)
        carrier.send(message)

        assert before == message.as_bytes()
        first, second = self.arrived(carrier)
        assert first.data == second.data

    def test_its_declarations_are_sound(self, carrier: Transport) -> None:
        """Capabilities and the number of senders make sense, and each setting says in a line what it is."""
        capabilities = carrier.capabilities

        assert isinstance(capabilities, Capabilities)
        assert capabilities.max_bytes is None or capabilities.max_bytes > 0
        assert capabilities.max_recipients is None or capabilities.max_recipients > 0
        assert carrier.senders >= 0
        assert (type(carrier).__doc__ or "").strip(), "the class has a docstring, which `notify transports` prints"
        settings = carrier.declared_settings().items()
        assert [] == [name for name, setting in settings if not setting.doc.strip() or "\n" in setting.doc]
