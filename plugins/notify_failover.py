"""Transports made of transports: `failover` takes the next when one cannot, `roundrobin` takes turns."""

from __future__ import annotations

import itertools
import logging
from functools import reduce
from typing import TYPE_CHECKING, Any

from notify import (
    Capabilities,
    DeliveryError,
    Message,
    Receipt,
    TemporaryError,
    ThrottledError,
    Transport,
    TransportConfigError,
    hookimpl,
    setting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_log = logging.getLogger("notify.failover")


class Failover(Transport):
    """Sends through the first of its transports that can."""

    transports: tuple[Transport, ...] = setting("The transports, in order: names or DSNs.")

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.capabilities = reduce(Capabilities.shared, (each.capabilities for each in self.transports))

    def send(self, message: Message) -> Receipt:
        """Try each; a fault of the message or a recipient, or an unknown outcome, goes to the caller at once."""
        return first(self.name, self.transports, message)

    def verify(self) -> None:
        """Verify each."""
        for transport in self.transports:
            transport.verify()

    def close(self) -> None:
        """Close each."""
        for transport in self.transports:
            transport.close()


class RoundRobin(Failover):
    """Sends through its transports in turn, and through the next when one cannot."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._turns = itertools.count()

    def send(self, message: Message) -> Receipt:
        """Begin with the next in turn; `itertools.count` is safe between threads."""
        turn = next(self._turns) % len(self.transports)
        return first(self.name, self.transports[turn:] + self.transports[:turn], message)


def first(name: str, transports: Iterable[Transport], message: Message) -> Receipt:
    """The receipt of the first transport that takes the message.

    Raises:
        TemporaryError, ThrottledError: none could, at least one for a reason that passes.
        TransportConfigError: a person must mend all of them.
    """
    failures: list[DeliveryError] = []
    for transport in transports:
        try:
            return transport.send(message)
        except (TemporaryError, TransportConfigError) as error:
            _log.warning("%s: %s could not take %s: %s", name, transport.name, message.message_id, error.reason)
            failures.append(error)
    raise _all_failed(name, failures)


def _all_failed(name: str, failures: list[DeliveryError]) -> DeliveryError:
    """One error for all: as mild as the mildest, with the words of the last."""
    kinds = {type(error) for error in failures}
    mildest = next(kind for kind in (TemporaryError, ThrottledError, TransportConfigError) if kind in kinds)
    waits = [error.retry_after for error in failures if error.retry_after is not None]
    last = failures[-1]
    return mildest(
        "; ".join(str(error).splitlines()[0] for error in failures),
        transport=name,
        phase="failover",
        code=last.code,
        enhanced_code=last.enhanced_code,
        advice=next((error.advice for error in failures if error.advice), ""),
        retry_after=min(waits, default=None),
        rejected=last.rejected,
    )


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Both."""
    return {"failover": Failover, "roundrobin": RoundRobin}
