"""Transports made of transports: `failover` takes the next when one cannot, `roundrobin` takes turns.

Each member has a circuit breaker: one that failed is left alone for a while, and then tried with one message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import hookimpl
from notify_failover.failover import Failover
from notify_failover.roundrobin import RoundRobin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Transport

__all__ = ["Failover", "RoundRobin", "notify_transports"]


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Both."""
    return {"failover": Failover, "roundrobin": RoundRobin}
