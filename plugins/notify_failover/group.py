"""What all groups of transports have in common."""

from __future__ import annotations

from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from notify import Capabilities, Transport, setting
from notify.state import MemoryState
from notify_failover.breaker import Patience
from notify_failover.member import Member

if TYPE_CHECKING:
    from collections.abc import Sequence


def _positive(value: float) -> str | None:
    return None if value > 0 else f"expected more than 0, got {value:g}"


class Group(Transport):
    """What is made of other transports."""

    transports: tuple[Transport, ...] = setting("The transports, in order: names or DSNs.")
    failures: int = setting(
        "How many failures in a row open a transport's circuit breaker, so that it is left alone.",
        default=3, check=_positive,
    )  # fmt: skip
    cool_down: float = setting(
        "Seconds until it is tried again, with one message; twice as long each time that this fails, at most 900.",
        default=30.0, check=_positive,
    )  # fmt: skip

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.state = MemoryState()  # one that is made by hand shares nothing
        self.capabilities = reduce(Capabilities.shared, (each.capabilities for each in self.transports))

    @cached_property
    def members(self) -> Sequence[Member]:
        """The transports with their breakers."""
        patience = Patience(self.failures, self.cool_down)
        return [Member(each, self.name, self.state, patience) for each in self.transports]

    def verify(self) -> None:
        """Verify each."""
        for transport in self.transports:
            transport.verify()

    def hurry(self) -> None:
        """Hurry each."""
        for transport in self.transports:
            transport.hurry()

    def close(self) -> None:
        """Close each."""
        for transport in self.transports:
            transport.close()

    def status(self) -> str:
        """The state of each breaker, and in brackets those within a group of the group."""
        inner = {
            member: f" [{member.transport.status()}]" if isinstance(member.transport, Group) else ""
            for member in self.members
        }
        return "; ".join(member.status() + within for member, within in inner.items())
