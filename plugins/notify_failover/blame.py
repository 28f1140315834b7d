"""What an error says of the transport, and what of the message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import RefusedError, TemporaryError, ThrottledError, TransportConfigError, UnknownOutcomeError
from notify.retries import may_be_repeated
from notify_failover.breaker import Failure

if TYPE_CHECKING:
    from notify.errors import DeliveryError
    from notify.message import Message

_LONGEST = 500
_ADDRESS = re.compile(r"[^\s<>()\[\],:;\"']+@[^\s<>()\[\],:;\"']+")
"""What is kept of a failure is shown with other messages, and names nobody."""
_CLOSING = 421
_FORBIDDEN = 403
"""HTTP APIs say it of a key, and of the sender of a message."""
_ABOUT_THE_MESSAGE = {"mail", "rcpt", "data", "body", "final"}
"""The phases in which a server has heard of a message, so that its answer may be about that one's sender."""


def moves_on(error: DeliveryError, message: Message) -> bool:
    """Whether another transport may be offered the message after this error."""
    return isinstance(error, TransportConfigError) or may_be_repeated(error, message)


def failure(error: DeliveryError) -> Failure | None:
    """What went wrong with the transport; None if it was something about the message or a recipient."""
    if isinstance(error, RefusedError) or error.phase == "check" or _is_about_a_recipient(error):
        return None
    throttled = isinstance(error, ThrottledError)
    personal = error.phase in _ABOUT_THE_MESSAGE or error.code == _FORBIDDEN
    broken = isinstance(error, TransportConfigError) and not personal
    return Failure(
        _kept(error.reason),
        code=error.code,
        advice=_kept(error.advice),
        throttled=throttled,
        certain=broken or (throttled and bool(error.retry_after)),
        wait=error.retry_after,
    )


def _kept(text: str) -> str:
    return _ADDRESS.sub("...", text[: 2 * _LONGEST])[:_LONGEST]


def _is_about_a_recipient(error: DeliveryError) -> bool:
    """Whether a recipient was put off: a full mailbox, or a server that takes mail only when it comes again."""
    personal = error.recipient is not None or bool(error.rejected)
    mild = isinstance(error, TemporaryError) and not isinstance(error, ThrottledError)
    return mild and personal and error.code != _CLOSING


def is_unknown(error: DeliveryError) -> bool:
    """Whether the transport may have taken the message."""
    return isinstance(error, UnknownOutcomeError)
