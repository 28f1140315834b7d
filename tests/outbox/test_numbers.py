"""Many numbers as one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leases import put
from sqlalchemy import Text, bindparam, select

from notify.outbox.numbers import among, listed
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from notify.database import Database

_FOUND = select(jobs.c.id).where(among(jobs.c.id, bindparam("ids", type_=Text()))).order_by(jobs.c.id)


def test_those_that_are_named_are_found(database: Database) -> None:
    """However many they are; none of an empty list."""
    ids = put(database, {}, {}, {})
    wanted = [ids[2], ids[0], 10**15, *range(10**6, 10**6 + 3000)]
    with database.reading() as connection:
        some = connection.execute(_FOUND, {"ids": listed(wanted)}).scalars().all()
        none = connection.execute(_FOUND, {"ids": listed([])}).scalars().all()

    assert ([ids[0], ids[2]], []) == (some, none)


def test_they_are_looked_up_one_by_one(database: Database) -> None:
    """By the table's key; the table is not read through."""
    asked = _FOUND.params(ids="7").compile(database.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
    with database.reading() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
        plan = str(connection.exec_driver_sql(f"{explain} {asked}").all())

    assert "PRIMARY KEY" in plan or "notify_jobs_pkey" in plan
