"""What became of all mails of a campaign, from the journals and the outbox, and whether that is as it was promised."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crash.enqueuer import CONNECTED
from crash.shop import ONCE
from crash.steps import RANDOM, STEPS, asked
from sqlalchemy import select

from notify.database import Database
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crash.journal import Journal

    Row = Mapping[str, Any]
    Copies = Mapping[str, Sequence[Row]]

DOUBT = "it may have been taken"
DOUBTFUL = "nobody knows whether it is in the outbox"


@dataclass(slots=True)
class Account:
    """The account of a campaign.

    Attributes:
        title: which campaign.
        kills: how many workers were killed at each step.
        enqueuers: how many enqueuers were killed.
        calls: how many calls were tried, promised, and cut short.
        absent: of how many calls that failed or were cut short nothing is there.
        states: the states of the jobs at the end.
        parked: of those put aside for a person, how many had arrived.
        copies: how many mails the server accepted.
        duplicates: how many of them were not the first of their job, each explained by a kill.
        worst: how many of those came of one kill at most.
        faults: whatever is not as it was promised, in words.
    """

    title: str
    kills: Counter[str] = field(default_factory=Counter)
    enqueuers: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    absent: int = 0
    states: Counter[str] = field(default_factory=Counter)
    parked: int = 0
    copies: int = 0
    duplicates: int = 0
    worst: int = 0
    faults: list[str] = field(default_factory=list)

    def text(self) -> str:
        """All figures, in a few lines."""
        steps = ", ".join(f"{self.kills[step]} {step}" for step in (*STEPS, RANDOM) if self.kills[step])
        states = ", ".join(f"{number} {state}" for state, number in sorted(self.states.items()))
        parked = f" ({self.parked} of the failed had arrived)" if self.states["failed"] else ""
        lost = sum(fault.startswith("lost") for fault in self.faults)
        changed = sum("Message-ID" in fault for fault in self.faults)
        cut, failed = f"{self.calls['cut short']} cut short", f"{self.calls['failed']} failed"
        worst = f"each of a killed worker, at most {self.worst} of one kill"
        return "\n".join(
            [
                f"{self.title}: {self.kills.total()} workers killed ({steps}), {self.enqueuers} enqueuers killed",
                f"  calls: {self.calls['promised']} promised, {cut}, {failed} ({self.absent} absent, the others whole)",
                f"  jobs: {self.states.total()}: {states}{parked}",
                f"  server: {self.copies} mails, {self.duplicates} duplicates ({worst}); {changed} Message-IDs changed",
                f"  {lost} lost; {len(self.faults)} faults",
            ]
        )


def account(title: str, url: str, journal: Journal, enqueued: Journal) -> Account:
    """The account of a campaign that is over."""
    found = Account(title)
    blows = killed(journal)
    found.kills = Counter(entry["step"] for entry in blows.values())
    found.enqueuers = len(enqueued.read("killed"))
    rows = rows_of(url)
    _judge_calls(found, rows, enqueued)
    copies: dict[str, list[Row]] = defaultdict(list)
    for entry in sorted(journal.read("accepted"), key=lambda entry: float(entry["at"])):
        copies[asked(entry["recipient"]).name].append(entry)
    _judge_jobs(found, rows, copies)
    _judge_duplicates(found, copies, blows)
    return found


def killed(journal: Journal) -> dict[int, Row]:
    """The blow that each worker that was killed died of."""
    return {entry["pid"]: entry for entry in reversed(journal.read("killed"))}


def rows_of(url: str) -> dict[str, list[Row]]:
    """The rows of each mail, by its name."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    database = Database(url, Path())
    with database.reading() as connection:
        for row in connection.execute(select(jobs)).mappings():
            rows[asked(row["recipient"]).name].append(dict(row))
    database.close()
    return rows


