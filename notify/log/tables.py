"""The log's tables as they are now; `notify.database.migrations` has how they came to be."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, SmallInteger, Table, Text, and_, text

from notify.database.tables import ID, metadata

log = Table(
    "notify_log",
    metadata,
    Column("id", ID, primary_key=True),
    Column("message_id", Text, nullable=False),
    Column("person", Text, nullable=False),  # see notify.people
    Column("notification", Text),  # none of a message that was built by hand
    Column("category", Text),
    Column("transport", Text),
    Column("provider_id", Text),
    Column("job", ID),  # none of one that was sent directly
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),  # when it came to its status, by the clock of who says so
)
Index("notify_log_message", log.c.message_id, log.c.person, unique=True)
_HAS_PROVIDER_ID = log.c.provider_id.isnot(None)
Index("notify_log_provider", log.c.provider_id, sqlite_where=_HAS_PROVIDER_ID, postgresql_where=_HAS_PROVIDER_ID)
Index("notify_log_person", log.c.person, log.c.id)
Index("notify_log_status", log.c.status, log.c.id)

events = Table(
    "notify_events",
    metadata,
    Column("id", ID, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("message_id", Text),  # that of its rows, once they are known; else what the event says
    Column("person", Text),  # none if it is about everybody whom the message went to
    Column("provider_id", Text),
    Column("known", SmallInteger, nullable=False),  # whether it has found its rows
    Column("kind", Text, nullable=False),
    Column("at", Double, nullable=False),  # by the provider's clock
    Column("received_at", Double, nullable=False),
    Column("bounce", Text),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("code", Integer),
    Column("enhanced_code", Text),
    Column("classification", Text, nullable=False, server_default=text("''")),
    Column("topic", Text),  # the provider's group; that word is one of SQL's own
    Column("url", Text),
    Column("machine", SmallInteger),
)
# Written out, not as parameters: only then can a database see that a partial index serves a query.
WAITING = events.c.known == text("0")
_WAITS_BY_PROVIDER = and_(WAITING, events.c.provider_id.isnot(None))
Index("notify_events_event", events.c.provider, events.c.event_id, unique=True)
Index("notify_events_message", events.c.message_id)
Index(
    "notify_events_waiting",
    events.c.provider_id,
    sqlite_where=_WAITS_BY_PROVIDER,
    postgresql_where=_WAITS_BY_PROVIDER,
)
