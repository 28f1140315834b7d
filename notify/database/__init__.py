"""The database of an application's notifications: the outbox, what became of mails, and who is not written to."""

from __future__ import annotations

from notify.database.database import DIALECTS, Database, begin_writing, unusable

__all__ = ["DIALECTS", "Database", "begin_writing", "unusable"]
