"""What became of mails: a row for each message and recipient, moved forward by what providers tell.

This module imports SQLAlchemy, which comes with the extra `outbox`.
"""

from __future__ import annotations

from notify.log.counting import Stats
from notify.log.entry import Entry
from notify.log.filtering import Filter
from notify.log.happening import Happening
from notify.log.journal import Journal
from notify.log.log import Filters, Log
from notify.log.record import Record, records_of
from notify.log.sink import LogSink
from notify.log.status import RANKS, Status
from notify.log.writing import note

__all__ = [
    "RANKS",
    "Entry",
    "Filter",
    "Filters",
    "Happening",
    "Journal",
    "Log",
    "LogSink",
    "Record",
    "Stats",
    "Status",
    "note",
    "records_of",
]
