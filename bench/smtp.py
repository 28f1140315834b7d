"""Messages that were made before, to a sink on loopback; and the same to one that is 40 ms away and back.

Each block begins without a connection. What the sink gets is the same for all; notify writes its messages' octets once
it knows what the server offers, so that this is part of its time, and of no other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import servers
from bench.results import Row, Table
from bench.running import attempted, limits_of, measured, say
from bench.timing import ContenderError
from bench.workers import Contender, started

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bench.options import Options
    from bench.workers import Worker

ROUND_TRIP = 0.040
LIMIT = "smtp-source, 1 session"
SOURCES = {LIMIT: 1, "smtp-source, 10 sessions": 10}


def contenders(port: int) -> list[Contender]:
    """The rows that are workers."""
    where = (servers.HOST, port)
    return [
        Contender("notify, 1 connection", "project", "deliver", (*where, 1)),
        Contender("notify, 10 connections", "project", "deliver", (*where, 10)),
        Contender("smtplib", "standard", "deliver", where),
        Contender("aiosmtplib, 1 connection", "aiosmtplib", "deliver", (*where, 1)),
        Contender("aiosmtplib, 10 connections", "aiosmtplib", "deliver", (*where, 10)),
        Contender("Nodemailer, pool of 1", "node", "deliver", (*where, 1)),
        Contender("Nodemailer, pool of 5", "node", "deliver", (*where, 5)),
        Contender("Nodemailer, pool of 10", "node", "deliver", (*where, 10)),
    ]


def run(options: Options, scratch: Path) -> list[Table]:
    """One table."""
    count = 500 if options.quick else 2000
    with servers.sink() as port, started(contenders(port), scratch) as (workers, skipped):
        attempted(workers, skipped, lambda _, worker: worker.run(400))
        say(f"{len(workers)} contenders, {count} messages a block")

        def measure(name: str, _: int) -> tuple[float, float, int]:
            return _block(name, workers, port, count, scratch)

        limits = {**limits_of(contenders(port), [LIMIT, *workers], LIMIT), **dict.fromkeys(SOURCES, LIMIT)}
        rows, failed = measured(limits, measure, rounds=options.rounds(7))
    columns = {"rate": "messages/s", "cpu": "client's CPU µs a message", "ratio": f"of {LIMIT}"}
    return [Table("smtp", f"{count} messages to smtp-sink on loopback", columns, rows, {**skipped, **failed})]


def run_far(options: Options, scratch: Path) -> list[Table]:
    """One table: messages a second, and round trips a message, those that open the connection among them.

    Here the way takes nearly all the time, so that a row needs no neighbour to be compared with.
    """
    rates: dict[str, list[float]] = {}
    failed: dict[str, str] = {}
    with (
        servers.sink() as near,
        servers.far(near, ROUND_TRIP) as port,
        started(contenders(port), scratch) as (workers, skipped),
    ):
        for number in range(1 if options.quick else 3):
            for name in [name for name in (*SOURCES, *workers) if name not in failed]:
                try:
                    seconds, _, count = _block(name, workers, port, _far_count(name), scratch)
                except ContenderError as error:
                    failed[name] = str(error)
                    rates.pop(name, None)
                else:
                    rates.setdefault(name, []).append(count / seconds)
            say(f"  round {number + 1}")
    columns = {"rate": "messages/s", "trips": "round trips a message"}
    rows = [
        Row(name, {"rate": each, "trips": [1 / rate / ROUND_TRIP for rate in each]})
        for name, each in sorted(rates.items(), key=lambda item: -item[1][0])
    ]
    title = f"messages to smtp-sink, {ROUND_TRIP * 1000:.0f} ms away and back: 60, or 600 over several connections"
    return [Table("latency", title, columns, rows, {**skipped, **failed})]


def _far_count(name: str) -> int:
    """Few where each waits for the one before; more where each connection would else get next to none."""
    return 600 if name.endswith(("10 connections", "10 sessions", "of 5", "of 10")) else 60


def _block(name: str, workers: Mapping[str, Worker], port: int, count: int, scratch: Path) -> tuple[float, float, int]:
    if name in SOURCES:
        return servers.smtp_source(port, SOURCES[name], count, scratch / "message.eml"), 0.0, count
    return *workers[name].run(count), count
