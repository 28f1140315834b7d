"""A worker that has nothing to do: how soon it delivers what comes, and what it costs until then; and many rows.

`python -m bench.waiting waiting URL` and `... growth URL COUNT` measure one outbox, and print their figures as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import brokers
from bench.draining import draining
from bench.results import Row, Table
from bench.running import say
from bench.timing import ContenderError
from bench.workers import ROOT, Contender, environ, python
from bench.workload import contexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.options import Options
    from notify import Notifier

CASE = "password_reset"
SIZES = (1_000, 10_000, 100_000)
FULL = 1_000_000
_IDLE = 20.0
_LETTERS = 50
_PAUSE = 0.1
_SOME = 500
_READS = 20


def waiting(options: Options, scratch: Path) -> Table:
    """From the call of `enqueue` to the null transport's receipt, and the processor's time of an idle worker."""
    rows, skipped = [], {}
    for name in ("SQLite", "PostgreSQL"):
        with _missing(skipped, name), brokers.database(name, scratch) as url:
            found = [_asked("waiting", url, str(options.quick)) for _ in range(1 if options.quick else 3)]
            say(f"  waiting on {name}")
            rows.append(Row(f"notify, {name}", {key: [each[key] for each in found] for key in found[0]}))
    columns = {"median": "median ms", "late": "95th percentile ms", "idle": "CPU % while idle"}
    title = f"first delivery after enqueue, {_LETTERS} letters, each when the worker waits"
    return Table("waiting", title, columns, rows, skipped)


def growth(options: Options, scratch: Path) -> Table:
    """What a row costs when there are more and more."""
    sizes = [size for size in (*SIZES, *([FULL] if options.full else [])) if not options.quick or size <= 10_000]
    rows, skipped = [], {}
    for name in ("SQLite", "PostgreSQL"):
        for size in sizes:
            with _missing(skipped, f"{size:,} rows, {name}"), brokers.database(name, scratch) as url:
                found = _asked("growth", url, str(size))
                say(f"  {size:,} rows on {name}")
                rows.append(Row(f"{size:,} rows, {name}", {key: [each] for key, each in found.items()}))
    columns = {
        "bulk": "enqueue_many, µs a row",
        "drain": "drain, µs a row",
        "one": "then enqueue, µs",
        "again": f"then drain {_SOME}, µs a row",
        "list": "list, ms",
        "stats": "stats, ms",
    }
    return Table("growth", f"{CASE}: so many rows put in, drained, and kept", columns, rows, skipped)


@contextmanager
def _missing(skipped: dict[str, str], name: str) -> Iterator[None]:
    try:
        yield
    except ContenderError as error:
        skipped[name] = str(error)


def _asked(*words: str) -> dict[str, float]:
    """What a process of its own measures."""
    command = [python(), "-m", "bench.waiting", *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environ())
    if done.returncode:
        raise ContenderError((done.stderr.strip().splitlines() or ["it failed"])[-1][:300])
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure_waiting(url: str, scratch: Path, *, quick: bool) -> dict[str, float]:
    """How soon, in milliseconds, and how much of a processor, in percent."""
    from bench.contenders.outbox import opened

    took = []
    with opened(url) as notifier, draining(_contender(url), scratch) as drain:
        for number, context in enumerate(contexts(CASE, _LETTERS + 1), 1):
            begin = time.perf_counter()
            notifier.enqueue(CASE, to=context.to, params=context.params)
            took.append((drain.wait(number, 0.0002) - begin) * 1000)
            time.sleep(_PAUSE)
        notifier.outbox.close()
        before, seconds = _used(drain.process.pid), _IDLE / 4 if quick else _IDLE
        time.sleep(seconds)
        idle = (_used(drain.process.pid) - before) / seconds * 100
    took = took[1:]  # the first waits for the worker's start
    return {"median": statistics.median(took), "late": statistics.quantiles(took, n=20)[-1], "idle": idle}


def measure_growth(url: str, size: int) -> dict[str, float]:
    """Microseconds and milliseconds, as the table says."""
    from bench.contenders.outbox import opened

    people = contexts(CASE)
    with opened(url) as notifier:
        notifier.enqueue_many(CASE, [(each.to, each.params) for each in people])  # templates and statements are made
        _drain(notifier, _SOME)
        some = ((people[number % len(people)].to, people[number % len(people)].params) for number in range(size))
        found = {"bulk": _seconds(lambda: notifier.enqueue_many(CASE, some)) / size * 1e6}
        found["drain"] = _drain(notifier, size) / size * 1e6
        found["one"] = _seconds(lambda: _put(notifier, _SOME)) / _SOME * 1e6
        found["list"] = statistics.median(_seconds(notifier.outbox.find) for _ in range(_READS)) * 1e3
        found["stats"] = statistics.median(_seconds(notifier.outbox.stats) for _ in range(_READS)) * 1e3
        found["again"] = _drain(notifier, _SOME) / _SOME * 1e6
        notifier.outbox.close()
    return found


def _put(notifier: Notifier, count: int) -> None:
    for context in contexts(CASE, count):
        notifier.enqueue(CASE, to=context.to, params=context.params)


def _drain(notifier: Notifier, count: int) -> float:
    """The seconds until a worker has written down so many."""
    import threading

    worker = notifier.outbox.worker()
    begin = time.perf_counter()
    end: list[float] = []

    def watch() -> None:
        while worker.counts.totals()["sent"] < count:
            time.sleep(0.002)
        end.append(time.perf_counter())
        worker.stop()

    watcher = threading.Thread(target=watch)
    watcher.start()
    worker.run()
    watcher.join()
    return end[0] - begin


def _seconds(action: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def _used(pid: int) -> float:
    """The seconds of the processor that a process has had; of Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _contender(url: str) -> Contender:
    return Contender("notify", "outbox", "drain", (CASE, url))


def _main(what: str, url: str, number: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        if what == "waiting":
            return measure_waiting(url, Path(folder), quick=number == "True")
        return measure_growth(url, int(number))


if __name__ == "__main__":
    print(json.dumps(_main(*sys.argv[1:])))
