"""What a durable row costs without an outbox: the drivers alone, and notify's own table, indexes and values."""

from __future__ import annotations

import sqlite3
from itertools import count
from typing import TYPE_CHECKING, Any

from bench.contenders.outbox import opened
from bench.workload import contexts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.workload import Context


def enqueue(case: str, url: str) -> Callable[[Sequence[Context]], None]:
    """A transaction for each row."""
    execute, insert, row = _prepared(case, url)
    numbers = count()

    def put(todo: Sequence[Context]) -> None:
        for _ in todo:
            execute(insert, (f"<{next(numbers):032x}@example.com>", *row))

    return put


def enqueue_many(case: str, url: str) -> Callable[[Sequence[Context]], None]:
    """One transaction for all rows; of SQLite."""
    _, insert, row = _prepared(case, url)
    connection = _sqlite(url)
    numbers = count()

    def put(todo: Sequence[Context]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, [(f"<{next(numbers):032x}@example.com>", *row) for _ in todo])
        connection.execute("COMMIT")

    return put


def _prepared(case: str, url: str) -> tuple[Callable[..., object], str, Sequence[Any]]:
    """What executes, the statement, and the values of a row that notify has put in, but for its Message-ID."""
    execute, mark = _driver(url)
    with opened(url) as notifier:
        job = notifier.enqueue(case, to=contexts(case)[0].to, params=contexts(case)[0].params)
        found = execute(f"SELECT * FROM notify_jobs WHERE id = {job.id}")  # noqa: S608 - a number
        names, [values] = [column[0] for column in found.description], found.fetchall()
        notifier.outbox.close()
    row = {name: each for name, each in zip(names, values, strict=True) if each is not None}
    del row["id"], row["message_id"]
    columns, marks = ", ".join(["message_id", *row]), ", ".join([mark] * (len(row) + 1))
    return execute, f"INSERT INTO notify_jobs ({columns}) VALUES ({marks})", list(row.values())  # noqa: S608 - our own


def _driver(url: str) -> tuple[Callable[..., Any], str]:
    """What executes a statement in a transaction of its own, and how it marks values."""
    if url.startswith("sqlite"):
        return _sqlite(url).execute, "?"
    import psycopg

    return psycopg.connect(url, autocommit=True).execute, "%s"


def _sqlite(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
