"""Parcels over the sessions of a pool: one behind the other while they come, and again where that makes no second copy.

A parcel is offered again, at once and once, on a new session, if the session ended before its text was begun and it was
not the session's first: servers end sessions after so many messages or so much time, which is no parcel's failure.
What failed for a reason of its own is tried again as `notify.retries` says; of several recipients only those who were
put off.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.errors import DeliveryError
from notify_smtp.series import Series

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.retries import Retries
    from notify_smtp.parcel import Parcel
    from notify_smtp.pool import Pool
    from notify_smtp.submission import Delivered

_log = logging.getLogger("notify.smtp")


@dataclass(slots=True)
class Manners:
    """What was learned of a server on the way.

    Attributes:
        hears_ahead: it hears what is written behind a text. Some devices in between offer PIPELINING and drop that.
    """

    hears_ahead: bool = True


class Carriage:
    """Carries a parcel, and all that are ready behind it.

    Args:
        pool: the sessions.
        ready: the next parcel if there is one already; never waits.
        retries: when a parcel that was not taken is offered again.
        manners: what is known of the server, and is added to.
    """

    def __init__(self, pool: Pool, ready: Callable[[], Parcel | None], retries: Retries, manners: Manners) -> None:
        self._pool = pool
        self._ready = ready
        self._retries = retries
        self._waiting: deque[Parcel] = deque()
        self.manners = manners

    def carry(self, first: Parcel) -> None:
        """Return when all parcels are settled and no further one is ready."""
        self._waiting.append(first)
        while self._waiting:
            parcel = self._waiting.popleft()
            if parcel.due:
                time.sleep(max(0.0, parcel.due - time.monotonic()))
            with contextlib.ExitStack() as stack:
                try:
                    session = stack.enter_context(self._pool.session(parcel.deadline, fresh=parcel.fresh))
                except DeliveryError as error:
                    self.failed(parcel, error)
                else:
                    Series(session, self).carry(parcel)

    # a series calls these

    def following(self) -> Parcel | None:
        """The parcel to go next over a session in use; None if it has to be given back first."""
        if self._pool.wanted or not self.manners.hears_ahead:
            return None
        if not self._waiting:
            return self._ready()
        special = self._waiting[0].fresh or self._waiting[0].due
        return None if special else self._waiting.popleft()

    def keep(self, parcel: Parcel) -> None:
        """Take back a parcel that was not offered."""
        self._waiting.append(parcel)

    def delivered(self, parcel: Parcel, delivered: Delivered) -> None:
        """Settle a parcel that was taken, or let it wait for another try for those who were put off."""
        if not delivered.rejected and not parcel.tries:
            parcel.settle(delivered)
        else:
            parcel.taken(delivered)
            self._conclude(parcel)

    def failed(self, parcel: Parcel, error: Exception, *, again: bool = False) -> None:
        """Settle a parcel that failed, or let it wait for another try; `again`: on a new session, without a pause."""
        parcel.fresh = again
        if again:
            parcel.due = 0.0
            self._waiting.append(parcel)
        elif isinstance(error, DeliveryError):
            parcel.missed(error)
            self._conclude(parcel)
        else:
            parcel.settle(parcel.outcome() if parcel.tries else error)

    def _conclude(self, parcel: Parcel) -> None:
        """Let a parcel wait for another try for those who may get it by one, or settle it if there is nobody."""
        hopeless = parcel.failure is not None and self._pause(parcel, parcel.failure) is None
        again = {
            recipient: error
            for recipient in parcel.recipients
            if not hopeless and (error := parcel.fates.get(recipient)) and self._pause(parcel, error) is not None
        }
        slowest = max(again.values(), key=lambda error: error.retry_after or 0.0, default=None)
        pause = None if slowest is None else self._pause(parcel, slowest)
        if slowest is None or pause is None:
            parcel.settle(parcel.outcome())
            return
        _log.info("%s; trying again in %.1f seconds, for %d recipients", slowest.reason, pause, len(again))
        parcel.recipients = tuple(again)
        parcel.tries += 1
        parcel.due = time.monotonic() + pause
        self._waiting.append(parcel)

    def _pause(self, parcel: Parcel, error: DeliveryError) -> float | None:
        """How long to wait before another try after this error; None if there is to be none."""
        return self._retries.pause(error, parcel.submission, tries=parcel.tries, remaining=parcel.deadline.remaining)
