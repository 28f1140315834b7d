"""Interleaved timing: each round runs every contender once, and ratios are taken within a round."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def interleave(contenders: Mapping[str, Callable[[], object]], *, rounds: int, repeat: int) -> dict[str, list[float]]:
    """Seconds per call of each contender, a list of one per round; the order turns from round to round."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for call in contenders.values():
        call()
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            call = contenders[name]
            gc.collect()
            begin = time.perf_counter()
            for _ in range(repeat):
                call()
            times[name].append((time.perf_counter() - begin) / repeat)
    return times


def ratio(times: Mapping[str, list[float]], name: str, limit: str) -> float:
    """How fast `name` is as a multiple of `limit`: the median over rounds."""
    return statistics.median(b / a for a, b in zip(times[name], times[limit], strict=True))
