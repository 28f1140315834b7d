"""Render and send: `order_shipped` to a sink on loopback; the limit, Postfix's client, sends and renders nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import servers
from bench.results import Table
from bench.running import attempted, limits_of, measured, say
from bench.workers import Contender, started

if TYPE_CHECKING:
    from pathlib import Path

    from bench.options import Options

LIMIT = "smtp-source, 1 session"


def contenders(port: int) -> list[Contender]:
    """The rows that are workers."""
    where = (servers.HOST, port)
    return [
        Contender("notify, 1 connection", "project", "endtoend", where),
        Contender("Django", "django", "endtoend", where),
        Contender("redmail", "redmail", "endtoend", where),
        Contender("fastapi-mail", "fastapi_mail", "endtoend", where),
        Contender("Nodemailer + Handlebars, pool of 5", "node", "endtoend", (*where, 5)),
    ]


def run(options: Options, scratch: Path) -> list[Table]:
    """One table."""
    count = 200 if options.quick else 600
    with servers.sink() as port, started(contenders(port), scratch) as (workers, skipped):
        attempted(workers, skipped, lambda _, worker: worker.run(400))
        say(f"{len(workers)} contenders, {count} messages a block")

        def measure(name: str, _: int) -> tuple[float, float, int]:
            if name == LIMIT:
                return servers.smtp_source(port, 1, count, scratch / "message.eml"), 0.0, count
            return *workers[name].run(count), count

        limits = limits_of(contenders(port), [LIMIT, *workers], LIMIT)
        rows, failed = measured(limits, measure, rounds=options.rounds(9))
    columns = {"rate": "messages/s", "cpu": "client's CPU µs a message", "ratio": f"of {LIMIT}, sending alone"}
    return [Table("endtoend", f"{count} messages rendered and sent on loopback", columns, rows, {**skipped, **failed})]
