"""The statements that put jobs into the outbox, and their text for connections that take nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, LargeBinary, Text, bindparam, case, cast, column, func, literal_column, select
from sqlalchemy import text as plain
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from notify.outbox.tables import blobs, contracts, jobs, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Dialect, Executable

SHARED = ("notification", "contract", "locale", "category", "delivery", "via", "priority")
"""What all jobs of one call have in common."""
OWN = ("message_id", "recipient", "params", "call", "sealed", "frozen", "blobs", "key", "bucket")
"""What each has of its own."""
TIMES = ("created_at", "dated_at", "due_at", "changed_at")
FRESH = 3600.0
"""Seconds for which a content that is used again keeps its time; no cleaning up may take one as young as that."""
CHANNEL = "notify_outbox"
"""Where PostgreSQL tells workers that there is something to do."""

_STYLES: dict[str, Dialect] = {
    "qmark": sqlite.dialect(),
    "sqlite": sqlite.dialect(paramstyle="format"),
    "postgresql": PGDialect_psycopg(paramstyle="format"),  # type: ignore[no-untyped-call]
}
"""The dialect of each way to write parameters: `?` for SQLite, `%s` for SQLite (Django's), `%s` for PostgreSQL."""


class Statement:
    """A statement of SQLAlchemy, and the same as text.

    Args:
        clause: the statement.
    """

    def __init__(self, clause: Executable) -> None:
        self.clause = clause
        self._texts: dict[str, tuple[str, tuple[str, ...]]] = {}

    def text(self, style: str) -> tuple[str, tuple[str, ...]]:
        """The text in one of the styles, and the names of the values in the order in which it takes them."""
        known = self._texts.get(style)
        if known is None:
            compiled: Any = self.clause.compile(dialect=_STYLES[style])  # type: ignore[attr-defined]  # all have it
            known = self._texts[style] = str(compiled), tuple(compiled.positiontup or ())
        return known


def value(name: str) -> str:
    """The name of the parameter that gives a column its value, which must not be the column's."""
    return f"v_{name}"


def _given(name: str) -> ColumnElement[Any]:
    return bindparam(value(name), type_=jobs.c[name].type)


_AT: ColumnElement[Any] = bindparam("v_at", type_=Double())
_PRESENT: ColumnElement[float] = now()
_DUE: ColumnElement[Any] = case((_PRESENT < _AT, _AT), else_=now() + bindparam("v_delay", type_=Double()))
_DATED: ColumnElement[Any] = func.coalesce(bindparam("v_dated", type_=Double()), _DUE)
_CLOCK = {"created_at": now(), "dated_at": _DATED, "due_at": _DUE, "changed_at": now()}
_VALUES = {**{name: _given(name) for name in (*SHARED, *OWN)}, **_CLOCK}
_MADE = [jobs.c.id, *(jobs.c[name] for name in TIMES)]
_RUNG = func.pg_notify(plain(f"'{CHANNEL}'"), plain("''"))


def _of_sqlite() -> dict[str, Statement]:
    insert = sqlite.insert(jobs).values(_VALUES).on_conflict_do_nothing(index_elements=["key"])
    content = sqlite.insert(blobs).values(digest=bindparam("v_digest"), content=bindparam("v_content"), used_at=now())
    contract = sqlite.insert(contracts).values(hash=bindparam("v_hash"), form=bindparam("v_form"))
    return {
        "job": Statement(insert.returning(*_MADE)),
        "jobs": Statement(insert),
        "blob": Statement(content.on_conflict_do_update(index_elements=["digest"], set_={"used_at": now()})),
        "contract": Statement(contract.on_conflict_do_nothing()),
    }


def _of_postgresql() -> dict[str, Statement]:
    insert = postgresql.insert(jobs).values(_VALUES).on_conflict_do_nothing(index_elements=["key"])
    made = insert.returning(*_MADE).cte("made")
    # One text is several times less work for the driver than arrays, and every driver has it.
    document = cast(bindparam("v_rows", type_=Text()), postgresql.JSON)
    columns = [column(name, Text) for name in OWN]
    rows = func.json_to_recordset(document).table_valued(*columns).render_derived(name="given", with_types=True)
    each = {**_VALUES, **{name: rows.c[name] for name in OWN}}
    many = postgresql.insert(jobs).from_select(list(each), select(*each.values()).select_from(rows))
    content = postgresql.insert(blobs).values(
        digest=bindparam("v_digest"), content=bindparam("v_content", type_=LargeBinary()), used_at=now()
    )
    contract = postgresql.insert(contracts).values(hash=bindparam("v_hash"), form=bindparam("v_form"))
    return {
        "job": Statement(select(*made.c, _RUNG).select_from(made)),
        "jobs": Statement(many.on_conflict_do_nothing(index_elements=["key"]).returning(jobs.c.id)),
        "blob": Statement(content.on_conflict_do_update(index_elements=["digest"], set_={"used_at": now()})),
        "contract": Statement(contract.on_conflict_do_nothing()),
    }


INSERTS: Mapping[str, Mapping[str, Statement]] = {"sqlite": _of_sqlite(), "postgresql": _of_postgresql()}
"""By dialect: `job` inserts one, and gives its id and times if it is new; `jobs` one of several, or on PostgreSQL all
that the JSON `v_rows` has, and gives their ids; `blob` and `contract` insert one where it is not there yet."""
OF_KEYS: Mapping[str, Statement] = {
    dialect: Statement(
        select(jobs.c.id, jobs.c.key, jobs.c.notification, jobs.c.recipient).where(jobs.c.key.in_(plain(listed)))
    )
    for dialect, listed in {
        "sqlite": "SELECT value FROM json_each(:v_keys)",
        "postgresql": "SELECT json_array_elements_text(CAST(:v_keys AS JSON))",
    }.items()
}
"""By dialect: whose the keys in a JSON list are."""
BY_KEY = Statement(select(jobs).where(jobs.c.key == bindparam("v_key")))
KEPT = Statement(
    select(blobs.c.digest).where(
        blobs.c.digest == bindparam("v_digest"), blobs.c.used_at > now() - literal_column(str(FRESH), Double())
    )
)
LAST = Statement(select(func.coalesce(func.max(jobs.c.id), plain("0"))))
SINCE = Statement(select(jobs.c.id).where(jobs.c.id > bindparam("v_after")).order_by(jobs.c.id))
RING = Statement(select(_RUNG))
FILES = Statement(plain("SELECT name, file FROM pragma_database_list"))
PLACE = Statement(plain("SELECT current_database(), to_regclass('notify_migrations') IS NOT NULL"))
BIRTH = Statement(plain("SELECT applied_at FROM notify_migrations WHERE version = 1"))
