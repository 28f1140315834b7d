"""Sending into a mailbox instead of to people, whichever Notifier sends.

What is replaced is where a Notifier looks up its transports, and nothing else: rendering, the environment's policy, the
choice of the transport and the plugins' hooks are those of the application. No transport is built, so that no key and
no server is needed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from notify.configuration import Transports
from notify.testing.mailbox import Mailbox
from notify.testing.sent import Sent
from notify.transport import Capabilities, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.message import Message
    from notify.receipt import Receipt


class Captured(Transport):
    """Stands for a transport of an environment, and puts its messages into a mailbox."""

    capabilities = Capabilities(delivers=False, tags=True, metadata=True)
    senders = 0

    def __init__(self, name: str, mailbox: Mailbox) -> None:
        super().__init__(name=name)
        self._mailbox = mailbox

    def send(self, message: Message) -> Receipt:
        """Keep the message, after building it as a real transport would, so that what those refuse is refused here."""
        message.as_bytes(smtputf8=message.needs_smtputf8)
        self._mailbox.add(Sent(message, self.name))
        return self.receipt(message, response="kept by the test")


@contextmanager
def capturing() -> Iterator[Mailbox]:
    """A mailbox for all that any Notifier of this process sends while the block runs, in whichever thread or task.

    It holds for Notifiers that exist already and for those that are made in the block. What the environment has no
    transport for is the error that it always is.
    """
    mailbox = Mailbox()
    before = Transports.__getitem__

    def look_up(transports: Transports, name: str) -> Transport:
        return Captured(name, mailbox) if name in transports.names else before(transports, name)

    setattr(Transports, "__getitem__", look_up)  # noqa: B010 - mypy would take it for a mistake
    try:
        yield mailbox
    finally:
        setattr(Transports, "__getitem__", before)  # noqa: B010
