"""Who is not written to, and what people chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TYPES = {
    "sqlite": {"big": "INTEGER", "wide": "BIGINT", "double": "DOUBLE"},
    "postgresql": {"big": "BIGINT", "wide": "BIGINT", "double": "DOUBLE PRECISION"},
}
_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE notify_words (
        number {big} NOT NULL,
        digest {wide} NOT NULL,
        at {double} NOT NULL,
        says SMALLINT NOT NULL,
        reason SMALLINT NOT NULL,
        person TEXT NOT NULL,
        scope TEXT NOT NULL,
        source TEXT NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (number)
    )
    """,
    "CREATE INDEX notify_words_digest ON notify_words (digest)",
    "CREATE TABLE notify_words_counter (id SMALLINT NOT NULL PRIMARY KEY, last {wide} NOT NULL, naming TEXT)",
    "INSERT INTO notify_words_counter (id, last) VALUES (1, 0)",
)


def apply(connection: Connection) -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.format(**_TYPES[connection.dialect.name]))
