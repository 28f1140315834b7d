"""The transport `failover`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify_failover.carrying import Carrying
from notify_failover.group import Group
from notify_failover.streaming import Returnable, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import DeliveryError, Message, Receipt
    from notify.transport import Feed


class Failover(Group):
    """Sends through the first of its transports that can."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.senders = max(each.senders for each in self.transports)

    def send(self, message: Message) -> Receipt:
        """Try each until all recipients have the message, or what one says is no reason to ask another.

        Raises:
            DeliveryError: see `Carrying.through`.
        """
        return Carrying(self.name, message).through(self.members)

    def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
        """As `send`, but the first whose breaker is not open has the feed, until that opens or one before is well."""
        messages = Returnable(feed)
        stretch = Stretch(self.name, messages, settle)
        while messages.wait() and stretch.carry(self.members, strict=True):
            pass
