"""The `null` transport: accepts every message and forgets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import Capabilities, Receipt, Transport, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Message


class Null(Transport):
    """Accepts every message and forgets it."""

    capabilities = Capabilities(delivers=False, tags=True, metadata=True)
    senders = 0

    def send(self, message: Message) -> Receipt:
        """Build the message as a real transport would, so that what those refuse is refused here too."""
        message.as_bytes(eight_bit=True, smtputf8=message.needs_smtputf8)
        return self.receipt(message, response="forgotten")


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Offer `null`."""
    return {"null": Null}
