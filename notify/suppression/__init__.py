"""Who is not written to: bounced, complained, unsubscribed; and what people chose. It needs the extra `outbox`."""

from __future__ import annotations

from notify.suppression.gate import Gate
from notify.suppression.model import Addition, Reason, Suppression
from notify.suppression.preferences import DatabasePreferences
from notify.suppression.suppressions import SuppressionList

__all__ = ["Addition", "DatabasePreferences", "Gate", "Reason", "Suppression", "SuppressionList"]
