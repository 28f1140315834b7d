"""What the suites with workers share: contenders side by side, in turns, as rows of a table."""

from __future__ import annotations

import base64
import json
import statistics
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from bench import handlebars
from bench.results import Row
from bench.timing import ContenderError, interleave
from bench.workload import CASES, PROJECT, contexts
from notify import Notifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from bench.timing import Blocks
    from bench.workers import Contender, Worker


T = TypeVar("T")


def prepare(scratch: Path) -> None:
    """Write what workers read: contexts for those of Node.js, templates of Handlebars, messages to deliver."""
    for case in CASES:
        (scratch / f"{case}.json").write_text(json.dumps([asdict(context) for context in contexts(case)]))
    handlebars.write(scratch / "handlebars")
    notifier = Notifier.load(PROJECT, environment="bench", transport="null:")
    pairs = []
    for context in contexts("order_shipped"):
        message = notifier.render("order_shipped", to=context.to, params=context.params)
        pairs.append((context.email, message.as_bytes(eight_bit=True)))
    (scratch / "message.eml").write_bytes(pairs[0][1].replace(b"\r\n", b"\n"))  # smtp-source reads lines
    (scratch / "messages.json").write_text(
        json.dumps([(address, base64.b64encode(octets).decode()) for address, octets in pairs])
    )


def limits_of(contenders: Iterable[Contender], names: Iterable[str], limit: str) -> dict[str, str]:
    """What `interleave` takes: the rows that there are, all compared with one.

    Raises:
        ContenderError: the limit itself is missing.
    """
    there = set(names)
    if limit not in there:
        raise ContenderError(f"{limit} cannot be measured")
    return {limit: limit} | {contender.name: limit for contender in contenders if contender.name in there}


def attempted(workers: dict[str, Worker], skipped: dict[str, str], attempt: Callable[[str, Worker], T]) -> dict[str, T]:
    """What an attempt with each worker gives, by name; one that fails is taken out, and noted among the skipped."""
    found = {}
    for name, worker in list(workers.items()):
        try:
            found[name] = attempt(name, worker)
        except ContenderError as error:
            skipped[name] = str(error)
            workers.pop(name).close()
    return found


def size_of(worker: Worker, seconds: float, warm: float) -> int:
    """How many inputs make a block of so many seconds; found by working, at least `warm` seconds long.

    Raises:
        ContenderError: the worker failed.
    """
    count, spent, took = 4, 0.0, 0.0
    while spent < warm or took < 0.05:
        count = max(4, int(count * 0.1 / took)) if took else count
        took, _ = worker.run(count)
        spent += took
    return max(4, int(seconds * count / took))


def measured(
    limits: Mapping[str, str], measure: Callable[[str, int], tuple[float, float, int]], *, rounds: int
) -> tuple[list[Row], dict[str, str]]:
    """Rows in order, the fastest first below the limits.

    Their figures: `ratio` to the limit; `rate`, messages a second, which is the ratio times the limit's median, so that
    both say the same however the machine's pace changed; `raw`, messages a second of each block as it was; `cpu`,
    microseconds of the processor a message.

    Args:
        limits: as `interleave` takes them.
        measure: one block of a row: seconds, those of the processor or 0 if unknown, and the messages.
        rounds: how many blocks each row gets.
    """
    cpu: dict[str, list[float]] = {name: [] for name in limits}

    def rate(name: str, number: int) -> float:
        seconds, used, count = measure(name, number)
        if used:
            cpu[name].append(used / count * 1e6)
        return count / seconds

    blocks, failed = interleave(limits, rate, rounds=rounds)
    ordered = sorted(blocks, key=lambda name: (limits[name] != name, -statistics.median(blocks[name].ratios or [1])))
    rows = [Row(name, _figures(blocks[name], blocks[limits[name]], cpu[name])) for name in ordered]
    return rows, failed


def say(words: str) -> None:
    """Progress, beside the tables."""
    print(words, file=sys.stderr, flush=True)


def _figures(blocks: Blocks, limit: Blocks, cpu: Sequence[float]) -> dict[str, Sequence[float]]:
    pace = statistics.median(limit.values)
    figures: dict[str, Sequence[float]] = {"raw": blocks.values, "cpu": cpu, "ratio": blocks.ratios}
    figures["rate"] = [ratio * pace for ratio in blocks.ratios] or blocks.values
    return {name: each for name, each in figures.items() if each}
