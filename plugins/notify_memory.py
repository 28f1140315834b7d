"""The `memory` transport: keeps messages in a list, for tests to look at."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from notify import Capabilities, Receipt, Transport, hookimpl, setting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notify import Message


def _positive(value: int) -> str | None:
    return None if value > 0 else f"expected at least 1, got {value}"


class Memory(Transport):
    """Keeps the last messages in memory, where tests look at them."""

    capabilities = Capabilities(delivers=False, tags=True, metadata=True)
    senders = 0

    limit: int = setting("How many messages are kept; older ones are dropped.", default=1000, check=_positive)

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        super().__init__(name=name, base=base, **settings)
        self._messages: deque[Message] = deque(maxlen=self.limit)  # append, clear and copy are atomic

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was sent, oldest first."""
        return tuple(self._messages.copy())

    def clear(self) -> None:
        """Forget all messages."""
        self._messages.clear()

    def send(self, message: Message) -> Receipt:
        """Keep the message, after building it as a real transport would, so that what those refuse is refused here."""
        message.as_bytes(smtputf8=message.needs_smtputf8)
        self._messages.append(message)
        return self.receipt(message, response="kept in memory")


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Offer `memory`."""
    return {"memory": Memory}
