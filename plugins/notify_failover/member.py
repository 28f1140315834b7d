"""A transport of a group, with its breaker."""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from notify.errors import ConfigError, DeliveryError, TemporaryError, ThrottledError
from notify_failover.blame import failure
from notify_failover.breaker import Circuit

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import Receipt, Transport
    from notify.state import Document, State
    from notify_failover.breaker import Patience

T = TypeVar("T")
_MOMENT = 0.1
_log = logging.getLogger("notify.failover")


class Member:
    """A transport, and whether messages may go there.

    The breaker is known by the transport's name and its settings, without secrets: two members that a DSN names alike
    are two, and one that is a member of two groups has one breaker. What other processes find is known here a tenth of
    a second later.

    Args:
        transport: the transport.
        group: the name of the group, for the log.
        state: where the breaker is kept. One that cannot be used is as if there were no breaker.
        patience: what the breaker bears.
    """

    def __init__(self, transport: Transport, group: str, state: State, patience: Patience) -> None:
        self.transport = transport
        self.name = transport.name
        self._group = group
        self._state = state
        self._patience = patience
        self._changes = 0
        self._well_until = 0.0
        self._key = f"breaker/{self.name}/{hashlib.sha256(repr(transport).encode()).hexdigest()[:12]}"

    def available(self) -> bool:
        """Whether a message would be admitted now."""
        return self._circuit().wait(time.time()) == 0.0

    def admit(self) -> Permit | TemporaryError:
        """Leave to send one message, which is to be settled; or why there is none."""
        circuit, now = self._circuit(), time.time()
        if circuit.closed:
            return Permit(self)
        if circuit.wait(now) == 0.0:
            probe = secrets.token_hex(8)
            if self._change(lambda shared: shared.claim(now, probe)) is False:
                return self.admit()  # somebody else came first, and may even have closed it
            _log.info("%s: %s is tried with one message", self._group, self.name)
            return Permit(self, probe)
        return self._left_out(circuit, now)

    def settle(self, outcome: Receipt | DeliveryError | None, probe: str) -> None:
        """Note what became of a message; None if that is not known. It raises nothing: a receipt stays a receipt."""
        now = time.time()
        if outcome is None:
            self._release(probe)
        elif not isinstance(outcome, DeliveryError):
            circuit = self._circuit()
            healthy = circuit.closed and not circuit.failures
            if not healthy and self._change(lambda shared: shared.succeeded(probe)):
                _log.info("%s: %s takes mail again", self._group, self.name)
        elif (fault := failure(outcome)) is None:
            self._release(probe)
        elif self._change(lambda shared: shared.failed(fault, now, self._patience, probe)):
            _log.warning(
                "%s: %s is left out for %s: %s",
                self._group, self.name, duration(self._circuit().wait(now)), fault.reason,
            )  # fmt: skip

    def status(self) -> str:
        """The state of the breaker in a line.

        Raises:
            ConfigError: it cannot be read.
        """
        circuit, now = Circuit.of(self._state.read(self._key)), time.time()
        why = f"{circuit.code or ''} {circuit.reason}".strip()
        if circuit.closed:
            several = f", {circuit.failures} failed in a row" if circuit.failures else ""
            return f"{self.name}: closed{several}"
        if circuit.is_open(now):
            return f"{self.name}: open for {duration(circuit.wait(now))} more ({why})"
        return f"{self.name}: half-open, tried with the next message ({why})"

    def _left_out(self, circuit: Circuit, now: float) -> TemporaryError:
        wait = circuit.wait(now)
        kind = ThrottledError if circuit.throttled else TemporaryError
        return kind(
            f"left out for {duration(wait)} more: {circuit.reason}",
            transport=self.name,
            phase="breaker",
            code=circuit.code,
            advice=circuit.advice,
            retry_after=wait,
        )

    def _release(self, probe: str) -> None:
        if probe:
            self._change(lambda shared: shared.released(probe))

    def _circuit(self) -> Circuit:
        """The circuit as it is; one without a failure as it was a moment ago, since a file is slow to read."""
        if time.monotonic() < self._well_until:
            return Circuit()
        changes = self._changes
        try:
            circuit = Circuit.of(self._state.read(self._key))
        except ConfigError as error:
            self._unusable(error)
            return Circuit()
        if circuit.closed and not circuit.failures and changes == self._changes:
            self._well_until = time.monotonic() + _MOMENT
        return circuit

    def _change(self, change: Callable[[Circuit], T]) -> T | None:
        def within(document: Document) -> T:
            circuit = Circuit.of(document)
            result = change(circuit)
            document.clear()
            document.update(circuit.document())
            return result

        try:
            return self._state.change(self._key, within)
        except ConfigError as error:
            self._unusable(error)
            return None
        finally:
            self._changes += 1
            self._well_until = 0.0

    def _unusable(self, error: ConfigError) -> None:
        _log.warning("%s: the breaker of %s is not in use: %s", self._group, self.name, error)


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one message through a member; `probe` names it if all depends on this one."""

    member: Member
    probe: str = ""

    def settle(self, outcome: Receipt | DeliveryError | None) -> None:
        """See `Member.settle`."""
        self.member.settle(outcome, self.probe)


def duration(seconds: float) -> str:
    """A length of time, such as `12 s`, `15 min` or `20 h`."""
    for name, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}"
    return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1f} s"
