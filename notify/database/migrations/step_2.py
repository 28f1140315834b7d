"""Who is not written to, and what people chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TYPES = {
    "sqlite": {"serial": "INTEGER", "big": "INTEGER", "double": "DOUBLE"},
    "postgresql": {"serial": "BIGSERIAL", "big": "BIGINT", "double": "DOUBLE PRECISION"},
}
_STATEMENTS: tuple[str, ...] = ()


def apply(connection: Connection) -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement.format(**_TYPES[connection.dialect.name]))
