"""Waiting for a database that is gone."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeVar

from notify.errors import NotifyError, OutboxError
from notify.outbox.worker.clock import clock

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_log = logging.getLogger("notify.worker")
_FIRST = 0.05
_LONGEST = 5.0
_SLICE = 0.1


class GivenUpError(NotifyError):
    """The worker ends, and the database did not come back before."""


class Patience:
    """Has actions tried until the database can be used. Safe to share between threads.

    Attributes:
        waiting: whether the last action failed.
        given_up: whether none is tried again; may be set by a signal's handler.
    """

    def __init__(self) -> None:
        self.waiting = False
        self.given_up = False

    def until_done(self, action: Callable[[], T]) -> T:
        """What the action gives, as soon as it can be done.

        Raises:
            GivenUpError: it failed, and is not tried again.
            NotifyError: it failed of anything but the database's not being there.
        """
        pause = _FIRST
        while True:
            try:
                result = action()
            except OutboxError as error:
                self._tell(error)
                if not self._sleep(pause):
                    raise GivenUpError(str(error)) from error
                pause = min(2 * pause, _LONGEST)
            else:
                if self.waiting:
                    self.waiting = False
                    _log.warning("the outbox can be used again")
                return result

    def _sleep(self, seconds: float) -> bool:
        """Whether it may be tried again after so long."""
        end = clock() + seconds
        while not self.given_up and (left := end - clock()) > 0:
            time.sleep(min(left, _SLICE))
        return not self.given_up

    def _tell(self, error: OutboxError) -> None:
        if not self.waiting:
            self.waiting = True
            _log.error("%s; the worker waits for it", error)
