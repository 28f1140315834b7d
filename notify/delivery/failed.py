"""The receipt of what could not be sent, as `send_many` and `deliver_many` give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import undelivered
from notify.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.errors import NotifyError
    from notify.message import Message


def failed_message(message: Message, error: NotifyError) -> Receipt:
    """A receipt that has accepted nobody of a message's recipients."""
    return failed(message.envelope.recipients, error, phase="check", message_id=message.message_id)


def failed(people: Iterable[str], error: NotifyError, *, phase: str, message_id: str = "") -> Receipt:
    """A receipt that has accepted nobody: each recipient with its own error, or with the one of the whole.

    Args:
        people: the bare addresses.
        error: what went wrong; one that is no DeliveryError becomes the cause of one.
        phase: when that was.
        message_id: of the message, if there is one.
    """
    failure = undelivered(error, phase=phase)
    rejected = {person: failure.rejected.get(person, failure) for person in people}
    return Receipt(message_id, failure.transport, (), rejected)
