"""The statements that put jobs into the outbox, and their text for connections that take nothing but text."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Double, LargeBinary, Text, bindparam, case, cast, column, func, literal_column, select
from sqlalchemy import text as plain
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from notify.database.tables import now
from notify.outbox.tables import HAS_KEY, blobs, contracts, jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


class Wording(NamedTuple):
    """A statement as text.

    Attributes:
        text: the statement.
        names: those of the values, in the order in which it takes them.
        taken: what takes the values, in that order, out of a mapping.
    """

    text: str
    names: tuple[str, ...]
    taken: Callable[[Mapping[str, Any]], Sequence[Any]]


class Statement:
    """A statement of SQLAlchemy, and the same as text.

    Args:
        clause: the statement.
    """

    def __init__(self, clause: Executable) -> None:
        self.clause = clause
        self._texts: dict[str, Wording] = {}

    def worded(self, style: str) -> Wording:
        """The text in one of the styles."""
        known = self._texts.get(style)
        if known is None:
            compiled: Any = self.clause.compile(dialect=_STYLES[style])  # type: ignore[attr-defined]  # all have it
            names = tuple(compiled.positiontup or ())
            known = self._texts[style] = Wording(str(compiled), names, _taking(names))
        return known


def _taking(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)  # which is several times as fast as a loop
    return lambda values: [values[name] for name in names]


def value(name: str) -> str:
    """The name of the parameter that gives a column its value, which must not be the column's."""
    return f"v_{name}"


class Inserts(NamedTuple):
    """What puts rows into one kind of database.

    Those of jobs are by whether there is a key, and whether there is a time of the caller's: to look for what is not
    there takes SQLite half as long as all the rest. SQLite is given the times, whoever says them.

    Attributes:
        job: inserts a job; in PostgreSQL it gives its id and times if it is new.
        jobs: the same in SQLite; in PostgreSQL it inserts all that the JSON `v_rows` has, and gives their ids.
        blob: inserts a content, or renews its time.
        contract: inserts a contract if it is not there.
    """

    job: Mapping[tuple[bool, bool], Statement]
    jobs: Mapping[tuple[bool, bool], Statement]
    blob: Statement
    contract: Statement


_EACH = tuple((keyed, timed) for keyed in (False, True) for timed in (False, True))
_MADE = [jobs.c.id, *(jobs.c[name] for name in TIMES)]
_RUNG = func.pg_notify(plain(f"'{CHANNEL}'"), plain("''"))


def _values(*, timed: bool) -> dict[str, Any]:
    """The value of each column of a job."""
    due: ColumnElement[Any] = now() + bindparam("v_delay", type_=Double())
    dated = due
    if timed:
        at: ColumnElement[Any] = bindparam("v_at", type_=Double())
        present: ColumnElement[float] = now()
        due = case((present < at, at), else_=due)
        dated = func.coalesce(bindparam("v_dated", type_=Double()), due)
    return {**_given(), "created_at": now(), "dated_at": dated, "due_at": due, "changed_at": now()}


def _given() -> dict[str, Any]:
    return {name: bindparam(value(name), type_=jobs.c[name].type) for name in (*SHARED, *OWN)}


def _unless_there(statement: Any, *, keyed: bool) -> Any:
    return statement.on_conflict_do_nothing(index_elements=["key"], index_where=HAS_KEY) if keyed else statement


def _beside(insert: Any) -> tuple[Statement, Statement]:
    """The statements for what lies beside jobs."""
    content = insert(blobs).values(
        digest=bindparam("v_digest"), content=bindparam("v_content", type_=LargeBinary()), used_at=now()
    )
    contract = insert(contracts).values(hash=bindparam("v_hash"), form=bindparam("v_form"))
    return (
        Statement(content.on_conflict_do_update(index_elements=["digest"], set_={"used_at": now()})),
        Statement(contract.on_conflict_do_nothing()),
    )


def _of_sqlite() -> Inserts:
    stamps: dict[str, Any] = {name: bindparam(value(name), type_=Double()) for name in TIMES}
    insert = sqlite.insert(jobs).values({**_given(), **stamps})
    each = {keyed: Statement(_unless_there(insert, keyed=keyed)) for keyed in (False, True)}
    job = {(keyed, timed): each[keyed] for keyed, timed in _EACH}
    return Inserts(job, job, *_beside(sqlite.insert))


def _of_postgresql() -> Inserts:
    def job(*, keyed: bool, timed: bool) -> Statement:
        insert = _unless_there(postgresql.insert(jobs).values(_values(timed=timed)), keyed=keyed)
        made = insert.returning(*_MADE).cte("made")
        return Statement(select(*made.c, _RUNG).select_from(made))

    def several(*, keyed: bool, timed: bool) -> Statement:
        # One text is several times less work for the driver than arrays, and every driver has it.
        document = cast(bindparam("v_rows", type_=Text()), postgresql.JSON)
        columns = [column(name, Text) for name in OWN]
        rows = func.json_to_recordset(document).table_valued(*columns).render_derived(name="given", with_types=True)
        each = {**_values(timed=timed), **{name: rows.c[name] for name in OWN}}
        insert = postgresql.insert(jobs).from_select(list(each), select(*each.values()).select_from(rows))
        return Statement(_unless_there(insert, keyed=keyed).returning(jobs.c.id))

    return Inserts(
        {(keyed, timed): job(keyed=keyed, timed=timed) for keyed, timed in _EACH},
        {(keyed, timed): several(keyed=keyed, timed=timed) for keyed, timed in _EACH},
        *_beside(postgresql.insert),
    )


INSERTS: Mapping[str, Inserts] = {"sqlite": _of_sqlite(), "postgresql": _of_postgresql()}
"""By dialect."""
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
