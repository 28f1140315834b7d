"""Jobs that were named and that nothing was done with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.failure import Wrong
from notify.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.database import Database


def tell_others(database: Database, ids: Sequence[int], *, wanted: str) -> bool:
    """Say of the jobs that are not in the wanted state which one they are in; whether there are any.

    Raises:
        Wrong: there is no job of an id.
    """
    from notify.outbox.operating import Filter, find

    found = {job.id: job for job in find(database, Filter(ids=tuple(ids)), limit=len(ids), whole=False)}
    others = [job for job in found.values() if job.state != wanted]
    for job in sorted(others, key=lambda job: job.id):
        say(f"Job {job.id} is {job.state}, and stays so.")
    if missing := [str(job) for job in dict.fromkeys(ids) if job not in found]:
        raise Wrong(f"there is no job {', '.join(missing)}; `notify outbox list` shows which there are")
    return bool(others)
