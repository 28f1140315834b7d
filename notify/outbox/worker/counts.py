"""What a worker counts."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter

WORDS = ("sent", "again", "throttled", "misconfigured", "suppressed", "failed", "dead", "lost")
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""Upper bounds of delays, in seconds."""


class Counts:
    """How many jobs had which outcome, and how long after their time they were sent. Safe to share between threads.

    The words are those of a `Verdict`, and `lost` where another worker had taken the job meanwhile.

    Attributes:
        outcomes: by notification (empty for a message built by hand), transport (empty where none had it) and word.
        delays: how many were sent within each bound of `BOUNDS` and not the one before; the last for all others.
        delay_sum: of all delays, in seconds.
    """

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.delays = [0] * (len(BOUNDS) + 1)
        self.delay_sum = 0.0
        self._lock = threading.Lock()

    def add(self, notification: str | None, transport: str, word: str, delay: float | None = None) -> None:
        """Count a job; `delay` from its time to its being sent, in seconds."""
        with self._lock:
            self.outcomes[notification or "", transport, word] += 1
            if delay is not None:
                delay = max(0.0, delay)
                self.delays[bisect_left(BOUNDS, delay)] += 1
                self.delay_sum += delay

    def snapshot(self) -> tuple[Counter[tuple[str, str, str]], list[int], float]:
        """`outcomes`, `delays` and `delay_sum` of one moment."""
        with self._lock:
            return Counter(self.outcomes), [*self.delays], self.delay_sum

    def totals(self) -> dict[str, int]:
        """How many had each outcome."""
        found = dict.fromkeys(WORDS, 0)
        with self._lock:
            for (_, _, word), number in self.outcomes.items():
                found[word] += number
        return found

    def in_words(self) -> str:
        """The totals for a person, such as `12 sent, 1 dead`."""
        return ", ".join(f"{number} {word}" for word, number in self.totals().items() if number) or "nothing sent"
