"""What a worker reads from the outbox and writes into it, waiting where the database is gone."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from notify.errors import OutboxError
from notify.outbox.digests import gather
from notify.outbox.settling import settle
from notify.outbox.tables import jobs
from notify.outbox.worker.clock import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Select

    from notify.database import Database
    from notify.definition.gathering import Digest
    from notify.log.record import Record
    from notify.outbox.leasing import Leased, Leases
    from notify.outbox.settling import Settlement
    from notify.outbox.worker.holding import Hold, Holds
    from notify.outbox.worker.patience import Patience, T


class Ledger:
    """A worker's way to the outbox. Safe to share between threads.

    Args:
        database: the outbox.
        leases: its leases.
        holds: those of this worker.
        patience: waits for the database.
    """

    def __init__(
        self,
        database: Database,
        leases: Leases,
        holds: Holds,
        patience: Patience,
        turn: AbstractContextManager[Any] | None = None,
    ) -> None:
        self._database = database
        self._leases = leases
        self._holds = holds
        self._patience = patience
        # SQLite has one writer, and who waits for it looks again after longer and longer pauses: threads queue up here.
        self._turn = turn or (threading.Lock() if database.dialect == "sqlite" else nullcontext())

    def waiting_with(self, patience: Patience) -> Ledger:
        """The same, for another thread, which waits in a way of its own."""
        return Ledger(self._database, self._leases, self._holds, patience, self._turn)

    def take(self, limit: int) -> tuple[Hold, list[Leased]]:
        """Lease so many due jobs."""
        return self._lease(lambda owner: self._leases.take(owner, limit))

    def take_suspect(self) -> tuple[Hold, list[Leased]]:
        """Lease one that a worker was lost with, if there is one."""
        return self._lease(lambda owner: [*filter(None, [self._leases.take_suspect(owner)])])

    def take_these(self, ids: Collection[int]) -> tuple[Hold, list[Leased]]:
        """Lease these, as far as they are due and nobody has them."""
        return self._lease(lambda owner: self._leases.take_these(owner, ids))

    def _lease(self, take: Callable[[str], list[Leased]]) -> tuple[Hold, list[Leased]]:
        lost: list[Hold] = []

        def attempt() -> tuple[Hold, list[Leased]]:
            while lost:  # it may have been ours before the connection broke
                self._leases.give_all_back(lost[-1].owner)
                self._holds.done(lost.pop())
            hold = self._holds.new()
            try:
                taken = take(hold.owner)
            except OutboxError:
                lost.append(hold)
                raise
            hold.took(taken)
            if not taken:
                self._holds.done(hold)
            return hold, taken

        return self._write(attempt)

    def gather(self, hold: Hold, job: Leased, digest: Digest, batch: Collection[int]) -> list[Leased]:
        """Lease those that go in a job's message (see `digests.gather`); those that are not of the batch join it."""
        found = self._write(lambda: gather(self._database, job, digest, self._leases.seconds))
        self._holds.joined(hold, sum(other.id not in batch for other in found))
        return found

    def begin(self, hold: Hold, ids: Collection[int]) -> set[int]:
        """Write down that these are being sent; those that are still ours."""
        return self._write(lambda: self._leases.begin(hold.owner, ids))

    def give_back(self, hold: Hold, ids: Collection[int]) -> None:
        """Let others have these."""
        self._write(lambda: self._leases.give_back(hold.owner, ids))

    def settle(self, settlements: Sequence[Settlement], records: Mapping[int, Sequence[Record]]) -> set[int]:
        """Write down what became of them; the ids of those that had not been lost.

        Args:
            settlements: what became of each.
            records: what the delivery log is told, by job.
        """
        tries = 0

        def attempt() -> set[int]:
            nonlocal tries
            tries += 1
            return settle(self._database, settlements, records)

        written = self._write(attempt)
        if tries > 1 and len(written) < len(settlements):
            written |= self._written_before(each for each in settlements if each.job not in written)
        return written

    def renew(self, hold: Hold) -> None:
        """Let the hold last, if it is still ours.

        Raises:
            OutboxError: the database is gone.
        """
        asked_at = clock()
        with self._turn:
            number = self._leases.renew(hold.owner)
        if number:
            hold.renewed(asked_at)

    def recover(self) -> int:
        """See to the jobs of lost workers."""
        return self._write(self._leases.recover)

    def has_suspects(self) -> bool:
        """Whether there is something for `take_suspect`."""
        return self._patience.until_done(self._leases.has_suspects)

    def next_due(self) -> float | None:
        """See `Leases.next_due`."""
        return self._patience.until_done(self._leases.next_due)

    def read(self, statement: Select[Any], wanted: str) -> Any:
        """One value, None if there is none."""

        def attempt() -> Any:
            with self._database.reading() as connection:
                return connection.execute(statement, {"wanted": wanted}).scalar()

        return self._patience.until_done(attempt)

    def _written_before(self, settlements: Any) -> set[int]:
        """Those that were written although the connection broke before that was heard."""
        states = {each.job: each.state for each in settlements}

        def attempt() -> set[int]:
            with self._database.reading() as connection:
                rows = connection.execute(_STATES, {"ids": list(states)}).all()
            return {job for job, state, owner in rows if state == states[job] and owner is None}

        return self._patience.until_done(attempt)

    def _write(self, action: Callable[[], T]) -> T:
        def in_turn() -> T:
            with self._turn:
                return action()

        return self._patience.until_done(in_turn)


_STATES = select(jobs.c.id, jobs.c.state, jobs.c.owner).where(jobs.c.id.in_(bindparam("ids", expanding=True)))
