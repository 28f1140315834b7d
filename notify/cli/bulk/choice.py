"""Which rows a run takes: those that surely were not sent, and others only if a person asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.cli.bulk.state import State
from notify.cli.output import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.cli.bulk.journal import Journal
    from notify.cli.bulk.row import Row
    from notify.cli.bulk.rows import Rows

_ALWAYS = frozenset({State.WAITING, State.LATER, State.BLOCKED})
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """The rows that are to be sent.

    Attributes:
        rows: all rows.
        journal: what became of them before.
        states: the states of those that are taken.
    """

    rows: Rows
    journal: Journal
    states: frozenset[State]

    @classmethod
    def of(cls, rows: Rows, journal: Journal, *, refused: bool, unknown: bool) -> Choice:
        """The choice with or without those that were refused, and those that may have been sent."""
        asked = {State.REFUSED: refused, State.UNKNOWN: unknown}
        return cls(rows, journal, _ALWAYS | {state for state, wanted in asked.items() if wanted})

    def __iter__(self) -> Iterator[Row]:
        """The rows, by what became of them before; a row that is sent meanwhile is not met again."""
        return (row for row in self.rows if self.journal.state(row.number) in self.states)

    def __len__(self) -> int:
        return sum(map(self.journal.count, self.states))

    def left_out(self, state: State) -> str:
        """`4 rows (lines 5, 8-10)`: those of a state that is not taken; empty if there is none."""
        number = 0 if state in self.states else self.journal.count(state)
        if not number:
            return ""
        ranges, named = self._ranges(state, number)
        shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
        more = f" and {number - named:,} more" if named < number else ""
        return f"{count(number, 'row')} (line{'' if number == 1 else 's'} {shown}{more})"

    def _ranges(self, state: State, number: int) -> tuple[list[tuple[int, int]], int]:
        """The first and last line of each stretch of rows of a state, of which there are so many; how many that is."""
        ranges = list[tuple[int, int]]()
        named = latest = 0
        for row in self.rows:
            if self.journal.state(row.number) != state:
                continue
            if ranges and row.number == latest + 1:
                ranges[-1] = ranges[-1][0], row.line
            elif len(ranges) < _SHOWN:
                ranges.append((row.line, row.line))
            else:
                break
            named, latest = named + 1, row.number
            if named == number:
                break
        return ranges, named