def _judge_calls(found: Account, rows: Mapping[str, Sequence[Row]], enqueued: Journal) -> None:
    """Each promise was kept; what was cut short is there as a whole, or not at all; what failed is not there."""
    promised = {entry["number"]: entry for entry in enqueued.read("promised")}
    failed = {entry["number"]: entry["reason"] for entry in enqueued.read("failed")}
    tried = {entry["number"]: entry for entry in enqueued.read("tried")}
    for number, call in tried.items():
        if number in promised:
            found.calls["promised"] += 1
            _judge_promise(found, rows, promised[number])
        else:
            found.calls["failed" if number in failed else "cut short"] += 1
            _judge_doubt(found, rows, call, failed.get(number, DOUBTFUL))
    names = {name for call in tried.values() for name in call["names"]}
    found.faults += [f"strange: there is a job for {name}" for name in rows if name not in names]


def _judge_doubt(found: Account, rows: Mapping[str, Sequence[Row]], call: Row, reason: str) -> None:
    names = call["names"]
    there = [len(rows.get(name, ())) for name in names]
    if there == [0] * len(names):
        found.absent += 1
    elif there != [1] * len(names):
        found.faults.append(f"half: of the call for {names} there are {there} jobs")
    elif DOUBTFUL not in reason and call["kind"] != CONNECTED:  # there, the caller commits
        found.faults.append(f"untrue: the call for {names} failed, and they are there: {reason}")


def _judge_promise(found: Account, rows: Mapping[str, Sequence[Row]], promise: Row) -> None:
    for name in promise["names"]:
        there = [row["message_id"] for row in rows.get(name, ())]
        if len(there) != 1:
            found.faults.append(f"lost: {name} was promised, and there are {len(there)} jobs of it")
        elif promise["ids"] and promise["ids"] != there:
            found.faults.append(f"the Message-ID of {name} was promised as {promise['ids']}, and is {there}")


def _judge_jobs(found: Account, rows: Mapping[str, Sequence[Row]], copies: Copies) -> None:
    """Each job came to its end, and each mail is that of its job."""
    found.copies = sum(map(len, copies.values()))
    found.faults += [f"strange: {name} arrived, and there is no job" for name in copies if name not in rows]
    for name, each in rows.items():
        for row in each:
            mails = copies.get(name, ())
            found.states[row["state"]] += 1
            found.faults += _wrong_end(name, row, len(mails))
            found.parked += bool(row["state"] == "failed" and mails)
            found.faults += _wrong_mails(name, row, mails)


def _wrong_end(name: str, row: Row, mails: int) -> list[str]:
    state, once = row["state"], row["delivery"] == ONCE
    doubtful = once and state == "failed" and DOUBT in (row["reason"] or "") and '"unknown":true' in row["history"]
    faults = []
    if state != "sent" and not doubtful:
        faults.append(f"lost: {name} is {state}: {row['reason']}")
    if state == "sent" and not mails:
        faults.append(f"lost: {name} is sent, and did not arrive")
    if once and mails > 1:
        faults.append(f"twice: {name} arrived {mails} times")
    return faults


def _wrong_mails(name: str, row: Row, mails: Sequence[Row]) -> list[str]:
    faults = []
    for mail in mails:
        if mail["message_id"] != row["message_id"]:
            faults.append(f"the Message-ID of {name} is {row['message_id']}, and arrived as {mail['message_id']}")
        if (mail["subject"], mail["recipient"]) != (f"Number {name}", row["recipient"]):
            faults.append(f"changed: {name} arrived as {mail['subject']!r} at {mail['recipient']}")
    if len({mail["digest"] for mail in mails}) > 1:
        faults.append(f"changed: the copies of {name} differ")
    return faults


def _judge_duplicates(found: Account, copies: Copies, blows: Mapping[int, Row]) -> None:
    """Whoever sent a mail that was sent again was killed before that; nobody sent one twice."""
    blamed: Counter[int] = Counter()
    for name, mails in copies.items():
        for mail, following in pairwise(mails):
            found.duplicates += 1
            blow = blows.get(mail["pid"])
            if blow is None or blow["at"] > following["at"] or mail["pid"] == following["pid"]:
                found.faults.append(f"twice: {name} was sent by {mail['pid']}, and again by {following['pid']}")
            blamed[mail["pid"]] += 1
    found.worst = max(blamed.values(), default=0)
