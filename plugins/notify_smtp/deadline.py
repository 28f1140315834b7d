"""The end of an attempt."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Deadline:
    """The end of an attempt: `seconds` from now."""

    seconds: float
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    @property
    def remaining(self) -> float:
        """Seconds left; negative when it has passed."""
        return self._end - time.monotonic()
