"""Mail over SMTP: any server, with presets for the well-known ones, and the base for a provider's own transport.

Nothing here opens a connection or imports `ssl` or `socket`; that happens when the first message is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import hookimpl
from notify_smtp.endpoint import Credentials, Endpoint
from notify_smtp.presets import PRESETS, Preset
from notify_smtp.relay import Relay
from notify_smtp.replies import Rule
from notify_smtp.resolve import resolve, secret_from_environment
from notify_smtp.transport import SmtpTransport

if TYPE_CHECKING:
    from notify import Transport

__all__ = [
    "PRESETS",
    "Credentials",
    "Endpoint",
    "Preset",
    "Relay",
    "Rule",
    "SmtpTransport",
    "notify_transports",
    "resolve",
    "secret_from_environment",
]


@hookimpl
def notify_transports() -> dict[str, type[Transport]]:
    """Offer the transport `smtp`."""
    return {"smtp": SmtpTransport}
