"""What becomes of a job: by the class of what a transport said, what happened before, and what may be repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from notify.errors import (
    ConfigError,
    DeliveryError,
    MessageError,
    NotifyError,
    ParamProblem,
    ParamsError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.outbox.history import ATTEMPT, RETRIED
from notify.outbox.leasing import Leased
from notify.outbox.worker.persistence import Persistence
from notify.outbox.worker.verdict import Case, Verdict, unready, verdict
from notify.receipt import Receipt

HOUR, NOW = 3600.0, 1_800_000_000.0
ADA, BOB, EVE = "ada@example.com", "bob@example.com", "eve@example.com"
PLAIN = Persistence(jitter=0.0)


def a_job(**values: Any) -> Leased:
    """A job that was put in a minute ago, and is tried for the first time."""
    usual: dict[str, Any] = dict.fromkeys(Leased._fields)
    usual |= {
        "id": 7, "owner": "worker/1", "delivery": "at_most_once", "attempts": 0, "losses": 0, "dated_at": NOW - 60,
        "created_at": NOW - 60, "due_at": NOW - 60, "lease_end": NOW + 30, "history": "[]",
    }  # fmt: skip
    return Leased(**{**usual, **values})


def judged(outcome: Receipt | NotifyError, *people: str, **job: Any) -> Verdict:
    """The verdict about a job, for Ada unless for others."""
    case = Case(job=a_job(**job), outcome=outcome, people=people or (ADA,), persistence=PLAIN, now=NOW, chance=0.5)
    return verdict(case)


def told(found: Verdict) -> dict[str, Any]:
    """The entry that goes into the history."""
    entry: dict[str, Any] = json.loads(found.settlement.entry or "null")
    return entry


def a_receipt(*accepted: str, **rejected: DeliveryError) -> Receipt:
    """A receipt; the keywords are the first letters of addresses."""
    names = {address[0]: address for address in (ADA, BOB, EVE)}
    return Receipt("<1@acme.example>", "smtp", accepted, {names[each]: rejected[each] for each in rejected}, "250 Ok")


TEMPORARY, REFUSED = TemporaryError("busy", transport="smtp", code=451), RefusedError("no such user", code=550)
THROTTLED, BROKEN = ThrottledError("too many", transport="smtp"), TransportConfigError("wrong key", transport="smtp")
UNKNOWN = UnknownOutcomeError("lost after the final dot", transport="smtp")


@pytest.mark.parametrize(
    ("outcome", "job", "expected"),
    [
        (a_receipt(ADA), {}, ("sent", "sent", 0.0, False)),
        (TEMPORARY, {}, ("queued", "again", 60.0, False)),
        (TEMPORARY, {"attempts": 1}, ("queued", "again", 120.0, False)),
        (TEMPORARY, {"attempts": 2}, ("queued", "again", 300.0, False)),
        (TEMPORARY, {"attempts": 3}, ("queued", "again", 900.0, False)),
        (TEMPORARY, {"attempts": 4}, ("queued", "again", HOUR, False)),
        (TEMPORARY, {"attempts": 9}, ("queued", "again", HOUR, False)),
        (TEMPORARY, {"attempts": 19}, ("dead", "dead", 0.0, False)),
        (TEMPORARY, {"dated_at": NOW - 73 * HOUR}, ("queued", "again", 60.0, False)),
        (TEMPORARY, {"created_at": NOW - 999 * HOUR}, ("queued", "again", 60.0, False)),
        (TemporaryError("later", retry_after=700.0), {}, ("queued", "again", 700.0, False)),
        (TemporaryError("later", retry_after=7.0), {}, ("queued", "again", 60.0, False)),
        (THROTTLED, {}, ("queued", "throttled", 60.0, True)),
        (THROTTLED, {"attempts": 50, "dated_at": NOW - 999 * HOUR}, ("queued", "throttled", 60.0, True)),
        (ThrottledError("quota", retry_after=7200.0), {}, ("queued", "throttled", 7200.0, True)),
        (ThrottledError("quota", retry_after=float("inf")), {}, ("queued", "throttled", 720 * HOUR, True)),
        (ThrottledError("quota", retry_after=float("nan")), {}, ("queued", "throttled", 60.0, True)),
        (TemporaryError("later", retry_after=1e15), {}, ("queued", "again", 720 * HOUR, False)),
        (BROKEN, {"attempts": 50, "dated_at": NOW - 999 * HOUR}, ("queued", "misconfigured", 900.0, True)),
        (ConfigError("no such transport"), {}, ("queued", "misconfigured", 900.0, True)),
        (REFUSED, {}, ("dead", "dead", 0.0, False)),
        (MessageError("an attachment is gone"), {}, ("dead", "dead", 0.0, False)),
        (UNKNOWN, {}, ("failed", "failed", 0.0, False)),
        (UNKNOWN, {"delivery": "at_least_once"}, ("queued", "again", 600.0, False)),
        (UNKNOWN, {"delivery": "at_least_once", "attempts": 19}, ("dead", "dead", 0.0, False)),
    ],
)
def test_by_class(outcome: Receipt | NotifyError, job: dict[str, Any], expected: tuple[str, str, float, bool]) -> None:
    """The state, the word it is counted under, the pause, and whether the try counts."""
    settlement, word = judged(outcome, **job)

    assert expected == (settlement.state, word, settlement.delay, settlement.forgiven)
    assert (7, "worker/1") == (settlement.job, settlement.owner)


def test_pauses_differ_by_chance() -> None:
    """By a fifth either way, but never below what the server asks for."""
    outcome, asked = TemporaryError("busy"), ThrottledError("busy", retry_after=100.0)
    cases = [
        Case(job=a_job(), outcome=each, people=(ADA,), persistence=Persistence(), now=NOW, chance=chance)
        for each in (outcome, asked)
        for chance in (0.0, 1.0)
    ]

    assert [48.0, 72.0, 100.0, 120.0] == [round(verdict(case).settlement.delay, 6) for case in cases]


def test_the_rest_of_a_partly_accepted_message_is_tried_again() -> None:
    """Those who were put off are left; those who were refused are in the history only."""
    found = judged(a_receipt(ADA, b=TEMPORARY, e=REFUSED), ADA, BOB, EVE)

    assert ("queued", [BOB]) == (found.settlement.state, json.loads(found.settlement.pending or ""))
    assert [ADA] == told(found)["accepted"]
    assert {BOB: "TemporaryError", EVE: "RefusedError"} == {
        person: error["class"] for person, error in told(found)["error"]["rejected"].items()
    }


def test_the_rest_may_be_refused() -> None:
    """Then the job is done, since somebody has it; where nobody does, it is dead."""
    served = json.dumps([{"at": NOW, "event": ATTEMPT, "accepted": [ADA]}])
    rest = {"pending": json.dumps([BOB])}

    assert "sent" == judged(a_receipt(ADA, b=REFUSED), ADA, BOB).settlement.state
    assert "sent" == judged(REFUSED, BOB, history=served, **rest).settlement.state
    assert "dead" == judged(REFUSED, BOB, **rest).settlement.state


def test_recipients_refused_one_by_one_are_not_tried_again() -> None:
    """Also where the whole message has an error, since nobody was left."""
    outcome = TemporaryError("nobody was accepted", rejected={ADA: REFUSED, BOB: TEMPORARY})

    assert [BOB] == json.loads(judged(outcome, ADA, BOB).settlement.pending or "")


def test_a_redirected_message_is_tried_again_as_a_whole() -> None:
    """What stands in the receipt is not whom it is for."""
    outcome = Receipt("<1@acme.example>", "smtp", (), {"qa@acme.example": TEMPORARY})

    assert (None, "queued") == (judged(outcome).settlement.pending, judged(outcome).settlement.state)


def test_an_unknown_outcome_is_marked_as_such() -> None:
    """So that who has it sent again is asked first; with those who could be tried again it waits for that person."""
    found = judged(a_receipt(ADA, b=UNKNOWN, e=TEMPORARY), ADA, BOB, EVE)

    assert ("failed", [BOB, EVE]) == (found.settlement.state, json.loads(found.settlement.pending or ""))
    assert told(found)["unknown"] is True
    assert "it may have been taken" in (found.settlement.reason or "")
    assert "unknown" not in told(judged(TEMPORARY))


def test_doubts_are_counted() -> None:
    """After five of them a person must look, unless one has since had it tried again."""
    doubt = {"at": NOW, "event": ATTEMPT, "unknown": True, "error": {"class": "UnknownOutcomeError", "reason": "lost"}}
    five = [doubt] * 5
    fresh = [*five, {"at": NOW, "event": RETRIED}]
    job = {"delivery": "at_least_once", "attempts": 5}

    assert "failed" == judged(UNKNOWN, history=json.dumps(five), **job).settlement.state
    assert "queued" == judged(UNKNOWN, history=json.dumps(five[:4]), **job).settlement.state
    assert "queued" == judged(UNKNOWN, history=json.dumps(fresh), **job).settlement.state


def tried(hours: float, kind: str = "TemporaryError") -> dict[str, Any]:
    """An entry of so many hours ago."""
    return {"at": NOW - hours * HOUR, "event": ATTEMPT, "error": {"class": kind, "reason": "busy"}}


def test_the_time_begins_with_the_first_try_that_counts() -> None:
    """However old the message is, and however long a person let it wait for a transport."""
    long_ago, waited = [tried(73), tried(1)], [tried(99, "TransportConfigError"), tried(98, "ConfigError"), tried(1)]

    assert "dead" == judged(TEMPORARY, history=json.dumps(long_ago)).settlement.state
    assert "queued" == judged(TEMPORARY, history=json.dumps(waited)).settlement.state
    assert "queued" == judged(TEMPORARY, history=json.dumps(waited[:2]), dated_at=NOW - 99 * HOUR).settlement.state


def test_the_time_begins_anew_when_a_person_has_it_tried_again() -> None:
    """However old it is."""
    retried = json.dumps([tried(99), {"at": NOW - HOUR, "event": RETRIED}])

    assert "dead" == judged(TEMPORARY, history=json.dumps([tried(99)])).settlement.state
    assert "queued" == judged(TEMPORARY, history=retried).settlement.state


def test_what_waits_for_weeks_says_so_once() -> None:
    """The history has no second entry where the last one says the same; another reason has its own."""
    first = told(judged(BROKEN))
    history = json.dumps([{"at": NOW, **first}])

    assert judged(BROKEN, history=history).settlement.entry is None
    assert judged(THROTTLED, history=history).settlement.entry is not None
    assert judged(TEMPORARY, history=json.dumps([{"at": NOW, **told(judged(TEMPORARY))}])).settlement.entry is not None


def test_the_entry_has_the_whole_error() -> None:
    """All that the transport knew, also the transcript."""
    error = TemporaryError(
        "busy", transport="smtp", phase="rcpt", code=450, enhanced_code="4.2.1", reply="450 4.2.1 busy",
        recipient=ADA, advice="Wait.", retry_after=9.0, transcript=["C: RCPT", "S: 450"],
    )  # fmt: skip

    assert {
        "class": "TemporaryError", "reason": "busy", "transport": "smtp", "phase": "rcpt", "code": 450,
        "enhanced_code": "4.2.1", "reply": "450 4.2.1 busy", "recipient": ADA, "advice": "Wait.", "retry_after": 9.0,
        "transcript": ["C: RCPT", "S: 450"],
    } == told(judged(error))["error"]  # fmt: skip


def test_the_reason_is_one_line() -> None:
    """The first of the error's text; without NUL, which PostgreSQL has no room for."""
    error = RefusedError("no\0such user", transport="smtp", advice="Look at the address.")

    assert "smtp: nosuch user" == judged(error).settlement.reason


def test_no_message_can_be_made() -> None:
    """A person must look at the job; where the configuration is to blame, it waits."""
    wrong = ParamsError("hello", [ParamProblem("name", "str", "nothing")])
    parked, waiting = (unready(a_job(), each, PLAIN, chance=0.0) for each in (wrong, ConfigError("no sender")))
    known = json.dumps([{"at": NOW, **told(waiting)}])

    assert ("failed", "failed") == (parked.settlement.state, parked.word)
    assert ("parked", "ParamsError") == (told(parked)["event"], told(parked)["error"]["class"])
    assert ("queued", "misconfigured", 900.0) == (waiting.settlement.state, waiting.word, waiting.settlement.delay)
    assert not waiting.settlement.forgiven
    assert unready(a_job(history=known), ConfigError("no sender"), PLAIN, chance=0.0).settlement.entry is None
    assert "failed" == unready(a_job(), ZeroDivisionError("division by zero"), PLAIN, chance=0.0).word
