"""A worker: it takes what is due, and has it sent."""

from __future__ import annotations

import logging
import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.errors import NotifyError, OutboxError
from notify.outbox.leasing import Leases
from notify.outbox.operating import Retention
from notify.outbox.state import DatabaseState
from notify.outbox.throttles import held_back
from notify.outbox.worker.alarms import Alarms
from notify.outbox.worker.assembling import assembled
from notify.outbox.worker.clock import clock
from notify.outbox.worker.counts import Counts
from notify.outbox.worker.holding import Holds
from notify.outbox.worker.keeping import Keeping
from notify.outbox.worker.ledger import Ledger
from notify.outbox.worker.marking import Marking
from notify.outbox.worker.outcomes import Fault, Outcomes
from notify.outbox.worker.parcel import Parcel
from notify.outbox.worker.patience import GivenUpError, Patience
from notify.outbox.worker.rendering import Rendering
from notify.outbox.worker.reporting import Reporting
from notify.outbox.worker.sending import Sending
from notify.outbox.worker.settings import Settings
from notify.outbox.worker.status import DRAINING, ENDED, Status
from notify.outbox.worker.traffic import Traffic
from notify.outbox.worker.turns import short_turns
from notify.outbox.worker.unwatched import unwatched
from notify.outbox.worker.verdict import Verdict, unready
from notify.outbox.worker.waking import waking

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from notify.catalog import Catalog
    from notify.composer import Composer
    from notify.database import Database
    from notify.delivery import Delivery
    from notify.outbox.leasing import Leased
    from notify.outbox.sealing import Seal
    from notify.outbox.worker.assembling import Load
    from notify.outbox.worker.holding import Hold
    from notify.outbox.worker.waking import Waking
    from notify.people import People

