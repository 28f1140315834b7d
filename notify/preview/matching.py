"""What two sequences have in common, in bounded time.

The shortest way from the one to the other by removing and adding, as E. W. Myers found it: "An O(ND) Difference
Algorithm and Its Variations", Algorithmica 1 (1986), section 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Pair = tuple[int, int]
"""Where one thing stands in the one sequence, and where in the other."""


def matches(old: Sequence[str], new: Sequence[str], *, steps: int) -> tuple[list[Pair], bool]:
    """The pairs that both have in the same order, as many as can be; and whether the steps were enough to find them.

    Without enough of them only what both begin with and end with is paired.

    Args:
        old: the one sequence.
        new: the other.
        steps: how many comparisons there may be, about.
    """
    shorter = min(len(old), len(new))
    first = 0
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    middle = _middle(old[first : len(old) - last], new[first : len(new) - last], steps)
    pairs = [(place, place) for place in range(first)]
    pairs += [(first + x, first + y) for x, y in middle or ()]
    pairs += [(len(old) - place, len(new) - place) for place in range(last, 0, -1)]
    return pairs, middle is not None


def _middle(old: Sequence[str], new: Sequence[str], steps: int) -> list[Pair] | None:
    rows: list[list[int]] = []
    while steps > 0:
        row, walked = _row(old, new, rows)
        rows.append(row)
        steps -= walked
        # The end lies on the diagonal len(old) - len(new); every second one is in a row.
        edits = len(rows) - 1
        index, odd = divmod(len(old) - len(new) + edits, 2)
        if not odd and 0 <= index <= edits and row[index] >= len(old):
            return _walked_back(rows, index)
    return None


def _row(old: Sequence[str], new: Sequence[str], rows: Sequence[Sequence[int]]) -> tuple[list[int], int]:
    """How far one gets in `old` with one edit more, on each diagonal from -edits to edits; and in how many steps."""
    edits = len(rows)
    row = []
    walked = 0
    for index in range(edits + 1):
        start = place = _entered(rows, edits, index)
        shift = 2 * index - edits
        end = min(len(old), len(new) + shift)
        while place < end and old[place] == new[place - shift]:
            place += 1
        row.append(place)
        walked += place - start + 1
    return row, walked


def _entered(rows: Sequence[Sequence[int]], edits: int, index: int) -> int:
    """Where a diagonal is entered: from the one above by adding, or from the one below by removing."""
    if not edits:
        return 0
    before = rows[edits - 1]
    return before[index] if _adds(before, edits, index) else before[index - 1] + 1


def _adds(before: Sequence[int], edits: int, index: int) -> bool:
    return index == 0 or (index < edits and before[index - 1] < before[index])


def _walked_back(rows: Sequence[Sequence[int]], index: int) -> list[Pair]:
    pairs: list[Pair] = []
    for edits in range(len(rows) - 1, -1, -1):
        shift = 2 * index - edits
        start = _entered(rows, edits, index)
        pairs += [(place, place - shift) for place in range(rows[edits][index] - 1, start - 1, -1)]
        if edits and not _adds(rows[edits - 1], edits, index):
            index -= 1
    return pairs[::-1]
