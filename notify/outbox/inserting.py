"""Putting drafts into the outbox, in whatever transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from notify.database.tables import now_of_sqlite
from notify.errors import NotifyError, OutboxError, ParamProblem, ParamsError
from notify.outbox.job import PRIORITY_WORDS, Job
from notify.outbox.statements import BY_KEY, INSERTS, KEPT, OF_KEYS, OWN, SHARED, TIMES, value
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.outbox.connections import Target
    from notify.outbox.drafting import ContractRow, Draft
    from notify.outbox.statements import Statement

_TRIES = 3
_COLUMNS = tuple(column.name for column in jobs.columns)
_SHARED = (*map(value, SHARED), "v_at", "v_delay", "v_dated")
_stamps = itemgetter(*map(value, TIMES))
_OWN = tuple((name, value(name)) for name in OWN)


def insert(target: Target, draft: Draft) -> tuple[Job, bool]:
    """The job of a draft, and whether it is new: not if another has its key already.

    Raises:
        ParamsError: the job that has the key is of another notification or for somebody else.
    """
    if draft.blobs:
        keep_blobs(target, draft.blobs)
    key = draft.values["v_key"]
    statement = INSERTS[target.dialect].job[key is not None, _is_timed(draft)]
    for _ in range(_TRIES):
        if made := _put(target, statement, draft.values):
            return _new(draft.values, made), True
        # It may have been purged between these two.
        if key is not None and (job := by_key(target, key)) is not None:
            _check_same(job.id, job.notification, job.recipient, draft)
            return job, False
    raise OutboxError(f"a job of the key {key!r} comes and goes; try again")


def insert_many(target: Target, drafts: Sequence[Draft], first: int) -> tuple[int, Sequence[int] | None]:
    """Insert several of one call; how many of them were new, and their ids where the database tells.

    Args:
        target: where to.
        drafts: what to insert.
        first: the number of the first of them, for errors.

    Raises:
        ParamsError: the job that has a key is of another notification or for somebody else.
    """
    keyed = any(draft.values["v_key"] is not None for draft in drafts)
    statement = INSERTS[target.dialect].jobs[keyed, _is_timed(drafts[0])]
    if target.dialect == "sqlite":
        ids: list[int] | None = None
        present = now_of_sqlite()
        for draft in drafts:
            _stamp(draft.values, present)
        count = target.many(statement, [draft.values for draft in drafts])
    else:
        shared = {name: drafts[0].values[name] for name in _SHARED}
        ids = [row[0] for row in target.rows(statement, {**shared, "v_rows": _document(drafts)})]
        count = len(ids)
    if count < len(drafts):
        _check_all(target, drafts, first)
    return count, ids


def _put(target: Target, statement: Statement, values: dict[str, Any]) -> Sequence[Any] | None:
    """The id and the times of a job, in their order; None if there is one that has its key."""
    if target.dialect == "sqlite":
        # To have them returned would take as long as half of what Python does.
        _stamp(values, now_of_sqlite())
        job = target.put(statement, values)
        return None if job is None else (job, *_stamps(values))
    made = target.rows(statement, values)
    return made[0][:5] if made else None


def _stamp(values: dict[str, Any], present: float) -> None:
    """Add the times, which PostgreSQL finds itself."""
    at, dated = values["v_at"], values["v_dated"]
    due = at if at is not None and present < at else present + values["v_delay"]
    values["v_created_at"] = values["v_changed_at"] = present
    values["v_due_at"] = due
    values["v_dated_at"] = due if dated is None else dated


def keep_blobs(target: Target, contents: Mapping[str, bytes]) -> None:
    """Store contents that are not there, and renew the time of those that were not used lately.

    In the order of their digests, so that of two transactions one waits for the other, and not each for each.
    """
    for digest in sorted(contents):
        if not target.rows(KEPT, {"v_digest": digest}):
            target.rows(INSERTS[target.dialect].blob, {"v_digest": digest, "v_content": contents[digest]})


def keep_contract(target: Target, contract: ContractRow) -> None:
    """Store a contract that is not there."""
    target.rows(INSERTS[target.dialect].contract, {"v_hash": contract.hash, "v_form": contract.form})


def by_key(target: Target, key: str) -> Job | None:
    """The job that has a key."""
    found = target.rows(BY_KEY, {"v_key": key})
    return Job.of_row(dict(zip(_COLUMNS, found[0], strict=True))) if found else None


def in_row(number: int, error: NotifyError) -> NotifyError:
    """The error, saying in which row it is."""
    error.args = (f"row {number}: {error}", *error.args[1:])
    return error


def _check_all(target: Target, drafts: Sequence[Draft], first: int) -> None:
    keys = [draft.values["v_key"] for draft in drafts if draft.values["v_key"] is not None]
    found = target.rows(OF_KEYS[target.dialect], {"v_keys": json.dumps(keys)})
    theirs = {key: (job, notification, recipient) for job, key, notification, recipient in found}
    for number, draft in enumerate(drafts, first):
        if (known := theirs.get(draft.values["v_key"])) is not None:
            try:
                _check_same(*known, draft)
            except ParamsError as error:
                raise in_row(number, error) from None


def _check_same(job: int, notification: str | None, recipient: str, draft: Draft) -> None:
    """See that the job which has the key of a draft is for its notification and its recipient."""
    wanted = draft.values["v_notification"], draft.values["v_recipient"]
    if (notification, recipient) == wanted:
        return
    got = f"{draft.values['v_key']!r}, which job {job} has: {notification or 'a message'} for {recipient}"
    expected = f"a key that no other job has than one of {wanted[0] or 'a message'} for {wanted[1]}"
    raise ParamsError(draft.name, [ParamProblem("key", expected, got)])


def _is_timed(draft: Draft) -> bool:
    """Whether there is a time of the caller's."""
    return draft.values["v_at"] is not None or draft.values["v_dated"] is not None


def _document(drafts: Sequence[Draft]) -> str:
    """What drafts have of their own, as the JSON that the statement takes."""
    return json.dumps([{name: draft.values[key] for name, key in _OWN} for draft in drafts], separators=(",", ":"))


def _new(values: Mapping[str, Any], made: Sequence[Any]) -> Job:
    """The job that was just inserted; `made` are its id and times."""
    job, created, dated, due, changed = made
    created_at = datetime.fromtimestamp(created, UTC)
    due_at = created_at if due == created else datetime.fromtimestamp(due, UTC)
    return Job(  # written out, which takes half the time that a loop does
        id=job,
        notification=values["v_notification"],
        contract=values["v_contract"],
        message_id=values["v_message_id"],
        recipient=values["v_recipient"],
        state="queued",
        created_at=created_at,
        dated_at=due_at if dated == due else datetime.fromtimestamp(dated, UTC),
        due_at=due_at,
        changed_at=created_at if changed == created else datetime.fromtimestamp(changed, UTC),
        locale=values["v_locale"],
        category=values["v_category"],
        delivery=values["v_delivery"],
        via=values["v_via"],
        key=values["v_key"],
        bucket=values["v_bucket"],
        priority=PRIORITY_WORDS[values["v_priority"]],
        params=values["v_params"],
        call=values["v_call"],
        sealed=values["v_sealed"],
        frozen=values["v_frozen"],
        blobs=tuple(json.loads(values["v_blobs"])) if values["v_blobs"] else (),
    )