_log = logging.getLogger("notify.worker")
_CHUNK = 256
_BATCH = 1024
_IDLE = 5.0
_TICK = 1.0
_MOMENT = 0.2
_SOON = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a worker works with.

    Attributes:
        database: the outbox.
        catalog: the definitions.
        composer: renders.
        delivery: delivers.
        attachments: the folder that attachments of calls lie below.
        seal: opens sealed params.
        people: how the delivery log names people; None where nothing is logged.
        clear: clears away what else was kept in the database for long enough.
        retention: how long jobs are kept after their end.
    """

    database: Database
    catalog: Catalog
    composer: Composer
    delivery: Delivery
    attachments: Path
    seal: Seal | None = None
    people: People | None = None
    clear: Callable[[], object] | None = None
    retention: Retention = field(default_factory=Retention)


class Worker:
    """Sends what is due in the outbox. `run` is called once; `stop` ends it, from any thread.

    Args:
        means: what it works with.
        settings: how it works.

    Attributes:
        counts: what it has done.
    """

    def __init__(self, means: Means, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.counts = Counts()
        self._delivery, self._catalog = means.delivery, means.catalog
        self._patience, self._last_patience = Patience(), Patience()
        self._throttles = DatabaseState(means.database)
        self._holds = Holds(self.settings.lease)
        leases = Leases(means.database, seconds=self.settings.lease, losses=self.settings.losses)
        self._ledger = Ledger(means.database, leases, self._holds, self._patience)
        self._rendering = Rendering(means.catalog, means.composer, means.seal, means.attachments, self._ledger.read)
        self._traffic = Traffic()
        self._outcomes = Outcomes()
        self._sending = Sending(means.delivery, self._outcomes, self._traffic, self.settings.concurrency)
        self._marking = Marking(
            outcomes=self._outcomes,
            ledger=self._ledger.waiting_with(self._last_patience),
            holds=self._holds,
            traffic=self._traffic,
            persistence=self.settings.persistence,
            people=means.people,
            counts=self.counts,
            alarms=Alarms(),
        )
        self._keeping = Keeping(self._holds, self._ledger)
        self._status = Status(self._patience, self._last_patience)
        self._reporting = Reporting(
            means.database, self.settings, means.retention, self._status, self.counts, clear=means.clear
        )
        self._database = means.database
        self._waking: Waking | None = None
        self._stopping = False
        self._looked = 0.0

    def stop(self) -> None:
        """Begin nothing more, and have `run` return; also in a signal's handler."""
        self._stopping = self._patience.given_up = True
        if self._waking is not None:
            self._waking.wake()

    def run(self, *, once: bool = False) -> bool:
        """Work until `stop` is called; whether everything that was begun is written down.

        Args:
            once: end when nothing is due.

        Raises:
            ConfigError: the outbox has no tables.
        """
        self._waking = waking(self._database)
        self._throttles = DatabaseState(self._database, self._patience.until_done)
        self._reporting.start()
        self._start()
        with unwatched(), short_turns():
            try:
                self._work(self._waking, once=once)
            except GivenUpError as error:
                _log.error("the worker ends: %s", error)
            finally:
                done = self._drain()
                self._waking.close()
        return done

    def deliver(self, ids: Collection[int]) -> None:
        """Send these jobs, as far as they are due and nobody has them, and wait until that is written down.

        It is called instead of `run`, once.

        Raises:
            OutboxError: the outbox cannot be used; what was begun is seen to by other workers.
            ConfigError: the outbox has no tables.
        """
        self._patience.given_up = True
        self._start()
        try:
            hold, jobs = self._ledger.take_these(ids)
            self._have_sent(hold, jobs)
            while not self._traffic.is_empty(_TICK):
                pass
        except GivenUpError as error:
            raise OutboxError(str(error)) from error
        finally:
            self._drain()

    def _start(self) -> None:
        self._marking.start()
        self._keeping.start()

    def _work(self, waking: Waking, *, once: bool) -> None:
        while not self._stopping:
            self._status.turn()
            hold, jobs = self._ledger.take(min(_BATCH, 4 * self._traffic.most))
            if jobs:
                self._status.batch(len(jobs))
                self._have_sent(hold, jobs)
            self._look_after()
            if jobs:
                continue
            due = self._ledger.next_due()
            if once and (due is None or due > 0) and self._traffic.is_empty(_MOMENT):
                return
            # What is due and cannot be leased is seen to in a moment, or is another worker's by now.
            waking.sleep(_IDLE if due is None else min(max(due, _SOON), _IDLE))

    def _look_after(self) -> None:
        """Now and then, see to what lost workers have left behind."""
        if clock() - self._looked < _TICK:
            return
        self._looked = clock()
        if number := self._ledger.recover():
            _log.warning("%d jobs were with a worker that was lost", number)
        while not self._stopping and self._ledger.has_suspects():
            self._send_suspect()

    def _send_suspect(self) -> None:
        """Send one that a worker was lost with, while nothing else is in hand."""
        while not self._traffic.is_empty(_MOMENT):
            if self._stopping:
                return
        hold, jobs = self._ledger.take_suspect()
        self._have_sent(hold, jobs)
        while not self._traffic.is_empty(_MOMENT) and not self._stopping:
            pass

    def _have_sent(self, hold: Hold, jobs: Sequence[Leased]) -> None:
        waiting = deque(assembled(hold, jobs, self._catalog, self._ledger))
        while waiting:
            room = 0
            while not room and not self._stopping:
                self._status.turn()
                room = self._traffic.room(_MOMENT)
            if self._stopping:
                break
            self._send(hold, waiting, min(room, _CHUNK))
        if left := [job for load in waiting for job in load.ids]:
            self._ledger.give_back(hold, left)
            self._holds.done(hold, len(left))

    def _send(self, hold: Hold, waiting: deque[Load], most: int) -> None:
        """Have the first of those that wait sent, at most so many; fewer when the worker is to end meanwhile."""
        parcels: list[Parcel] = []
        for _ in range(min(most, len(waiting))):
            if self._stopping:
                break
            if (parcel := self._prepared(hold, waiting.popleft())) is not None:
                parcels.append(parcel)
        begun = self._ledger.begin(hold, [job for parcel in parcels for job in parcel.ids])
        ours = [parcel for parcel in parcels if parcel.job.id in begun]
        self._traffic.enter(ours)
        for parcel in ours:
            self._sending.hand_over(parcel)
        if lost := sum(len(parcel.ids) for parcel in parcels if parcel.job.id not in begun):
            self._holds.done(hold, lost)
            _log.warning("the lease of %d jobs was lost before they were begun; they are left to others", lost)

    def _prepared(self, hold: Hold, load: Load) -> Parcel | None:
        """The message of a load; None, and its verdict among the outcomes, if there is none now."""
        job = load.job
        try:
            if (held := held_back(job, self._catalog, self._throttles)) is not None:
                self._outcomes.failed(Fault(job, load.ids, hold, Verdict(held, "throttled")))
                return None
            asked = self._rendering.message(load)
            route = self._delivery.route(asked, job.via)
            self._sending.serve(route.transport)
            return Parcel(load, hold, route)
        except GivenUpError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a template or plugin raises, the others are sent
            if not isinstance(error, NotifyError):
                _log.exception("job %d cannot be made a message", job.id)
            fault = unready(job, error, self.settings.persistence, chance=random.random())  # noqa: S311 - no secret
            self._outcomes.failed(Fault(job, load.ids, hold, fault, error if isinstance(error, NotifyError) else None))
        return None

    def _drain(self) -> bool:
        """Wait for what is being sent, and let others have what is not; whether all is written down."""
        end = clock() + self.settings.drain
        self._status.phase = DRAINING
        self._sending.end(self.settings.drain)
        for parcel in self._traffic.left():
            if not parcel.begun:
                self._outcomes.settled(parcel)
        if not self._marking.end(end - clock()):
            self._last_patience.given_up = True
            self._marking.end(1.0)
        self._keeping.end()
        self._status.phase = ENDED
        self._reporting.end()
        if left := len(self._traffic):
            _log.error("the worker ended while %d messages were being sent", left)
        return not left
