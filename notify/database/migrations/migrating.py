"""Applying the steps that a database lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import insert, select

from notify.database.migrations import step_1, step_2, step_3
from notify.database.tables import migrations, now
from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from notify.database import Database

_STEPS: tuple[Callable[[Connection], None], ...] = (step_1.apply, step_2.apply, step_3.apply)
LATEST = len(_STEPS)
"""The version that this notify works with."""
_LOCK = 0x6E6F74696679  # of two that migrate at once, one waits


def version(database: Database) -> int:
    """How many steps were applied.

    Raises:
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        return _version(connection)


def migrate(database: Database) -> int:
    """Apply the steps that are missing, each in a transaction; how many there were.

    Raises:
        ConfigError: the tables are of a newer notify.
        OutboxError: the database cannot be used; the steps before stay applied.
    """
    applied = 0
    while _apply_next(database):
        applied += 1
    return applied


def check(database: Database) -> None:
    """See that the tables are those of this notify; a new SQLite database gets them.

    Raises:
        ConfigError: they are not.
        OutboxError: the database cannot be used.
    """
    found = version(database)
    if found == 0 and database.dialect == "sqlite":
        migrate(database)
        return
    if found > LATEST:
        raise _too_new(database, found)
    if found < LATEST:
        raise ConfigError(
            f"the outbox {database.shown} has its tables at version {found}, and this notify needs {LATEST}: "
            "run `notify outbox migrate`"
        )


def _apply_next(database: Database) -> bool:
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        found = _version(connection)
        if found > LATEST:
            raise _too_new(database, found)
        if found == LATEST:
            return False
        _STEPS[found](connection)
        connection.execute(insert(migrations).values(version=found + 1, applied_at=now()))
    return True


def _version(connection: Connection) -> int:
    if not sqlalchemy.inspect(connection).has_table(migrations.name):
        return 0
    return connection.execute(select(sqlalchemy.func.max(migrations.c.version))).scalar() or 0


def _too_new(database: Database, found: int) -> ConfigError:
    return ConfigError(
        f"the outbox {database.shown} has its tables at version {found}, and this notify knows {LATEST}: "
        "install the newer notify here too"
    )
