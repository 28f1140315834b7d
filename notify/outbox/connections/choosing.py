"""From what a caller gives as `connection` to what it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError
from notify.outbox.connections.alchemy import alchemy
from notify.outbox.connections.django import of_django
from notify.outbox.connections.raw import raw

if TYPE_CHECKING:
    from notify.outbox.connections.target import Target

_TAKEN = (
    "a Connection or Session of SQLAlchemy, a connection of sqlite3, psycopg or psycopg2, or one of "
    "django.db.connections"
)
_ASYNC = (
    ("sqlalchemy.ext.asyncio", "AsyncConnection"),
    ("sqlalchemy.ext.asyncio", "AsyncSession"),
    ("sqlalchemy.ext.asyncio", "async_scoped_session"),
)


def target_of(connection: object) -> Target:
    """The connection as what statements are run in.

    Raises:
        ConfigError: it is of none of the kinds that are known.
    """
    found = alchemy(connection) or raw(connection) or of_django(connection)
    if found is not None:
        return found
    name = type(connection).__name__
    for module, kind in _ASYNC:
        there: Any = sys.modules.get(module)
        if there is not None and isinstance(connection, getattr(there, kind)):
            raise ConfigError(
                f"connection: {name} cannot be used here; write "
                "`await connection.run_sync(lambda own: notifier.enqueue(..., connection=own))`"
            )
    psycopg: Any = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(connection, psycopg.AsyncConnection):
        raise ConfigError(f"connection: {name} of psycopg cannot be used here; expected {_TAKEN}")
    raise ConfigError(f"connection: expected {_TAKEN}, got {type(connection).__module__}.{name}")
