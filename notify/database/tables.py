"""What all tables share: their metadata, the type of their numbers, and the database's clock.

Times are seconds of the epoch by the database's clock, so that processes whose own clocks differ agree.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

metadata = MetaData()
ID = BigInteger().with_variant(Integer(), "sqlite")

migrations = Table(
    "notify_migrations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", Double, nullable=False),
)


class now(FunctionElement[float]):  # noqa: N801 - it is written as a function of SQL
    """Seconds of the epoch by the database's clock; PostgreSQL's goes on within a transaction."""

    type = Double()
    inherit_cache = True


def now_of_sqlite() -> float:
    """What `now` is in SQLite, whose clock is this machine's: of one millisecond the very same number.

    SQLite counts milliseconds of the Julian day (https://www.sqlite.org/lang_datefunc.html).
    """
    milliseconds = time.time_ns() // 1_000_000 + 210_866_760_000_000
    return (milliseconds / 86_400_000.0 - 2440587.5) * 86400.0


@compiles(now, "sqlite")
def _now_of_sqlite(_element: now, _compiler: SQLCompiler, **_: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(now, "postgresql")
def _now_of_postgresql(_element: now, _compiler: SQLCompiler, **_: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)"
