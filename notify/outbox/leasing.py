"""Who has which job: leases with an owner and an end, taken, renewed and given up by compare-and-set.

An owner is a word that is used for one batch only. Whoever would do the next thing with a job (begin to send it, write
down what became of it) names its owner, and finds out so that the lease was lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, case, exists, func, literal, or_, select, true, union_all, update

from notify.database.tables import now
from notify.outbox.history import LOST, appended, entry
from notify.outbox.job import PRIORITIES
from notify.outbox.numbers import among, listed
from notify.outbox.tables import LEASED, QUEUED, SUSPECT, UNBLAMED, jobs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement, Connection, Select
    from sqlalchemy.sql.dml import ReturningUpdate

    from notify.database import Database

    Statement = ReturningUpdate[Any]

_UNKNOWN = "the worker was lost while it was being sent: it may have been taken"
_POISON = "a worker was lost with it, {} times in a row"
ITS_OWN = or_(jobs.c.leader.is_(None), jobs.c.leader == jobs.c.id)
"""What is a message of its own: the other jobs of a digest go with its leader."""


class Leased(NamedTuple):
    """What a worker needs of a job that it has; see `Job` and the table."""

    id: int
    notification: str | None
    contract: str | None
    message_id: str
    recipient: str
    category: str | None
    delivery: str
    via: str | None
    params: str | None
    call: str | None
    sealed: str | None
    frozen: str | None
    bucket: str | None
    leader: int | None
    dated_at: float
    attempts: int
    losses: int
    created_at: float
    owner: str
    pending: str | None
    due_at: float
    lease_end: float
    history: str


COLUMNS = [jobs.c[name] for name in Leased._fields]


class Leases:
    """The leases of one outbox.

    Args:
        database: where it is.
        seconds: how long a lease lasts that is not renewed.
        losses: with how many lost workers in a row a job is given up.
    """

    def __init__(self, database: Database, *, seconds: float = 30.0, losses: int = 3) -> None:
        self.seconds = seconds
        self._database = database
        self._losses = losses

    def take(self, owner: str, limit: int) -> list[Leased]:
        """Lease so many of the due jobs, by priority, then by due time. Those with losses are not among them."""
        with self._database.writing() as connection:
            found: list[Leased] = []
            for rank in sorted(PRIORITIES.values()):
                if len(found) < limit:
                    found += self._lease(connection, _DUE, owner, number=limit - len(found), rank=rank)
        return found

    def take_suspect(self, owner: str) -> Leased | None:
        """Lease one job that a worker was lost with, alone, so that no other is blamed if it happens again."""
        with self._database.writing() as connection:
            return next(iter(self._lease(connection, _DUE_SUSPECT, owner)), None)

    def take_one(self, owner: str, job: int) -> Leased | None:
        """Lease this job, if it is due and nobody has it."""
        with self._database.writing() as connection:
            return next(iter(self._lease(connection, _DUE_ONE, owner, job=job)), None)

    def take_these(self, owner: str, ids: Collection[int]) -> list[Leased]:
        """Lease these jobs, as far as they are due and nobody has them; one with losses only if it is the only one."""
        if len(ids) == 1:
            return [*filter(None, [self.take_one(owner, *ids)])]
        with self._database.writing() as connection:
            return self._lease(connection, _DUE_SOME, owner, ids=list(ids))

    def _lease(self, connection: Connection, statement: Statement, owner: str, **values: Any) -> list[Leased]:
        values |= {"lease": owner, "seconds": self.seconds}
        found = [Leased._make(row) for row in connection.execute(statement, values)]
        found.sort(key=lambda job: job.id)
        return found

    def begin(self, owner: str, ids: Collection[int]) -> set[int]:
        """Write down that these are being sent from now on; those of them that are still the owner's."""
        if not ids:
            return set()
        with self._database.writing() as connection:
            return set(connection.execute(_BEGIN, {"ids": listed(ids), "lease": owner}).scalars())

    def renew(self, owner: str) -> int:
        """Let the owner's leases last anew; how many do."""
        with self._database.writing() as connection:
            return connection.execute(_RENEW, {"lease": owner, "seconds": self.seconds}).rowcount

    def give_back(self, owner: str, ids: Collection[int]) -> None:
        """Let others have these, which no server has seen."""
        if ids:
            with self._database.writing() as connection:
                connection.execute(_GIVE_BACK, {"lease": owner, "ids": listed(ids)})

    def give_all_back(self, owner: str) -> None:
        """Let others have whatever the owner has."""
        with self._database.writing() as connection:
            connection.execute(_GIVING_BACK, {"lease": owner})

    def recover(self) -> int:
        """See to the jobs whose lease has ended, since their worker was lost; how many there were.

        One that may have been sent already is put aside for a person, unless it may be sent twice; one that several
        workers were lost with is given up; all others wait for the next worker.
        """
        with self._database.reading() as connection:
            if connection.execute(select(literal(1)).where(_EXPIRED).limit(1)).first() is None:
                return 0
        with self._database.writing() as connection:
            ids = connection.execute(_LOST).scalars().all()
            if ids:
                for condition, values in self._verdicts():
                    connection.execute(update(jobs).where(LEASED, jobs.c.id.in_(ids), condition).values(values))
                connection.execute(FREE_OF_LEADERS)
            return len(ids)

    def _verdicts(self) -> Iterator[tuple[ColumnElement[bool], dict[str, Any]]]:
        """What becomes of jobs of lost workers; the first condition that holds is the one that counts."""
        poison = _POISON.format(self._losses)
        common = {"owner": None, "lease_end": None, "changed_at": now(), "losses": jobs.c.losses + 1}
        parked = appended(entry(LOST, reason=_UNKNOWN, unknown=True))
        begun = and_(jobs.c.begun_at.isnot(None), jobs.c.delivery == "at_most_once")
        yield begun, {**common, "state": "failed", "reason": _UNKNOWN, "history": parked}
        given_up = appended(entry(LOST, reason=poison))
        yield jobs.c.losses + 1 >= self._losses, {**common, "state": "dead", "reason": poison, "history": given_up}
        again = {**common, "state": "queued", "begun_at": None}
        yield jobs.c.begun_at.isnot(None), {**again, "history": appended(entry(LOST, unknown=True))}
        yield true(), {**again, "history": appended(entry(LOST))}

    def has_suspects(self) -> bool:
        """Whether there is a job for `take_suspect`."""
        with self._database.reading() as connection:
            return connection.execute(_SUSPECTS).first() is not None

    def next_due(self) -> float | None:
        """Seconds until there is something to do that is known of now, not below 0; None if there is nothing."""
        with self._database.reading() as connection:
            soonest = connection.execute(_SOONEST).scalar()
        return None if soonest is None else max(0.0, soonest)


