"""A sink in a file of SQLite, as an application could write one: dedupe and effect in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from notify.feedback import Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify.feedback import Event

_TABLES = """
CREATE TABLE IF NOT EXISTS event (provider TEXT, id TEXT, kind TEXT, reason TEXT, PRIMARY KEY (provider, id));
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, status TEXT, changes INTEGER DEFAULT 0);
"""


class Kept:
    """Keeps events, and the last status of each message that it knows.

    Args:
        path: the file.
        known: Message-IDs.
    """

    def __init__(self, path: Path, *known: str) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_TABLES)
            connection.executemany("INSERT INTO message (id, status) VALUES (?, 'sent')", [(each,) for each in known])

    def record(self, events: Sequence[Event]) -> Recorded:
        """See `Sink`."""
        new: list[Event] = []
        unknown: list[Event] = []
        with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for event in events:
                row = (event.provider, event.event_id, event.kind, event.reason)
                if not connection.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)", row).rowcount:
                    continue
                changed = connection.execute(
                    "UPDATE message SET status = ?, changes = changes + 1 WHERE id = ?", (event.kind, event.message_id)
                )
                (new if changed.rowcount else unknown).append(event)
        return Recorded(tuple(new), len(events) - len(new) - len(unknown), tuple(unknown))

    def messages(self) -> dict[str, tuple[str, int]]:
        """The status of each message, and how often it changed."""
        with closing(sqlite3.connect(self.path)) as connection:
            rows = connection.execute("SELECT id, status, changes FROM message").fetchall()
        return {name: (status, changes) for name, status, changes in rows}

    def events(self) -> list[str]:
        """The ids of the events, in the order of the file."""
        with closing(sqlite3.connect(self.path)) as connection:
            return [row[0] for row in connection.execute("SELECT id FROM event ORDER BY rowid")]
