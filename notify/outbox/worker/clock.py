"""How time passes here: a clock that nobody sets, and that goes on while the machine sleeps."""

from __future__ import annotations

import time

if hasattr(time, "CLOCK_BOOTTIME"):

    def clock() -> float:
        """Seconds since some moment."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:  # pragma: no cover
    clock = time.monotonic
