"""What was said about one message, for its error: without secrets, and no more than a person can read."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify.errors import DeliveryError

_MOST_LINES = 200


class Transcript:
    """Lines, the last 200 of them: `C:` from this side, `S:` from the server.

    Args:
        scrub: masks secrets, and cuts what is too long.
    """

    def __init__(self, scrub: Callable[[str], str]) -> None:
        self._scrub = scrub
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)

    def add(self, side: str, words: str) -> None:
        """Note what a side said."""
        self._lines.append(f"{side}: {self._scrub(words)}")

    def attach(self, errors: Iterable[DeliveryError]) -> None:
        """Give the lines so far to errors, and to those of single recipients that they hold."""
        lines = tuple(self._lines)
        for error in errors:
            for each in (error, *error.rejected.values()):
                each.transcript = each.transcript or lines
