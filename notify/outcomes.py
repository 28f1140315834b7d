"""What became of a message, or of a recipient, in a word: for logs and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import (
    ConfigError,
    DeliveryError,
    NotifyError,
    RefusedError,
    SuppressedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.receipt import Receipt

if TYPE_CHECKING:
    from notify.message import Message
    from notify.transport import Transport

ACCEPTED = "accepted"
PARTLY = "partly"
SUPPRESSED = "suppressed"
THROTTLED = "throttled"
TEMPORARY = "temporary"
REFUSED = "refused"
MISCONFIGURED = "misconfigured"
UNKNOWN = "unknown"

_KINDS: tuple[tuple[type[NotifyError], str], ...] = (
    (SuppressedError, SUPPRESSED),
    (RefusedError, REFUSED),
    (ThrottledError, THROTTLED),
    (TransportConfigError, MISCONFIGURED),
    (ConfigError, MISCONFIGURED),
    (TemporaryError, TEMPORARY),
    (UnknownOutcomeError, UNKNOWN),
)
_RANKS = {word: rank for rank, (_, word) in enumerate(_KINDS)}


def outcome_of(outcome: Receipt | NotifyError) -> str:
    """The word for what a transport said: `accepted`, `partly` for some recipients only, or that of an error.

    Of several errors the one decides that leaves most open, as where the outbox tries again. Any error that is neither
    of delivery nor of the configuration is `refused`: no further try could make a difference.
    """
    if isinstance(outcome, NotifyError):
        return next((word for kind, word in _KINDS if isinstance(outcome, kind)), REFUSED)
    if not outcome.rejected:
        return ACCEPTED
    if outcome.accepted:
        return PARTLY
    return max(map(outcome_of, outcome.rejected.values()), key=_RANKS.__getitem__)


def carrier_of(outcome: Receipt | NotifyError, transport: Transport | None) -> str:
    """The name of the transport that an outcome is of: of a group, the member that had the message, where one had it.

    Empty if nothing had it.
    """
    if isinstance(outcome, (Receipt, DeliveryError)) and outcome.transport:
        return outcome.transport
    return "" if transport is None else transport.name


def people_of(outcome: Receipt | NotifyError, message: Message) -> tuple[str, ...]:
    """Whom an outcome is of: for a receipt also those whom the message was not sent to on purpose."""
    if isinstance(outcome, Receipt):
        return (*outcome.accepted, *outcome.rejected)
    return message.envelope.recipients
