"""Clearing away what ended long ago, and contents that nothing refers to any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Double, bindparam, delete, func, select, text

from notify.configuration.retention import ENDS
from notify.database.tables import now
from notify.errors import ConfigError
from notify.outbox.operating.batches import in_batches
from notify.outbox.operating.filtering import in_state
from notify.outbox.tables import blobs, jobs, state
from notify.outbox.throttles import PREFIX
from notify.rates import PERIODS
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from notify.configuration.retention import Retention
    from notify.database import Database

PURGED = ("sent", "cancelled")
"""What is purged where no state is named: nobody needs to look at it."""
_GRACE = 86400.0
"""Seconds for which a content is left alone after a job was put in that refers to it: it may not be committed yet."""
_FEW = 100  # contents may be large


def purge(database: Database, older_than: float, *, states: Collection[str] = PURGED) -> int:
    """Delete the jobs that ended so many seconds ago or earlier, and contents that nothing refers to; how many jobs.

    Contracts stay: they are few and small, and processes that put jobs in rely on those that they have stored.

    Args:
        database: where they are.
        older_than: seconds since their end.
        states: of these only.

    Raises:
        ConfigError: jobs do not end in such a state.
        OutboxError: the database cannot be used; what was deleted before stays so.
    """
    for name in states:
        if name not in ENDS:
            raise ConfigError(f"outbox: jobs do not end as {name!r} ({did_you_mean(name, ENDS)})")
    deleted = sum(_purge(database, state, older_than) for state in dict.fromkeys(states))
    _forget_contents(database)
    return deleted


def purgeable(database: Database, older_than: float, *, states: Collection[str] = PURGED) -> int:
    """How many jobs `purge` would delete.

    Raises:
        OutboxError: the database cannot be used.
    """
    with database.reading() as connection:
        end = connection.execute(select(now() - older_than)).scalar_one()
        return sum(
            connection.execute(
                select(func.count(jobs.c.id)).where(*in_state(state), _IS_OLD), {"end": end}
            ).scalar_one()
            for state in dict.fromkeys(states)
        )


def retain(database: Database, retention: Retention) -> int:
    """Delete what was kept for as long as it is to be, and counts that no throttle needs; how many jobs.

    Raises:
        OutboxError: the database cannot be used; what was deleted before stays so.
    """
    deleted = sum(_purge(database, state, seconds) for state, seconds in retention.seconds.items())
    if retention.seconds:
        _forget_contents(database)
    with database.writing() as connection:
        connection.execute(_FORGET_THROTTLES)
    return deleted


def _purge(database: Database, state: str, older_than: float) -> int:
    with database.reading() as connection:
        end = connection.execute(select(now() - older_than)).scalar_one()
    return sum(map(len, in_batches(database, delete(jobs), [*in_state(state), _IS_OLD], end=end)))


def _forget_contents(database: Database) -> None:
    with database.reading() as connection:
        end = connection.execute(select(now() - _GRACE)).scalar_one()
        unused = connection.execute(_UNUSED[database.dialect], {"end": end}).scalars().all()
    for start in range(0, len(unused), _FEW):
        with database.writing() as connection:
            connection.execute(_FORGET, {"digests": unused[start : start + _FEW], "end": end})


_FORGET_THROTTLES = delete(state).where(
    state.c.key.startswith(PREFIX), state.c.changed_at < now() - 2 * max(PERIODS.values())
)
_IS_OLD = jobs.c.changed_at <= bindparam("end", type_=Double())
_UNUSED = {
    dialect: text(
        "SELECT digest FROM notify_blobs WHERE used_at < :end "  # noqa: S608 - of the words below
        f"EXCEPT SELECT used.value FROM notify_jobs, {each} AS used WHERE notify_jobs.blobs IS NOT NULL"
    )
    for dialect, each in {
        "sqlite": "json_each(notify_jobs.blobs)",
        "postgresql": "jsonb_array_elements_text(CAST(notify_jobs.blobs AS JSONB))",
    }.items()
}
# That one was put to use meanwhile is seen by its time.
_FORGET = delete(blobs).where(
    blobs.c.digest.in_(bindparam("digests", expanding=True)), blobs.c.used_at < bindparam("end", type_=Double())
)
