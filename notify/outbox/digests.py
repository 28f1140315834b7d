"""Calls that wait for one recipient, and become one message.

Each call is a job of its own, so that none is lost; those that go together have the same bucket. The first of them
that is due takes the others along: it is the leader, whose message it is, and they share its fate. A group that was
made once stays as it is, so that another try sends the same message.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, Text, and_, bindparam, exists, literal_column, or_, select, union_all, update

from notify.database.tables import now
from notify.outbox.leasing import COLUMNS, Leased
from notify.outbox.tables import LEASED, QUEUED, UNBLAMED, jobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.database import Database
    from notify.definition import Definition
    from notify.definition.gathering import Digest


def bucket_of(definition: Definition, recipients: Iterable[str], params: Mapping[str, Any]) -> str | None:
    """What the jobs have in common that a digest or a throttle counts together; None if there is neither.

    Args:
        definition: the notification.
        recipients: the bare addresses of `to`.
        params: as the caller gave them; their values are not to be read from the result.
    """
    if definition.digest is None and definition.throttle is None:
        return None
    by = definition.digest.by if definition.digest is not None else ()
    known = definition.contract.params if definition.contract is not None else {}
    values = [params.get(name, known[name].default) for name in by]
    parts = [definition.id, sorted(address.lower() for address in recipients), values]
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()[:32]


def gather(database: Database, leader: Leased, digest: Digest, seconds: float) -> list[Leased]:
    """Lease what goes in the leader's message, by the leader's lease: at most so many jobs, the oldest first.

    What is not due goes with it if it waits for others; what waits for a time of the caller's does not.

    Args:
        database: where the outbox is.
        leader: a leased job of a digest. Where its group was made before, the group is what is leased.
        digest: how long jobs wait for others, and how many a message has at most, with the leader.
        seconds: how long the leases last.

    Returns:
        The jobs without the leader, by id; none if the leader was lost. Jobs of the same bucket that the leader's owner
        has already are among them.
    """
    values = {"first": leader.id, "lease": leader.owner, "seconds": seconds}
    which = {"group": leader.bucket, "number": digest.most - 1, "window": digest.window + _MOMENT}
    with database.writing() as connection:
        if leader.leader is None:
            rows = connection.execute(_GATHER, {**values, **which})
        else:
            rows = connection.execute(_GATHER_AGAIN, values)
        found = [Leased._make(row) for row in rows]
    return sorted((job for job in found if job.id != leader.id), key=lambda job: job.id)


def merged(definition: Definition, calls: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The params of one message of many calls, the oldest first: the last one's, with the items of all."""
    assert definition.digest is not None  # noqa: S101 - for the type checker: it is a digest's
    params: dict[str, Any] = {}
    items: list[Any] = []
    for call in calls:
        params = dict(call)
        items += call.get(definition.digest.param) or ()
    return {**params, definition.digest.param: items}


_MOMENT = 1.0  # PostgreSQL asks its clock once for each of a row's times
_MINE = and_(LEASED, jobs.c.owner == bindparam("lease"))
_leader = jobs.alias("leader")
_IS_LED = exists().where(
    _leader.c.id == bindparam("first"),
    _leader.c.state == literal_column("'leased'", Text()),
    _leader.c.owner == bindparam("lease"),
)
"""A worker that stood still for long may have lost the leader, and is not to take the others from who has it now."""
_WAITS_FOR_OTHERS = jobs.c.due_at <= jobs.c.created_at + bindparam("window", type_=Double())
# Chosen once: PostgreSQL might else choose anew for each row that it looks at.
_OTHERS = (
    select(jobs.c.id)
    .where(
        _IS_LED,
        jobs.c.bucket == bindparam("group"),
        jobs.c.leader.is_(None),
        jobs.c.id != bindparam("first"),
        or_(and_(UNBLAMED, or_(_WAITS_FOR_OTHERS, jobs.c.due_at <= now())), _MINE),
    )
    .order_by(jobs.c.id)
    .limit(bindparam("number"))
    .with_for_update(skip_locked=True)
    .cte("others")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_FIRST = select(jobs.c.id).where(jobs.c.id == bindparam("first"), _MINE)
_TAKEN = {
    "leader": bindparam("first"),
    "state": "leased",
    "owner": bindparam("lease"),
    "lease_end": now() + bindparam("seconds"),
    "changed_at": now(),
    "reason": None,
}
_TOGETHER = union_all(select(_OTHERS.c.id), _FIRST)
_GATHER = update(jobs).where(jobs.c.id.in_(_TOGETHER)).values(_TAKEN).returning(*COLUMNS)
_GATHER_AGAIN = (
    update(jobs)
    .where(_IS_LED, jobs.c.leader == bindparam("first"), or_(QUEUED, _MINE))
    .values(_TAKEN)
    .returning(*COLUMNS)
)
