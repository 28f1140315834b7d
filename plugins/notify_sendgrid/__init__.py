"""Mail through SendGrid: its SMTP relay, and its HTTP API, where SMTP is blocked or scheduling and sandbox are wanted.

Both read the same from a message: tags, metadata and `options["sendgrid"]`. The API needs urllib3, the extra `http`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import hookimpl
from notify_sendgrid.api import SendGridApiTransport
from notify_sendgrid.relay import SendGridTransport

if TYPE_CHECKING:
    from notify import Transport

__all__ = ["SendGridApiTransport", "SendGridTransport", "notify_transports"]


@hookimpl
def notify_transports() -> dict[str, type[Transport]]:
    """Offer the transports `sendgrid` and `sendgrid_api`."""
    return {"sendgrid": SendGridTransport, "sendgrid_api": SendGridApiTransport}
