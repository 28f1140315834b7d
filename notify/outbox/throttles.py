"""No more messages of a notification to one recipient than its throttle lets through."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from notify.limits import take_room
from notify.outbox.history import CANCELLED, entry
from notify.outbox.settling import Settlement

if TYPE_CHECKING:
    from notify.catalog import Catalog
    from notify.definition.gathering import Throttle
    from notify.outbox.leasing import Leased
    from notify.state import Document, State

PREFIX = "throttle/"
"""What the names of the documents in the state begin with."""
_PLACES = "places"
"""Where such a document has the jobs that are counted, and when they were."""


def held_back(job: Leased, catalog: Catalog, state: State) -> Settlement | None:
    """What becomes of a job that may not be sent now; None if it may, and then it is counted.

    Args:
        job: a leased job. One that was tried before is counted already, as is one that got as far as this before.
        catalog: the definitions.
        state: where the counts are kept; workers that share it count together.

    Raises:
        ConfigError: the state cannot be used.
    """
    name = job.notification or ""
    if job.bucket is None or job.attempts or name not in catalog:
        return None
    throttle = catalog[name].throttle
    if throttle is None or (wait := _room(state, job.bucket, job.id, throttle)) == 0:
        return None
    reason, group = f"more than {throttle.rate} to one recipient", job.leader is not None
    if throttle.over == "cancel":
        gone = entry(CANCELLED, reason=reason)
        return Settlement(job.id, job.owner, "cancelled", gone, reason, pending=job.pending, group=group)
    return Settlement(job.id, job.owner, "queued", None, reason, wait, job.pending, group=group)


def _room(state: State, bucket: str, job: int, throttle: Throttle) -> float:
    """Take room for one message; 0.0 if there was some, else seconds until there is.

    A job that has room keeps it: it comes back as if it were new where its worker ended before it was begun, or where
    the transport is out of order.
    """
    present, name = time.time(), str(job)

    def change(document: Document) -> float:
        places = {own: at for own, at in document.get(_PLACES, {}).items() if abs(present - at) < throttle.rate.seconds}
        wait = 0.0
        if name not in places and (wait := take_room(document, [throttle.rate], 1, present)) == 0:
            places[name] = present
        document[_PLACES] = places
        return wait

    return state.change(f"{PREFIX}{bucket}", change)
