"""`send_many` to the null transport, over more and more rows, each number in a process of its own.

`python -m bench.memory COUNT` is one of them; it prints its figures as JSON.
"""

from __future__ import annotations

import json
import re
import resource
import statistics
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from bench.results import Row, Table
from bench.running import say
from bench.workers import ROOT, environ, python
from bench.workload import PROJECT, contexts

if TYPE_CHECKING:
    from bench.options import Options

SIZES = (1_000, 10_000, 100_000)
FULL = 1_000_000


def run(options: Options, _: Path) -> list[Table]:
    """One table: the peak of resident memory, and what a row costs."""
    sizes = [size for size in (*SIZES, *([FULL] if options.full else [])) if not options.quick or size <= 10_000]
    peaks: dict[int, list[float]] = {size: [] for size in sizes}
    costs: dict[int, list[float]] = {size: [] for size in sizes}
    for number in range(2 if options.quick else 3):
        for size in sizes:
            if size >= 100_000 and number:  # long enough to be steady
                continue
            found = _measured(size)
            peaks[size].append(found["peak"])
            costs[size].append(found["seconds"] / size * 1e6)
            say(f"  {size:,} rows")
    least = statistics.median(peaks[sizes[0]])
    rows = []
    for size in sizes:
        more = {} if size == sizes[0] else {"more": [peak - least for peak in peaks[size]]}
        rows.append(Row(f"{size:,} rows", {"peak": peaks[size], **more, "cost": costs[size]}))
    columns = {"peak": "peak MB", "more": f"MB more than {sizes[0]:,} rows", "cost": "µs a row"}
    return [Table("memory", "send_many of order_shipped to the null transport", columns, rows)]


def _measured(size: int) -> dict[str, float]:
    command = [python(), "-m", "bench.memory", str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=environ())
    found: dict[str, float] = json.loads(done.stdout)
    return found


def send(size: int) -> dict[str, float]:
    """Send so many rows; the seconds, and the peak of this process's memory in MB."""
    from notify import Notifier

    people = contexts("order_shipped")
    with Notifier.load(PROJECT, environment="bench", transport="null:") as notifier:
        rows = ((context.to, context.params) for context in islice(cycle(people), size))
        begin = time.perf_counter()
        accepted = sum(len(receipt.accepted) for receipt in notifier.send_many("order_shipped", rows))
        seconds = time.perf_counter() - begin
    assert accepted == size
    return {"seconds": seconds, "peak": peak()}


def peak() -> float:
    """The most memory that this process ever had, in MB.

    On Linux from its status, because what `getrusage` says includes the parent's before the program began.
    """
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        found = None
    octets = int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return octets / 1e6


if __name__ == "__main__":
    print(json.dumps(send(int(sys.argv[1]))))
