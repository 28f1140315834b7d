"""From leased jobs to what becomes one message each: most jobs on their own, those of a digest together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.catalog import Catalog
    from notify.definition.gathering import Digest
    from notify.outbox.leasing import Leased
    from notify.outbox.worker.holding import Hold
    from notify.outbox.worker.ledger import Ledger


class Load(NamedTuple):
    """What becomes one message: a job, and those of the same digest that go in its message."""

    job: Leased
    others: tuple[Leased, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """Of all of its jobs."""
        if not self.others:
            return (self.job.id,)
        return (self.job.id, *(other.id for other in self.others))


def assembled(hold: Hold, jobs: Sequence[Leased], catalog: Catalog, ledger: Ledger) -> Iterator[Load]:
    """The loads of a batch. For a digest, more jobs are leased under the same hold."""
    batch = {job.id for job in jobs}
    taken: set[int] = set()
    for job in jobs:
        if job.id in taken:
            continue
        digest = _digest(job, catalog)
        if digest is None:
            yield Load(job)
            continue
        others = ledger.gather(hold, job, digest, batch)
        taken.update(other.id for other in others)
        yield Load(job._replace(leader=job.id), tuple(others))


def _digest(job: Leased, catalog: Catalog) -> Digest | None:
    name = job.notification or ""
    return catalog[name].digest if job.bucket is not None and name in catalog else None
