"""Blocks in turns, A B A C A D ..., and ratios between neighbours, so that what else the machine does cancels out.

A is a limit: what a row is compared with. The order of the rows turns from round to round.
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class ContenderError(Exception):
    """A contender cannot be measured; the words say why."""


@dataclass(slots=True)
class Blocks:
    """What was measured of one row.

    Attributes:
        values: one figure for each block, in the suite's unit.
        ratios: for each block but those of a limit: its figure over the mean of the limit's blocks right around it.
    """

    values: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)


def interleave(
    limits: Mapping[str, str], measure: Callable[[str, int], float], *, rounds: int
) -> tuple[dict[str, Blocks], dict[str, str]]:
    """Measure rows in turns.

    Args:
        limits: for each row the name of the one that it is compared with; a limit is compared with itself.
        measure: runs one block of a row, in the round of that number, and gives the figure.
        rounds: how many blocks each row gets.

    Returns:
        The blocks of each row, and the rows that failed on the way, each with why.
    """
    blocks = {name: Blocks() for name in limits}
    rows = [name for name, limit in limits.items() if limit != name]
    failed: dict[str, str] = {}
    for number in range(rounds):
        turn = number * 7 % max(len(rows), 1)
        last: tuple[str, float] | None = None
        for name in rows[turn:] + rows[:turn]:
            if name in failed:
                continue
            limit = limits[name]
            if last is None or last[0] != limit:
                last = limit, _block(blocks[limit], measure, limit, number)
            try:
                value = _block(blocks[name], measure, name, number)
            except ContenderError as error:
                failed[name] = str(error)
                del blocks[name]
                continue
            before, last = last[1], (limit, _block(blocks[limit], measure, limit, number))
            blocks[name].ratios.append(value / ((before + last[1]) / 2))
        print(f"  round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return blocks, failed


def quartiles(figures: Sequence[float]) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile."""
    if len(figures) == 1:
        return figures[0], figures[0], figures[0]
    low, middle, high = statistics.quantiles(figures, n=4, method="inclusive")
    return low, middle, high


def spread(figures: Sequence[float]) -> float:
    """Half the distance between the quartiles, as a share of the median."""
    low, middle, high = quartiles(figures)
    return (high - low) / 2 / middle


def _block(blocks: Blocks, measure: Callable[[str, int], float], name: str, number: int) -> float:
    value = measure(name, number)
    blocks.values.append(value)
    return value
