"""What became of mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TYPES = {
    "sqlite": {"serial": "INTEGER", "big": "INTEGER", "double": "DOUBLE"},
    "postgresql": {"serial": "BIGSERIAL", "big": "BIGINT", "double": "DOUBLE PRECISION"},
}
_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE notify_log (
        id {serial} NOT NULL,
        message_id TEXT NOT NULL,
        person TEXT NOT NULL,
        notification TEXT,
        category TEXT,
        transport TEXT,
        provider_id TEXT,
        job {big},
        status TEXT NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        attempts INTEGER DEFAULT 0 NOT NULL,
        created_at {double} NOT NULL,
        changed_at {double} NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX notify_log_message ON notify_log (message_id, person)",
    "CREATE INDEX notify_log_provider ON notify_log (provider_id) WHERE provider_id IS NOT NULL",
    "CREATE INDEX notify_log_person ON notify_log (person, id)",
    "CREATE INDEX notify_log_status ON notify_log (status, id)",
    """
    CREATE TABLE notify_events (
        id {serial} NOT NULL,
        provider TEXT NOT NULL,
        event_id TEXT NOT NULL,
        message_id TEXT,
        person TEXT,
        provider_id TEXT,
        known SMALLINT NOT NULL,
        kind TEXT NOT NULL,
        at {double} NOT NULL,
        received_at {double} NOT NULL,
        bounce TEXT,
        reason TEXT DEFAULT '' NOT NULL,
        code INTEGER,
        enhanced_code TEXT,
        classification TEXT DEFAULT '' NOT NULL,
        topic TEXT,
        url TEXT,
        machine SMALLINT,
        PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX notify_events_event ON notify_events (provider, event_id)",
    "CREATE INDEX notify_events_message ON notify_events (message_id)",
    """
    CREATE INDEX notify_events_waiting ON notify_events (provider_id)
    WHERE known = 0 AND provider_id IS NOT NULL
    """,
)


def apply(connection: Connection) -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.format(**_TYPES[connection.dialect.name]))
