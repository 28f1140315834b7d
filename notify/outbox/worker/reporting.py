"""The thread that tells how the worker is, and clears away what was kept for long enough."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from notify.errors import NotifyError
from notify.outbox.operating import retain
from notify.outbox.worker.backlog import backlog
from notify.outbox.worker.clock import clock
from notify.outbox.worker.health import health, write_health
from notify.outbox.worker.metrics import metrics, write_metrics
from notify.outbox.worker.status import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.database import Database
    from notify.outbox.operating import Retention
    from notify.outbox.worker.backlog import Backlog
    from notify.outbox.worker.counts import Counts
    from notify.outbox.worker.settings import Settings
    from notify.outbox.worker.status import Status

_log = logging.getLogger("notify.worker")
_PAUSE = 0.5
_EVERY = 5.0
_HOUR = 3600.0


class Reporting:
    """Writes the health and the metrics every few seconds, and when the worker's state has changed.

    A worker that has not been heard of for long is not written about, so that the file says so by its age.

    Args:
        database: where the backlog is.
        settings: the files.
        retention: how long jobs are kept after their end.
        status: how the worker is.
        counts: what it has done.
        clear: clears away what else was kept in the database for long enough.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        retention: Retention,
        status: Status,
        counts: Counts,
        *,
        clear: Callable[[], object] | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._retention = retention
        self._status = status
        self._counts = counts
        self._clear_others = clear
        self._told = ("", -_EVERY)
        self._cleared = -_HOUR
        self._is_complaining = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notify-reporting", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.tell()
        self._thread.start()

    def end(self) -> None:
        """Stop, and tell for the last time."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(_EVERY)
        self.tell()

    def tell(self) -> None:
        """Write the files."""
        self._told = (self._status.state, clock())
        if not (self._settings.health or self._settings.metrics):
            return
        due = self._backlog()
        try:
            if self._settings.health is not None:
                write_health(self._settings.health, health(self._status, self._counts, due))
            if self._settings.metrics is not None:
                write_metrics(self._settings.metrics, metrics(self._status, self._counts, due))
        except OSError as error:
            if not self._is_complaining:
                _log.error("the worker cannot tell how it is: %s", error)
            self._is_complaining = True
        else:
            self._is_complaining = False

    def _run(self) -> None:
        while not self._ended.wait(_PAUSE):
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - what cannot be told must not end the telling
                _log.exception("the worker cannot keep its records")

    def _turn(self) -> None:
        state, at = self._told
        is_due = state != self._status.state or clock() - at >= _EVERY
        if is_due and (self._status.state == WAITING or not self._status.is_stuck):
            self.tell()
        if clock() - self._cleared >= _HOUR:
            self._cleared = clock()
            self._clear()

    def _clear(self) -> None:
        try:
            retain(self._database, self._retention)
            if self._clear_others is not None:
                self._clear_others()
        except NotifyError as error:
            _log.warning("what was kept for long enough is not cleared away now: %s", error)

    def _backlog(self) -> Backlog | None:
        if self._status.state == WAITING:
            return None
        try:
            return backlog(self._database)
        except NotifyError:  # the worker itself finds out too, and says so
            return None
