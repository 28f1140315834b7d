"""What people do with the outbox: look, count, take back, send again, clear away."""

from __future__ import annotations

from notify.configuration.retention import Retention
from notify.outbox.operating.changing import Cancelled, Retried, cancel, held, retriable, retry
from notify.outbox.operating.counting import Stats, stats
from notify.outbox.operating.filtering import Filter
from notify.outbox.operating.finding import count, find, get
from notify.outbox.operating.purging import PURGED, purge, purgeable, retain

__all__ = [
    "PURGED",
    "Cancelled",
    "Filter",
    "Retention",
    "Retried",
    "Stats",
    "cancel",
    "count",
    "find",
    "get",
    "held",
    "purge",
    "purgeable",
    "retain",
    "retriable",
    "retry",
    "stats",
]
