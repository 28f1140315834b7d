"""What a transport owes its caller when something goes wrong, and what it must never show."""

# ruff: noqa: S101, SIM300 - these are tests, although they ship
from __future__ import annotations

import base64
import logging
import pickle
import time
import traceback
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from notify.errors import DeliveryError, NotifyError, RefusedError
from notify.receipt import Receipt
from notify.testing.conformance.base import Conformance, a_message, streamed
from notify.testing.conformance.counterpart import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.transport import Transport

_PATIENCE = 10.0
"""Times its timeout that a transport may take before it gives up; it may look for other addresses of a host."""
_TEXT = "Some words to lose on the way.\n" * 20


class Failing(Conformance):
    """Servers that go wrong in each way that the counterpart knows."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each fault; in a stream only for those that need no waiting."""
        kind = self.counterpart
        if "fault" in metafunc.fixturenames:
            metafunc.parametrize("fault", [] if kind is None else list(kind.faults))
        if "quick_fault" in metafunc.fixturenames:
            quick = [] if kind is None else [each for each in kind.faults if each not in kind.slow]
            metafunc.parametrize("quick_fault", quick)

    def test_each_fault_has_its_error(self, fault: str, caplog: pytest.LogCaptureFixture) -> None:
        """A fault is told by the error that says what may be done, in time, once, and without a secret."""
        assert self._counterpart is not None
        caplog.set_level(logging.DEBUG)
        with self._counterpart.start(fault) as peer, self.transport(peer, self._folder) as transport:
            begin = time.monotonic()
            with pytest.raises(self._counterpart.faults[fault]) as raised:
                transport.send(a_message(text=_TEXT))
            seconds = time.monotonic() - begin
            error = raised.value
            # What may have been taken must not be sent again without being asked.
            assert len(self._counterpart.taken(peer)) <= 1

        assert isinstance(error, DeliveryError)
        assert error.transport
        assert error.phase
        assert error.reason
        if fault in self._counterpart.slow:
            assert seconds < _PATIENCE * peer.timeout
        self._assert_no_secret(peer.secret, *_shown(error), caplog.text)

    def test_a_fault_is_told_in_a_stream_too(self, quick_fault: str) -> None:
        """Of several messages each has one outcome, whatever goes wrong."""
        assert self._counterpart is not None
        messages = [a_message(text=_TEXT) for _ in range(3)]
        with self._counterpart.start(quick_fault) as peer, self.transport(peer, self._folder) as transport:
            outcomes = streamed(transport, messages)

        assert len(messages) == len(outcomes)
        assert isinstance(outcomes[0], self._counterpart.faults[quick_fault])

    def test_a_refused_recipient_stops_no_other(self, carrier: Transport) -> None:
        """The receipt names who was taken and who was not, with the reason."""
        self._needs_counterpart()
        receipt = carrier.send(a_message("ada@example.org", REFUSED, "bob@example.org"))

        assert ("ada@example.org", "bob@example.org") == receipt.accepted
        assert [REFUSED] == list(receipt.rejected)
        assert isinstance(receipt.rejected[REFUSED], RefusedError)

    def test_a_refused_message_stops_no_other(self, carrier: Transport) -> None:
        """The next message goes out as if nothing had been."""
        self._needs_counterpart()
        with pytest.raises(RefusedError):
            carrier.send(a_message(REFUSED))

        assert ("ada@example.org",) == carrier.send(a_message()).accepted

    def test_a_stream_tells_of_each_message_in_order(self, carrier: Transport) -> None:
        """Of many messages each has one outcome, in the order of the messages, and a bad one stops no other."""
        self._needs_counterpart()
        messages = [a_message(REFUSED if number % 5 == 3 else "ada@example.org") for number in range(20)]  # noqa: PLR2004 - some
        outcomes = streamed(carrier, messages)

        expected = [None if REFUSED in message.envelope.recipients else message.message_id for message in messages]
        assert expected == [each.message_id if isinstance(each, Receipt) else None for each in outcomes]
        assert all(isinstance(each, (Receipt, RefusedError)) for each in outcomes)

    def test_secrets_are_not_shown(self, carrier: Transport, caplog: pytest.LogCaptureFixture) -> None:
        """Neither the transport, nor its status, its log, nor what can be pickled of it, has a key or a password."""
        caplog.set_level(logging.DEBUG)
        receipt = carrier.send(a_message())
        texts = [repr(carrier), str(carrier), f"{carrier}", carrier.status(), repr(receipt), caplog.text]
        try:
            texts.append(pickle.dumps(carrier).decode("latin-1"))
        except Exception as error:  # noqa: BLE001 - what cannot be pickled shows nothing
            texts.append(str(error))

        self._assert_no_secret("" if self._peer is None else self._peer.secret, *texts)

    def test_verify_works_with_a_good_server(self, carrier: Transport) -> None:
        """`verify` finds nothing wrong, and sends nothing."""
        carrier.verify()

        assert [] == list(self.taken(carrier, self._peer, self._folder) or ())

    def test_verify_fails_where_sending_would(self) -> None:
        """`verify` tells, as an error of ours, that the key is wrong or nobody listens."""
        self._needs_counterpart()
        assert self._counterpart is not None
        for fault in {"another key", "nobody listens"} & self._counterpart.faults.keys():
            with self._counterpart.start(fault) as peer, self.transport(peer, self._folder) as transport:
                with pytest.raises(NotifyError) as raised:
                    transport.verify()
                self._assert_no_secret(peer.secret, *_shown(raised.value))

    def _needs_counterpart(self) -> None:
        if self._counterpart is None:
            pytest.skip("it talks to no server")

    def _assert_no_secret(self, secret: str, *texts: str) -> None:
        for each in filter(None, (secret, *self.secrets)):
            for form in _forms(each):
                assert not [text for text in texts if form in text], "a secret is shown"


def _shown(error: Exception) -> Iterator[str]:
    """Everything by which an error can be seen."""
    yield from traceback.format_exception(error)
    yield repr(error)
    yield repr(vars(error))
    yield pickle.dumps(error).decode("latin-1")


def _forms(secret: str) -> Iterator[str]:
    """The secret, and how protocols write it."""
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()
    # Within a longer text, base64 depends on how many octets stand before: what is the same in all is left.
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret.encode()).decode()
        yield coded[4:-4]
