"""The thread that writes down what became of jobs."""

from __future__ import annotations

import logging
import random
import threading
from collections import defaultdict
from typing import TYPE_CHECKING

from notify.outbox.worker.outcomes import Fault
from notify.outbox.worker.parcel import Parcel
from notify.outbox.worker.patience import GivenUpError
from notify.outbox.worker.verdict import Case, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.delivery.slot import Slot
    from notify.errors import NotifyError
    from notify.log.record import Record
    from notify.outbox.worker.alarms import Alarms
    from notify.outbox.worker.counts import Counts
    from notify.outbox.worker.holding import Hold, Holds
    from notify.outbox.worker.ledger import Ledger
    from notify.outbox.worker.outcomes import Outcomes
    from notify.outbox.worker.persistence import Persistence
    from notify.outbox.worker.traffic import Traffic
    from notify.outbox.worker.verdict import Verdict
    from notify.people import People
    from notify.receipt import Receipt

_log = logging.getLogger("notify.worker")


class Marking:
    """Takes outcomes as they come, and writes them down in groups.

    Args:
        outcomes: where they come from.
        ledger: where they are written down.
        holds: told of each job that is done with.
        traffic: likewise.
        persistence: decides about further tries.
        people: how the delivery log names people; None where nothing is logged.
        counts: what was counted.
        alarms: what was said to persons.
    """

    def __init__(
        self,
        *,
        outcomes: Outcomes,
        ledger: Ledger,
        holds: Holds,
        traffic: Traffic,
        persistence: Persistence,
        people: People | None,
        counts: Counts,
        alarms: Alarms,
    ) -> None:
        self._outcomes = outcomes
        self._ledger = ledger
        self._holds = holds
        self._traffic = traffic
        self._persistence = persistence
        self._people = people
        self._counts = counts
        self._alarms = alarms
        self._thread = threading.Thread(target=self._run, name="notify-marking", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self, timeout: float) -> bool:
        """Write down what is still there; whether that was done in time."""
        self._outcomes.end()
        self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while group := self._outcomes.gather(lambda: len(self._traffic)):
            try:
                self.mark(group)
            except GivenUpError as error:
                _log.error("%s; what became of %d messages is not written down", error, len(group))
            except Exception:  # noqa: BLE001 - the others are to be written down all the same
                _log.exception("what became of %d messages cannot be written down", len(group))
            finally:
                for each in group:
                    if isinstance(each, (Fault, Parcel)):
                        self._holds.done(each.hold, len(each.ids))
                self._traffic.leave([each for each in group if isinstance(each, Parcel)])

    def mark(self, group: list[Slot | Fault]) -> None:
        """Write down what became of some jobs.

        Raises:
            GivenUpError: the database did not come back.
        """
        done: list[tuple[Fault | Parcel, Verdict]] = []
        void: defaultdict[Hold, list[int]] = defaultdict(list)
        for each in group:
            if isinstance(each, Fault):
                done.append((each, each.verdict))
            elif isinstance(each, Parcel) and each.outcome is not None:
                done.append((each, self._judged(each, each.outcome)))
            elif isinstance(each, Parcel):
                void[each.hold] += each.ids
        for hold, ids in void.items():
            self._ledger.give_back(hold, ids)
        written = self._ledger.settle([found.settlement for _, found in done], self._told(done))
        for each, found in done:
            self._count(each, found, was_written=each.job.id in written)

    def _told(self, done: Sequence[tuple[Fault | Parcel, Verdict]]) -> Mapping[int, Sequence[Record]]:
        """What the delivery log is told of each job."""
        if self._people is None:
            return {}
        from notify.outbox.worker.logged import records

        return {each.job.id: records(each, found, self._people) for each, found in done}

    def _judged(self, parcel: Parcel, outcome: Receipt | NotifyError) -> Verdict:
        case = Case(
            job=parcel.job,
            outcome=outcome,
            people=parcel.people,
            persistence=self._persistence,
            now=parcel.hold.now(),
            chance=random.random(),  # noqa: S311 - no secret
        )
        return verdict(case)

    def _count(self, each: Fault | Parcel, found: Verdict, *, was_written: bool) -> None:
        job, transport, delay = each.job, "", None
        if isinstance(each, Parcel):
            transport = each.transport.name
            delay = each.hold.at(each.settled_at) - job.due_at if found.word == "sent" else None
            self._traffic.took(each.settled_at - each.handed_at)
        if was_written:
            self._counts.add(job.notification, transport, found.word, delay)
        else:
            self._counts.add(job.notification, transport, "lost")
            _log.warning(
                "job %d came out as %r, and another worker had taken it meanwhile, since the lease was lost",
                job.id,
                found.word,
            )
        if found.word == "misconfigured":
            reason = found.settlement.reason or ""
            self._alarms.broken(transport or reason, reason)
        elif found.word == "sent":
            self._alarms.works(transport)
