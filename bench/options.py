"""How long to measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """How long to measure.

    Attributes:
        quick: a look, with wider spreads, instead of figures to quote.
        full: also what takes long: a million rows.
    """

    quick: bool = False
    full: bool = False

    def rounds(self, usual: int) -> int:
        """How many rounds, where so many are usual."""
        return min(usual, 3) if self.quick else usual
