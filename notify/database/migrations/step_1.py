"""Jobs, what they refer to, and the state that workers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TYPES = {
    "sqlite": {"serial": "INTEGER", "big": "INTEGER", "double": "DOUBLE", "bytes": "BLOB"},
    "postgresql": {"serial": "BIGSERIAL", "big": "BIGINT", "double": "DOUBLE PRECISION", "bytes": "BYTEA"},
}
_STATEMENTS = (
    """
    CREATE TABLE notify_jobs (
        id {serial} NOT NULL,
        notification TEXT,
        contract TEXT,
        message_id TEXT NOT NULL,
        recipient TEXT NOT NULL,
        locale TEXT,
        category TEXT,
        delivery TEXT NOT NULL,
        via TEXT,
        params TEXT,
        call TEXT,
        sealed TEXT,
        frozen TEXT,
        blobs TEXT,
        key TEXT,
        bucket TEXT,
        leader {big},
        priority SMALLINT DEFAULT 1 NOT NULL,
        state TEXT DEFAULT 'queued' NOT NULL,
        created_at {double} NOT NULL,
        dated_at {double} NOT NULL,
        due_at {double} NOT NULL,
        changed_at {double} NOT NULL,
        attempts INTEGER DEFAULT 0 NOT NULL,
        losses INTEGER DEFAULT 0 NOT NULL,
        owner TEXT,
        lease_end {double},
        begun_at {double},
        pending TEXT,
        reason TEXT,
        history TEXT DEFAULT '[]' NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX notify_jobs_key ON notify_jobs (key) WHERE key IS NOT NULL",
    "CREATE INDEX notify_jobs_due ON notify_jobs (priority, due_at, id) WHERE state = 'queued' AND losses = 0",
    "CREATE INDEX notify_jobs_suspect ON notify_jobs (due_at) WHERE state = 'queued' AND losses > 0",
    "CREATE INDEX notify_jobs_leased ON notify_jobs (lease_end) WHERE state = 'leased'",
    """
    CREATE INDEX notify_jobs_ended ON notify_jobs (state, id, changed_at, attempts)
    WHERE state IN ('sent', 'failed', 'dead', 'cancelled')
    """,
    "CREATE INDEX notify_jobs_blobs ON notify_jobs (id) WHERE blobs IS NOT NULL",
    "CREATE INDEX notify_jobs_bucket ON notify_jobs (bucket, changed_at) WHERE bucket IS NOT NULL",
    "CREATE INDEX notify_jobs_leader ON notify_jobs (leader) WHERE leader IS NOT NULL",
    """
    CREATE TABLE notify_blobs (
        digest TEXT NOT NULL PRIMARY KEY,
        used_at {double} NOT NULL,
        content {bytes} NOT NULL
    )
    """,
    "CREATE TABLE notify_contracts (hash TEXT NOT NULL PRIMARY KEY, form TEXT NOT NULL)",
    """
    CREATE TABLE notify_state (
        key TEXT NOT NULL PRIMARY KEY,
        document TEXT NOT NULL,
        changed_at {double} NOT NULL
    )
    """,
    "CREATE TABLE notify_migrations (version INTEGER NOT NULL PRIMARY KEY, applied_at {double} NOT NULL)",
)


def apply(connection: Connection) -> None:
    """Make the tables."""
    types = _TYPES[connection.dialect.name]
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.format(**types))
