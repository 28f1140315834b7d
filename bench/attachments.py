"""A megabyte of attachment: the whole message, beside the one thing that cannot be left out, base64 in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.results import Table
from bench.running import limits_of, measured
from bench.workers import Contender, started

if TYPE_CHECKING:
    from pathlib import Path

    from bench.options import Options

LIMIT = "base64.encodebytes"
ROWS = [Contender(LIMIT, "standard", "attach"), Contender("notify", "project", "attach")]
COUNT = 16


def run(options: Options, scratch: Path) -> list[Table]:
    """One table."""
    with started(ROWS, scratch) as (workers, skipped):

        def measure(name: str, _: int) -> tuple[float, float, int]:
            return *workers[name].run(COUNT), COUNT

        rows, failed = measured(limits_of(ROWS, workers, LIMIT), measure, rounds=options.rounds(15))
    columns = {"rate": "messages/s", "cpu": "CPU µs a message", "ratio": f"of {LIMIT}"}
    title = "order_shipped with 1 MB attached, other octets each time"
    return [Table("attachments", title, columns, rows, {**skipped, **failed})]