def _leasing(chosen: Select[tuple[int]]) -> Statement:
    """The statement that leases the jobs that a query gives; those that another worker looks at are passed over."""
    # Else PostgreSQL may choose anew for each row of a table that it thinks is small, and lease them all.
    once = chosen.with_for_update(skip_locked=True).cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        update(jobs)
        .where(jobs.c.id.in_(select(once.c.id)))
        .values(
            state="leased",
            owner=bindparam("lease"),
            lease_end=now() + bindparam("seconds"),
            changed_at=now(),
            reason=None,
        )
        .returning(*COLUMNS)
    )


_ID = select(jobs.c.id).where(ITS_OWN, jobs.c.due_at <= now())
_DUE = _leasing(
    _ID.where(UNBLAMED, jobs.c.priority == bindparam("rank"))
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(bindparam("number"))
)
_DUE_SUSPECT = _leasing(_ID.where(SUSPECT).order_by(jobs.c.due_at).limit(1))
_DUE_ONE = _leasing(_ID.where(QUEUED, jobs.c.id == bindparam("job")))
_DUE_SOME = _leasing(_ID.where(UNBLAMED, jobs.c.id.in_(bindparam("ids", expanding=True))))
_SUSPECTS = _ID.where(SUSPECT).limit(1)
_EXPIRED = and_(LEASED, jobs.c.lease_end <= now())
_LOST = select(jobs.c.id).where(_EXPIRED).order_by(jobs.c.id).limit(1000).with_for_update(skip_locked=True)
_leader = jobs.alias("leader")
FREE_OF_LEADERS = (
    update(jobs)
    .where(
        QUEUED,
        jobs.c.leader != jobs.c.id,
        ~exists().where(_leader.c.id == jobs.c.leader, _leader.c.state.in_(("queued", "leased"))),
    )
    .values(leader=None)
)
"""Whatever ends a job: those that waited to go in its message are on their own again."""
FREE_OF_THESE = (
    update(jobs)
    .where(jobs.c.leader.in_(bindparam("leaders", expanding=True)), jobs.c.leader != jobs.c.id, QUEUED)
    .values(leader=None)
)
"""The same where it is known which jobs ended."""
_OWNED = jobs.c.owner == bindparam("lease")
_MINE = and_(_OWNED, LEASED)
# Whatever has an owner is leased. Asked for the state too, PostgreSQL would read what its index has of all leased ones,
# those that no longer are among them, instead of these few.
_SOME = and_(_OWNED, among(jobs.c.id, bindparam("ids", type_=Text())))
_BEGIN = (
    update(jobs)
    .where(_SOME, jobs.c.lease_end > now())
    .values(begun_at=now(), attempts=jobs.c.attempts + 1)
    .returning(jobs.c.id)
)
# What is locked is being begun or settled in another thread, for which this one must not wait: it may wait for ours.
_RENEWABLE = select(jobs.c.id).where(_MINE, jobs.c.lease_end > now()).with_for_update(skip_locked=True)
_RENEW = update(jobs).where(jobs.c.id.in_(_RENEWABLE.scalar_subquery())).values(lease_end=now() + bindparam("seconds"))
_GIVEN_BACK = {
    "state": "queued",
    "owner": None,
    "lease_end": None,
    "begun_at": None,
    "attempts": jobs.c.attempts - case((jobs.c.begun_at.is_(None), 0), else_=1),
}
_GIVE_BACK = update(jobs).where(_SOME).values(_GIVEN_BACK)
_GIVING_BACK = update(jobs).where(_MINE).values(_GIVEN_BACK)


def first(column: ColumnElement[float], *conditions: ColumnElement[bool]) -> Select[tuple[float]]:
    """The least value there is; in a way that an index serves also where PostgreSQL knows nothing of the table yet."""
    return select(select(column).where(*conditions).order_by(column).limit(1).scalar_subquery().label("least"))


_TIMES = union_all(
    *(first(jobs.c.due_at, UNBLAMED, jobs.c.priority == rank) for rank in sorted(PRIORITIES.values())),
    first(jobs.c.due_at, SUSPECT),
    first(jobs.c.lease_end, LEASED),
).subquery()
_SOONEST = select(func.min(_TIMES.c.least) - now())
