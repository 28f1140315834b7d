"""What becomes of a mail after it was taken: events of providers, in one form, and the web application that takes them.

A plugin implements `Webhook` for its provider, `WebhookApp` serves it, and a `Sink` keeps the events.
"""

from __future__ import annotations

from notify.feedback.asgi import WebhookApp
from notify.feedback.events import Bounce, Event, Kind
from notify.feedback.reading import SmtpReply, read_json, smtp_reply
from notify.feedback.receiving import EventFault, Parsed, Recorded, Sink, Webhook, WebhookError

__all__ = [
    "Bounce",
    "Event",
    "EventFault",
    "Kind",
    "Parsed",
    "Recorded",
    "Sink",
    "SmtpReply",
    "Webhook",
    "WebhookApp",
    "WebhookError",
    "read_json",
    "smtp_reply",
]
