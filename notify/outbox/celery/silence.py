"""Whether the broker can be reached, said once each time that it changes."""

from __future__ import annotations

import logging
from time import monotonic

_log = logging.getLogger("notify.outbox")


class Silence:
    """The time after a failure in which nobody tries again, so that only now and then a caller waits for a timeout.

    Args:
        seconds: how long it is.
        shown: what the broker is called.
    """

    def __init__(self, seconds: float, shown: str) -> None:
        self._seconds = seconds
        self._shown = shown
        self._ends: float | None = None

    def holds(self) -> bool:
        """Whether it is not over yet."""
        return self._ends is not None and monotonic() < self._ends

    def begins(self, error: Exception) -> None:
        """The broker could not be reached."""
        if self._ends is None:
            _log.warning(
                "the broker %s cannot be reached: %s; jobs wait in the outbox until a sweep rings for them",
                self._shown,
                error,
            )
        self._ends = monotonic() + self._seconds

    def ends(self) -> None:
        """It was reached."""
        if self._ends is not None:
            self._ends = None
            _log.info("the broker %s is reached again", self._shown)
