"""The outbox's tables as they are now; `notify.database.migrations` has how they came to be."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    and_,
    literal_column,
    text,
)

from notify.database.tables import ID, metadata

jobs = Table(
    "notify_jobs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("notification", Text),  # none of a message that was built by hand
    Column("contract", Text),  # the hash of what the params were valid under; none of a message
    Column("message_id", Text, nullable=False),
    Column("recipient", Text, nullable=False),  # the first of `to`
    Column("locale", Text),
    Column("category", Text),
    Column("delivery", Text, nullable=False),
    Column("via", Text),
    Column("params", Text),
    Column("call", Text),
    Column("sealed", Text),
    Column("frozen", Text),
    Column("blobs", Text),  # JSON: the digests of what it refers to in `blobs`, if there are any
    Column("key", Text),
    Column("bucket", Text),  # what digests and throttles count together
    Column("leader", ID),  # the job in whose message this one goes
    Column("priority", SmallInteger, nullable=False, server_default=text("1")),
    Column("state", Text, nullable=False, server_default=text("'queued'")),
    Column("created_at", Double, nullable=False),
    Column("dated_at", Double, nullable=False),  # the mail's Date
    Column("due_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("losses", Integer, nullable=False, server_default=text("0")),  # workers that died with it
    Column("owner", Text),
    Column("lease_end", Double),
    Column("begun_at", Double),
    Column("pending", Text),  # JSON: the recipients that are left, if not all
    Column("reason", Text),  # why it is not sent, in a line
    Column("history", Text, nullable=False, server_default=text("'[]'")),
)

# Written out, not as parameters: only then can a database see that a partial index serves a query.
QUEUED = jobs.c.state == text("'queued'")
LEASED = jobs.c.state == text("'leased'")
UNBLAMED = and_(QUEUED, jobs.c.losses == text("0"))
SUSPECT = and_(QUEUED, jobs.c.losses > text("0"))
ENDED = jobs.c.state.in_([literal_column(f"'{state}'", Text()) for state in ("sent", "failed", "dead", "cancelled")])

Index(
    "notify_jobs_due",
    jobs.c.priority,
    jobs.c.due_at,
    jobs.c.id,
    sqlite_where=UNBLAMED,
    postgresql_where=UNBLAMED,
)
HAS_KEY = jobs.c.key.isnot(None)
Index("notify_jobs_key", jobs.c.key, unique=True, sqlite_where=HAS_KEY, postgresql_where=HAS_KEY)
Index("notify_jobs_suspect", jobs.c.due_at, sqlite_where=SUSPECT, postgresql_where=SUSPECT)
Index("notify_jobs_leased", jobs.c.lease_end, sqlite_where=LEASED, postgresql_where=LEASED)
# Whatever is listed, counted and purged of the ended is read of this alone.
Index(
    "notify_jobs_ended",
    jobs.c.state,
    jobs.c.id,
    jobs.c.changed_at,
    jobs.c.attempts,
    sqlite_where=ENDED,
    postgresql_where=ENDED,
)
Index(
    "notify_jobs_blobs",
    jobs.c.id,
    sqlite_where=jobs.c.blobs.isnot(None),
    postgresql_where=jobs.c.blobs.isnot(None),
)
Index(
    "notify_jobs_bucket",
    jobs.c.bucket,
    jobs.c.changed_at,
    sqlite_where=jobs.c.bucket.isnot(None),
    postgresql_where=jobs.c.bucket.isnot(None),
)
Index(
    "notify_jobs_leader",
    jobs.c.leader,
    sqlite_where=jobs.c.leader.isnot(None),
    postgresql_where=jobs.c.leader.isnot(None),
)

blobs = Table(
    "notify_blobs",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256, hexadecimal
    Column("used_at", Double, nullable=False),  # when a job was last put in that refers to it
    Column("content", LargeBinary, nullable=False),
)

contracts = Table(
    "notify_contracts",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("form", Text, nullable=False),  # JSON; see notify.contracts
)

state = Table(
    "notify_state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("document", Text, nullable=False),
    Column("changed_at", Double, nullable=False),
)
