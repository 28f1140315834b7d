"""Jobs in the table, for tests of what works on the table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from notify.database.tables import now
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from notify.database import Database


def put(database: Database, *rows: dict[str, Any]) -> list[int]:
    """Insert jobs that are due, but for what the rows say; their ids."""
    ids = []
    with database.writing() as connection:
        for number, row in enumerate(rows):
            late = {"due_at": now() + row["due_in"]} if "due_in" in row else {}
            values = {
                "message_id": f"<{number}@acme.example>",
                "recipient": "ada@example.com",
                "delivery": "at_most_once",
                "created_at": now(),
                "dated_at": now(),
                "due_at": now(),
                "changed_at": now(),
                **{name: value for name, value in row.items() if name != "due_in"},
                **late,
            }
            ids.append(connection.execute(insert(jobs).values(values).returning(jobs.c.id)).scalar_one())
    return ids


def look(database: Database, job: int) -> dict[str, Any]:
    """A row as it is now."""
    with database.reading() as connection:
        return dict(connection.execute(select(jobs).where(jobs.c.id == job)).mappings().one())


def events(database: Database, job: int) -> list[str]:
    """The events of a job's history."""
    return [each["event"] for each in json.loads(look(database, job)["history"])]


def end_leases(database: Database) -> None:
    """As if their time had passed."""
    with database.writing() as connection:
        connection.execute(update(jobs).values(lease_end=now() - 1.0))
