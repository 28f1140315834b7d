"""How far a sending is, and the count that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.errors import UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages there were so far, and what became of them.

    Attributes:
        taken: those that were begun with; each is counted below once that is known.
        accepted: those taken for all of their recipients.
        partly: those taken for some of them.
        failed: those taken for none, as far as is known.
        unknown: those among the failed that may have been taken all the same.
    """

    taken: int
    accepted: int
    partly: int
    failed: int
    unknown: int

    @property
    def settled(self) -> int:
        """How many have a known fate."""
        return self.accepted + self.partly + self.failed


class Tally:
    """Counts outcomes, and tells a callback of each.

    Args:
        progress: called with the new count after each outcome.
    """

    def __init__(self, progress: Callable[[Progress], object] | None) -> None:
        self._progress = progress
        self.taken = 0
        self._accepted = self._partly = self._failed = self._unknown = 0

    def add(self, receipt: Receipt) -> None:
        """Count one more."""
        if not receipt.accepted:
            self._failed += 1
            self._unknown += any(isinstance(error, UnknownOutcomeError) for error in receipt.rejected.values())
        elif receipt.rejected:
            self._partly += 1
        else:
            self._accepted += 1
        if self._progress is not None:
            self._progress(self.now())

    def now(self) -> Progress:
        """The count."""
        return Progress(self.taken, self._accepted, self._partly, self._failed, self._unknown)
