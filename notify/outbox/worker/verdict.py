"""What becomes of a job after it was tried, or could not be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.errors import (
    ConfigError,
    DeliveryError,
    NotifyError,
    SuppressedError,
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

_KINDS: tuple[type[DeliveryError], ...] = (ThrottledError, TransportConfigError, TemporaryError, UnknownOutcomeError)
"""Which of several errors decides: the last."""
_COUNTS = 2
"""From this one on, the try counts."""
_MOST = 30 * 86400.0
"""Of the seconds that a server may ask for."""


class Verdict(NamedTuple):
    """What to write down, and the word that it is counted under.

    The word is one of sent, again, throttled, misconfigured, suppressed, failed and dead.
    """

    settlement: Settlement
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A job that a transport had.

    Attributes:
        job: as it was leased.
        outcome: what the transport said.
        people: the recipients of the message, before a redirection.
        persistence: how long and how often it is tried.
        now: seconds of the epoch, by the database's clock.
        chance: from 0 to 1.
    """

    job: Leased
    outcome: Receipt | NotifyError
    people: Sequence[str]
    persistence: Persistence
    now: float
    chance: float


def verdict(case: Case) -> Verdict:
    """What becomes of a job that a transport had."""
    if isinstance(case.outcome, Receipt) and not case.outcome.rejected:
        return _ended(case, "sent")
    errors, before = _errors(case), past(case.job.history)
    again: dict[str, DeliveryError] = {}
    doubtful: dict[str, DeliveryError] = {}
    repeatable = case.job.delivery == "at_least_once" and before.doubts < case.persistence.doubts
    for person, error in errors.items():
        if isinstance(error, UnknownOutcomeError):
            (again if repeatable else doubtful)[person] = error
        elif isinstance(error, _KINDS):
            again[person] = error
    if doubtful:
        # Those who could be tried again wait too: else the state would not say that there is something to look at.
        reason = f"{in_a_line(next(iter(doubtful.values())))}: it may have been taken"
        return _ended(case, "failed", reason, _left({**again, **doubtful}, case), unknown=True)
    if again:
        return _again(case, again, before)
    if before.served or (isinstance(case.outcome, Receipt) and case.outcome.accepted):
        return _ended(case, "sent")
    return _ended(case, "dead", in_a_line(next(iter(errors.values()))), case.job.pending)


def unready(job: Leased, error: BaseException, persistence: Persistence, *, chance: float) -> Verdict:
    """What becomes of a job of which no message can be made.

    Where the configuration is to blame, it waits until a person has mended that, and where something is not known now,
    for a while. What nobody wants any more is taken back; else a person must look at the job.
    """
    reason, told = in_a_line(error), described(error)
    attempt = entry(ATTEMPT, error=told)
    leads = _leads(job)
    if isinstance(error, (ConfigError, TemporaryError)):
        tries, is_blamed = job.attempts + 1, isinstance(error, ConfigError)
        pause = persistence.later(persistence.misconfigured, chance) if is_blamed else persistence.pause(tries, chance)
        told_of = None if _is_known(past(job.history), told) else attempt
        later = Settlement(job.id, job.owner, "queued", told_of, reason, pause, job.pending, group=leads)
        return Verdict(later, "misconfigured" if is_blamed else "again")
    if isinstance(error, SuppressedError):
        taken_back = Settlement(job.id, job.owner, "cancelled", attempt, reason, pending=job.pending, group=leads)
        return Verdict(taken_back, "suppressed")
    parked = entry(PARKED, reason=reason, error=told)
    aside = Settlement(job.id, job.owner, "failed", parked, reason, pending=job.pending, group=leads)
    return Verdict(aside, "failed")


def _errors(case: Case) -> Mapping[str, DeliveryError]:
    """The error of each recipient who was not served."""
    if isinstance(case.outcome, Receipt):
        return case.outcome.rejected
    failure = undelivered(case.outcome)
    return {person: failure.rejected.get(person, failure) for person in case.people}


def _ended(
    case: Case, state: str, reason: str | None = None, pending: str | None = None, *, unknown: bool = False
) -> Verdict:
    attempt = _attempt(case.outcome, unknown=unknown)
    job = case.job
    ended = Settlement(job.id, job.owner, state, attempt, reason, pending=pending, group=_leads(job))
    return Verdict(ended, state)


def _again(case: Case, again: Mapping[str, DeliveryError], before: Past) -> Verdict:
    job, persistence = case.job, case.persistence
    worst = max(again.values(), key=_rank)
    reason, left = in_a_line(worst), _left(again, case)
    tries, since = job.attempts + 1, case.now if before.since is None else before.since
    counts, unknown = _rank(worst) >= _COUNTS, isinstance(worst, UnknownOutcomeError)
    if counts and (tries >= persistence.tries or case.now - since >= persistence.longest):
        return _ended(case, "dead", f"given up after {tries} tries: {reason}", left, unknown=unknown)
    attempt: str | None = _attempt(case.outcome, unknown=unknown)
    if not counts and isinstance(case.outcome, NotifyError) and _is_known(before, described(undelivered(case.outcome))):
        attempt = None
    pause = max(_pause(error, case) for error in again.values())
    settlement = Settlement(job.id, job.owner, "queued", attempt, reason, pause, left, not counts, _leads(job))
    if counts:
        return Verdict(settlement, "again")
    return Verdict(settlement, "throttled" if isinstance(worst, ThrottledError) else "misconfigured")


def _leads(job: Leased) -> bool:
    """Whether others go in its message, or might."""
    return job.leader is not None


def _rank(error: DeliveryError) -> int:
    return next(number for number, kind in enumerate(_KINDS) if isinstance(error, kind))


def _pause(error: DeliveryError, case: Case) -> float:
    persistence = case.persistence
    if isinstance(error, ThrottledError):
        return persistence.later(_asked(error) or persistence.throttled, case.chance)
    if isinstance(error, TransportConfigError):
        return persistence.later(persistence.misconfigured, case.chance)
    if isinstance(error, UnknownOutcomeError):
        return persistence.later(persistence.unknown, case.chance)
    return max(persistence.pause(case.job.attempts + 1, case.chance), _asked(error))


def _asked(error: DeliveryError) -> float:
    """The seconds that a server asks for; 0.0 if it asks for none, or for what is no number."""
    seconds = error.retry_after or 0.0
    return min(seconds, _MOST) if seconds > 0 else 0.0


def _left(errors: Mapping[str, DeliveryError], case: Case) -> str | None:
    """Those recipients of the message who are left, as JSON; None for all."""
    left = [person for person in case.people if person in errors]
    if not left or (len(left) == len(case.people) and case.job.pending is None):  # it was redirected, or it is for all
        return case.job.pending
    return json.dumps(left, ensure_ascii=False)


def _attempt(outcome: Receipt | NotifyError, *, unknown: bool) -> str:
    doubt = True if unknown else None
    if isinstance(outcome, Receipt):
        return entry(
            ATTEMPT,
            transport=outcome.transport,
            accepted=outcome.accepted,
            response=outcome.response or None,
            provider_id=outcome.provider_id,
            error=described_rest(outcome),
            unknown=doubt,
        )
    failure = undelivered(outcome)
    return entry(ATTEMPT, transport=failure.transport or None, error=described(failure), unknown=doubt)


def _is_known(before: Past, error: Mapping[str, Any]) -> bool:
    """Whether the last entry says the same already: one that waits for weeks would else have a history without end."""
    return before.last == (error["class"], error["reason"])
