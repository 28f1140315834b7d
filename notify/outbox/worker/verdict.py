"""What becomes of a job after it was tried, or could not be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.errors import (
    ConfigError,
    DeliveryError,
    NotifyError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
    undelivered,
)
from notify.outbox.history import ATTEMPT, PARKED, entry
from notify.outbox.settling import Settlement
from notify.outbox.worker.failure import described, described_rest, in_a_line
from notify.outbox.worker.past import past
from notify.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.outbox.leasing import Leased
    from notify.outbox.worker.past import Past
    from notify.outbox.worker.persistence import Persistence

_IN_DOUBT = "it may have been taken"


class Verdict(NamedTuple):
    """What to write down, and the word that it is counted under.

    The word is one of sent, again, throttled, misconfigured, failed and dead.
    """

    settlement: Settlement
    word: str


class _Rest(NamedTuple):
    """Those who do not have the message, by what can be done about it."""

    again: Mapping[str, DeliveryError]
    doubtful: Mapping[str, DeliveryError]
    refused: Mapping[str, DeliveryError]


def verdict(
    job: Leased,
    outcome: Receipt | NotifyError,
    people: Sequence[str],
    persistence: Persistence,
    *,
    now: float,
    chance: float,
) -> Verdict:
    """What becomes of a job that a transport had.

    Args:
        job: as it was leased.
        outcome: what the transport said.
        people: the recipients of the message, before a redirection.
        persistence: how long and how often it is tried.
        now: seconds of the epoch, by the database's clock.
        chance: from 0 to 1.
    """
    accepted, errors = _by_person(outcome, people)
    if not errors:
        return Verdict(Settlement(job.id, job.owner, "sent", _attempt(outcome)), "sent")
    before = past(job.history)
    rest = _sorted(errors, job, before, persistence)
    if rest.doubtful:
        return _doubtful(job, outcome, rest, people)
    if rest.again:
        return _again(job, outcome, rest.again, people, before, persistence, now=now, chance=chance)
    if accepted or before.served:
        return Verdict(Settlement(job.id, job.owner, "sent", _attempt(outcome)), "sent")
    reason = in_a_line(next(iter(errors.values())))
    return Verdict(Settlement(job.id, job.owner, "dead", _attempt(outcome), reason, pending=job.pending), "dead")


def unready(job: Leased, error: BaseException, persistence: Persistence, *, chance: float) -> Verdict:
    """What becomes of a job of which no message can be made.

    Where the configuration is to blame, it waits until a person has mended that; else a person must look at the job.
    """
    reason = in_a_line(error)
    if isinstance(error, ConfigError):
        pause = persistence.later(persistence.misconfigured, chance)
        told = None if _is_known(past(job.history), described(error)) else entry(ATTEMPT, error=described(error))
        settlement = Settlement(job.id, job.owner, "queued", told, reason, pause, job.pending)
        return Verdict(settlement, "misconfigured")
    told = entry(PARKED, reason=reason, error=described(error))
    return Verdict(Settlement(job.id, job.owner, "failed", told, reason, pending=job.pending), "failed")


def _by_person(
    outcome: Receipt | NotifyError, people: Sequence[str]
) -> tuple[Sequence[str], Mapping[str, DeliveryError]]:
    """Who has it, and the error of each of the others."""
    if isinstance(outcome, Receipt):
        return outcome.accepted, outcome.rejected
    failure = undelivered(outcome)
    return (), {person: failure.rejected.get(person, failure) for person in people}


def _sorted(errors: Mapping[str, DeliveryError], job: Leased, before: Past, persistence: Persistence) -> _Rest:
    rest = _Rest({}, {}, {})
    repeatable = job.delivery == "at_least_once" and before.doubts < persistence.doubts
    for person, error in errors.items():
        if isinstance(error, UnknownOutcomeError):
            group: Any = rest.again if repeatable else rest.doubtful
        else:
            group = rest.again if isinstance(error, (TemporaryError, TransportConfigError)) else rest.refused
        group[person] = error
    return rest


def _doubtful(job: Leased, outcome: Receipt | NotifyError, rest: _Rest, people: Sequence[str]) -> Verdict:
    """A person must find out; those who could be tried again wait for that too, lest a state says less than there is."""
    reason = f"{in_a_line(next(iter(rest.doubtful.values())))}: {_IN_DOUBT}"
    left = _left({**rest.again, **rest.doubtful}, people, job)
    return Verdict(Settlement(job.id, job.owner, "failed", _attempt(outcome, unknown=True), reason, pending=left), "failed")


def _again(
    job: Leased,
    outcome: Receipt | NotifyError,
    again: Mapping[str, DeliveryError],
    people: Sequence[str],
    before: Past,
    persistence: Persistence,
    *,
    now: float,
    chance: float,
) -> Verdict:
    pauses = [_pause(error, job, persistence, chance) for error in again.values()]
    worst = max(again.values(), key=_severity)
    reason, left = in_a_line(worst), _left(again, people, job)
    told: str | None = _attempt(outcome, unknown=True if isinstance(worst, UnknownOutcomeError) else None)
    if _severity(worst) < _COUNTS:
        word = "throttled" if isinstance(worst, ThrottledError) else "misconfigured"
        if isinstance(outcome, NotifyError) and _is_known(before, described(undelivered(outcome))):
            told = None
        settlement = Settlement(job.id, job.owner, "queued", told, reason, max(pauses), left, forgiven=True)
        return Verdict(settlement, word)
    since = job.dated_at if before.since is None else before.since
    tries = job.attempts + 1
    if tries >= persistence.tries or now - since >= persistence.longest:
        reason = f"given up after {tries} tries: {reason}"
        return Verdict(Settlement(job.id, job.owner, "dead", told, reason, pending=left), "dead")
    return Verdict(Settlement(job.id, job.owner, "queued", told, reason, max(pauses), left), "again")


_COUNTS = 2


def _severity(error: DeliveryError) -> int:
    """From 2 on, the try counts."""
    kinds = (ThrottledError, TransportConfigError, TemporaryError, UnknownOutcomeError)
    return next((number for number, kind in enumerate(kinds) if isinstance(error, kind)), len(kinds))


def _pause(error: DeliveryError, job: Leased, persistence: Persistence, chance: float) -> float:
    if isinstance(error, ThrottledError):
        return persistence.later(error.retry_after or persistence.throttled, chance)
    if isinstance(error, TransportConfigError):
        return persistence.later(persistence.misconfigured, chance)
    if isinstance(error, UnknownOutcomeError):
        return persistence.later(persistence.unknown, chance)
    return max(persistence.pause(job.attempts + 1, chance), error.retry_after or 0.0)


def _left(errors: Mapping[str, DeliveryError], people: Sequence[str], job: Leased) -> str | None:
    """Those recipients of the message who are left, as JSON; None for all."""
    left = [person for person in people if person in errors]
    if not left or (len(left) == len(people) and job.pending is None):  # nobody, where it was redirected
        return job.pending
    return json.dumps(left, ensure_ascii=False)


def _attempt(outcome: Receipt | NotifyError, *, unknown: bool | None = None) -> str:
    if isinstance(outcome, Receipt):
        return entry(
            ATTEMPT,
            transport=outcome.transport,
            accepted=outcome.accepted,
            response=outcome.response or None,
            provider_id=outcome.provider_id,
            error=described_rest(outcome),
            unknown=unknown,
        )
    failure = undelivered(outcome)
    return entry(ATTEMPT, transport=failure.transport or None, error=described(failure), unknown=unknown)


def _is_known(before: Past, error: Mapping[str, Any]) -> bool:
    """Whether the last entry says the same already: one that waits for weeks would else have a history without end."""
    return before.last == (error["class"], error["reason"])
