"""The outbox beside queues of tasks: enqueueing, one by one and in bulk, and one worker that drains what was put in.

A task of the peers does nothing, and has the params of the mail; notify checks them when it enqueues, and its worker
renders the mail and builds its octets for the null transport. What is enqueued is durable when the call returns.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bench import brokers
from bench.draining import draining
from bench.results import Table
from bench.running import attempted, limits_of, measured, say, size_of
from bench.timing import ContenderError
from bench.waiting import growth, waiting
from bench.workers import Contender, started

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.options import Options
    from bench.results import Row
    from bench.workers import Worker

SMALL, LARGE = "password_reset", "order_shipped"
LIMIT = "bare insert, SQLite"
DRAINED = "notify, SQLite"
BLOCK = 0.5
"""Seconds of one block of enqueueing."""
UNSYNCED = "Huey, SQLite, fsync=False"
_LOSES = "it deletes a task before it runs it, so that a worker's death loses it"
NOTES = {"Huey, SQLite": _LOSES, UNSYNCED: f"{_LOSES}; and a power failure loses what was enqueued last"}
_IN_BULK = ("notify", "Procrastinate", "bare insert, SQLite")


def run(options: Options, scratch: Path) -> list[Table]:
    """Enqueueing, in bulk, draining; then what a waiting worker costs, and many rows."""
    tables = []
    # What is enqueued is durable when the call returns; what was done with it, a second later is soon enough.
    for measure, sync in ((_enqueue, "always"), (_bulk, "always"), (_drain, "everysec")):
        with _queues(scratch / measure.__name__, sync) as (queues, skipped):
            tables.append(measure(queues, skipped, options, scratch))
    return [*tables, waiting(options, scratch), growth(options, scratch)]


@contextmanager
def _queues(folder: Path, sync: str) -> Iterator[tuple[list[Contender], dict[str, str]]]:
    """Every queue, empty, as a contender whose function is still to be said; and those that cannot be had."""
    folder.mkdir()
    with ExitStack() as stack:
        yield _made(folder, sync, stack)


def _made(folder: Path, sync: str, stack: ExitStack) -> tuple[list[Contender], dict[str, str]]:
    found: list[Contender] = []
    skipped: dict[str, str] = {}

    def add(name: str, module: str, *where: str) -> None:
        found.append(Contender(name, module, "", (SMALL, *where)))

    add(LIMIT, "bare", f"sqlite:///{folder / 'bare.db'}")
    add(DRAINED, "outbox", f"sqlite:///{folder / 'outbox.db'}")
    add("Huey, SQLite", "huey", str(folder / "huey.db"), "fsync")
    add(UNSYNCED, "huey", str(folder / "unsynced.db"), "none")
    try:
        add("bare insert, PostgreSQL", "bare", stack.enter_context(brokers.postgres()))
        add("notify, PostgreSQL", "outbox", stack.enter_context(brokers.postgres()))
        add("Procrastinate, PostgreSQL", "procrastinate", stack.enter_context(brokers.postgres()))
    except ContenderError as error:
        skipped |= dict.fromkeys(("notify, PostgreSQL", "Procrastinate, PostgreSQL"), str(error))
    try:
        add("Celery, RabbitMQ", "celery", *brokers.rabbitmq())
    except ContenderError as error:
        skipped["Celery, RabbitMQ"] = str(error)
    try:
        url = stack.enter_context(brokers.redis(folder, sync))
        add("Celery, Redis", "celery", url, "celery_tasks")
        add("Dramatiq, Redis", "dramatiq", url, "dramatiq_tasks")
    except ContenderError as error:
        skipped |= dict.fromkeys(("Celery, Redis", "Dramatiq, Redis"), str(error))
    return found, skipped


def _enqueue(queues: Sequence[Contender], skipped: dict[str, str], options: Options, scratch: Path) -> Table:
    durable = [replace(queue, function="enqueue") for queue in queues if queue.name != UNSYNCED]
    rows, more = _putting(durable, options, scratch)
    columns = {"rate": "calls/s", "cpu": "CPU µs a call", "ratio": f"of {LIMIT}"}
    return Table("enqueue", f"{SMALL}: enqueue, one by one, durable", columns, rows, {**skipped, **more})


def _bulk(queues: Sequence[Contender], _: dict[str, str], options: Options, scratch: Path) -> Table:
    some = [replace(queue, function="enqueue_many") for queue in queues if queue.name.startswith(_IN_BULK)]
    rows, skipped = _putting([*some, *_large(some)], options, scratch)
    columns = {"rate": "rows/s", "cpu": "CPU µs a row", "ratio": f"of {LIMIT}"}
    return Table("bulk", f"{SMALL}: enqueue_many, a block in one transaction", columns, rows, skipped)


def _large(contenders: Sequence[Contender]) -> list[Contender]:
    """Those of notify, with the larger mail."""
    return [
        replace(each, name=f"{each.name}, {LARGE}", arguments=(LARGE, *each.arguments[1:]))
        for each in contenders
        if each.module == "outbox"
    ]


def _one_line(contenders: Sequence[Contender]) -> list[Contender]:
    """Those of notify, with the same params and next to nothing to render."""
    return [
        replace(each, name=f"{each.name}, one line", arguments=(*each.arguments, "one_line"))
        for each in contenders
        if each.module == "outbox"
    ]


def _putting(contenders: Sequence[Contender], options: Options, scratch: Path) -> tuple[list[Row], dict[str, str]]:
    with started(contenders, scratch) as (workers, skipped):
        say(f"{contenders[0].function}: {len(workers)} contenders")
        counts = attempted(workers, skipped, lambda _, worker: size_of(worker, BLOCK, BLOCK))

        def measure(name: str, number: int) -> tuple[float, float, int]:
            return *workers[name].run(counts[name], number * 37), counts[name]

        rows, failed = measured(limits_of(contenders, workers, LIMIT), measure, rounds=options.rounds(9))
    return rows, {**skipped, **failed}


def _drain(queues: Sequence[Contender], skipped: dict[str, str], options: Options, scratch: Path) -> Table:
    some = [replace(queue, function="fill") for queue in queues if queue.module != "bare"]
    fills = {each.name: each for each in (*some, *_one_line(some), *_large(some))}
    with started(fills.values(), scratch) as (workers, more):
        say(f"drain: {len(workers)} contenders")

        def measure(name: str, number: int) -> tuple[float, float, int]:
            count = _drained(fills[name], options)
            return _block(fills[name], workers[name], count, number, scratch), 0.0, count

        rows, failed = measured(limits_of(fills.values(), workers, DRAINED), measure, rounds=options.rounds(5))
    for row in rows:
        row.note = NOTES.get(row.name, "")
    title = f"{SMALL}: one worker drains what is queued"
    columns = {"rate": "jobs/s", "ratio": f"of {DRAINED}"}
    return Table("drain", title, columns, rows, {**skipped, **more, **failed})


def _drained(queue: Contender, options: Options) -> int:
    """How many a block has: as many as take a second or more."""
    count = 10_000 if queue.module == "outbox" else 2_000
    return count // 4 if options.quick else count


def _block(queue: Contender, worker: Worker, count: int, number: int, scratch: Path) -> float:
    """The seconds from the first task to the last."""
    worker.run(count, number * 37)
    with draining(queue, scratch) as drain:
        begin = drain.wait(1)
        return drain.wait(count) - begin
