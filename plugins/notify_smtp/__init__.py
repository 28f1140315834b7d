"""Mail over SMTP: any server, with presets for the well-known ones.

Nothing here opens a connection or imports `ssl` or `socket`; that happens when the first message is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import hookimpl
from notify_smtp.transport import SmtpTransport

if TYPE_CHECKING:
    from notify import Transport

__all__ = ["SmtpTransport", "notify_transports"]


@hookimpl
def notify_transports() -> dict[str, type[Transport]]:
    """Offer the transport `smtp`."""
    return {"smtp": SmtpTransport}
