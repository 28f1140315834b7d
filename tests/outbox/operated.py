"""Rows as the tests of operating the outbox need them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from notify.database.tables import now
from notify.outbox.tables import blobs, jobs

if TYPE_CHECKING:
    from notify.database import Database


def put(database: Database, *, age: float = 0.0, due_in: float = 0.0, ended: float | None = None, **values: Any) -> int:
    """A job's number.

    Args:
        database: where it goes.
        age: for how many seconds it has been there.
        due_in: in how many seconds it is due.
        ended: how many seconds ago it became what it is; by default as long ago as it was put in.
        values: its columns, if they are not those of a plain job; a list goes as JSON.
    """
    row = {
        "notification": "hello",
        "contract": "c0ffee",
        "message_id": "<1@acme.example>",
        "recipient": "ada@example.com",
        "delivery": "at_most_once",
        "params": '{"name":"Ada"}',
        "call": '{"to":["ada@example.com"]}',
        **{
            name: json.dumps(value, separators=(",", ":")) if isinstance(value, list) else value
            for name, value in values.items()
        },
    }
    times = {
        "created_at": now() - age,
        "dated_at": now() - age,
        "due_at": now() + due_in,
        "changed_at": now() - (age if ended is None else ended),
    }
    with database.writing() as connection:
        job: int = connection.execute(insert(jobs).values(**row, **times).returning(jobs.c.id)).scalar_one()
    return job


def change(database: Database, job: int, **values: Any) -> None:
    """Change a row in any way."""
    with database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job).values(**values))


def keep(database: Database, digest: str, *, used: float) -> None:
    """A content that a job was last put in for so many seconds ago."""
    with database.writing() as connection:
        connection.execute(insert(blobs).values(digest=digest, content=b"%PDF", used_at=now() - used))
