"""A transport's word on what it accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.frozen import FrozenMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.errors import DeliveryError


_NOBODY: FrozenMapping[str, DeliveryError] = FrozenMapping()
"""No refused address; shared, since most receipts have none."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transport accepted.

    Attributes:
        message_id: the message's own Message-ID, with angle brackets.
        transport: the name of the transport; that of the group, where several transports of it took the message.
        accepted: the envelope's addresses that were taken.
        rejected: each refused address with its error, as a read-only copy; those were not taken.
        response: the transport's words, such as `250 Ok: queued as ...`.
        provider_id: the provider's own id of the message, if it gave one.
    """

    message_id: str
    transport: str
    accepted: tuple[str, ...]
    rejected: Mapping[str, DeliveryError] = field(default_factory=lambda: _NOBODY, hash=False)
    response: str = ""
    provider_id: str | None = None

    def __post_init__(self) -> None:
        if self.rejected is not _NOBODY:
            object.__setattr__(self, "rejected", FrozenMapping(self.rejected) if self.rejected else _NOBODY)
