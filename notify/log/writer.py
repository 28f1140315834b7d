"""The thread that makes durable what was noted, in groups."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING

from notify.database.checked import Checked
from notify.errors import NotifyError
from notify.log.writing import note

if TYPE_CHECKING:
    from notify.database import Database
    from notify.log.record import Record

_log = logging.getLogger("notify.log")

GROUP = 500
_FIRST, _LONGEST = 0.1, 5.0
"""Seconds between two tries, while the database cannot be used."""


class Writer:
    """Writes records down in the order in which they came. Safe to share between threads of one process.

    Args:
        database: where the log is.
        bound: how many records are kept while the database cannot be used; those that come then are lost, and counted.

    Attributes:
        lost: how many were.
    """

    def __init__(self, database: Database, bound: int) -> None:
        self.lost = 0
        self._checked = Checked(database)
        self._bound = bound
        self._waiting: deque[Record] = deque()
        self._change = threading.Condition()
        self._put = self._done = 0
        self._is_failing = self._is_ended = False
        self._thread: threading.Thread | None = None

    def put(self, records: list[Record]) -> bool:
        """Have records written down, without waiting for that; whether they will be, or this was ended before."""
        with self._change:
            if self._is_ended:
                return False
            room = max(0, self._bound - len(self._waiting))
            taken = records[:room]
            self._waiting.extend(taken)
            self._put += len(taken)
            if len(taken) < len(records):
                self._lose(len(records) - len(taken), "so many that wait for the database are not kept")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="notify-log", daemon=True)
                self._thread.start()
            self._change.notify_all()
            return True

    def flush(self, timeout: float) -> bool:
        """Wait until what was put before is durable, or the database turns out to be of no use; whether it is durable.

        Args:
            timeout: seconds to wait at most.
        """
        with self._change:
            wanted = self._put
            self._change.wait_for(lambda: self._done >= wanted or self._is_failing, timeout)
            return self._done >= wanted

    def end(self, timeout: float) -> None:
        """Write down what is there, and stop; what cannot be written then is lost."""
        with self._change:
            self._is_ended = True
            self._change.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():  # which garbage may be collected in
            thread.join(timeout)
        with self._change:
            if self._waiting:
                why = "without the database" if self._is_failing else "while the database is busy"
                self._lose(len(self._waiting), f"this process ends {why}")
                self._waiting.clear()

    def _run(self) -> None:
        pause = _FIRST
        while group := self._next():
            try:
                with self._checked().writing() as connection:
                    note(connection, group)
            except NotifyError as error:
                if not self._failed(error, pause):
                    return
                pause = min(2 * pause, _LONGEST)
            except Exception:  # noqa: BLE001 - what cannot be written must not keep all others from it
                _log.exception("what became of %d mails cannot be logged", len(group))
                self._left(len(group), lost=len(group))
            else:
                pause = _FIRST
                self._left(len(group))

    def _next(self) -> list[Record]:
        """The next group; nothing when no more will come."""
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._is_ended)
            return [self._waiting[number] for number in range(min(GROUP, len(self._waiting)))]

    def _left(self, number: int, *, lost: int = 0) -> None:
        with self._change:
            self.lost += lost
            for _ in range(min(number, len(self._waiting))):  # none waits where the end waited no longer
                self._waiting.popleft()
            self._done += number
            if self._is_failing and not lost:
                self._is_failing = False
                _log.warning("the log can be written again")
            self._change.notify_all()

    def _failed(self, error: NotifyError, pause: float) -> bool:
        """Whether it may be tried again."""
        with self._change:
            if not self._is_failing:
                _log.error("%s; what becomes of mails is logged when it can be", error)
            self._is_failing = True
            self._change.notify_all()
            if self._is_ended:
                return False
            self._change.wait_for(self._ended, pause)
            return True

    def _ended(self) -> bool:
        return self._is_ended

    def _lose(self, number: int, why: str) -> None:
        if not self.lost:
            _log.error("entries of the log are lost: %s", why)
        self.lost += number
