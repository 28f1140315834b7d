"""Context to octets: each contender does the whole job through its own public interface, for another context each time.

Before anything is measured, one message of each is checked. The limit renders HTML, text and subject, and builds
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.checking import faults
from bench.results import Table
from bench.running import attempted, limits_of, measured, say, size_of
from bench.timing import ContenderError
from bench.workers import Contender, started
from bench.workload import CASES, contexts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.options import Options
    from bench.results import Row
    from bench.workers import Worker

LIMIT = "bare Jinja2"
COLUMNS = {"rate": "messages/s", "cpu": "CPU µs a message", "ratio": f"of {LIMIT}"}
BLOCK = 0.12
"""Seconds of one block."""
_WARM = {"node": 1.5}  # seconds until its compiler is done
_BUILDS_NOTHING = (LIMIT, "bare Jinja2 + css-inline")


def contenders(case: str) -> list[Contender]:
    """The rows of a case."""
    return [
        Contender(LIMIT, "jinja", "render", (case,)),
        Contender("bare Jinja2 + css-inline", "jinja", "render_inlined", (case,)),
        Contender("notify", "project", "render", (case,)),
        Contender("EmailMessage", "standard", "render", (case,)),
        Contender("Django", "django", "render", (case,)),
        Contender("redmail", "redmail", "render", (case,)),
        Contender("fastapi-mail", "fastapi_mail", "render", (case,)),
        Contender("emails", "emails", "render", (case,)),
        Contender("Nodemailer + Handlebars", "node", "render", (case, {"inline": False})),
        Contender("Nodemailer + Handlebars + juice", "node", "render", (case, {"inline": True})),
        Contender("email-templates + Handlebars + juice", "node", "render", (case, {"stack": "email-templates"})),
    ]


def run(options: Options, scratch: Path) -> list[Table]:
    """A table for each case, and one for the example shop's order confirmation."""
    tables = [_compare(contenders(case), case, options, scratch) for case in CASES]
    return [*tables, _shop(options, scratch)]


def _compare(rows: Sequence[Contender], case: str, options: Options, scratch: Path) -> Table:
    with started(rows, scratch) as (workers, skipped):
        notes = attempted(workers, skipped, lambda name, worker: _note(name, worker, case))
        if notes.get("notify"):
            raise ContenderError(f"the message of notify is wrong: {notes['notify']}")
        say(f"{case}: {len(workers)} contenders")
        found, failed = _measure(rows, workers, options, LIMIT)
    for row in found:
        row.note = notes[row.name]
    return Table(case, f"{case}: context to octets", COLUMNS, found, {**skipped, **failed})


def _note(name: str, worker: Worker, case: str) -> str:
    """What is wrong with a contender's message, in words."""
    if name in _BUILDS_NOTHING:
        return ""
    inlined = name == "notify" or "juice" in name
    return ", ".join(faults(worker.sample(0), contexts(case)[0], inlined=inlined))


def _shop(options: Options, scratch: Path) -> Table:
    limit = "bare Jinja2 + css-inline"
    rows = [Contender(limit, "shop", "limit"), Contender("notify", "shop", "octets")]
    with started(rows, scratch) as (workers, skipped):
        say("order_confirmation")
        found, failed = _measure(rows, workers, options, limit)
    title = "order_confirmation of the example shop: context to octets"
    return Table("order_confirmation", title, {**COLUMNS, "ratio": f"of {limit}"}, found, {**skipped, **failed})


def _measure(
    rows: Sequence[Contender], workers: dict[str, Worker], options: Options, limit: str
) -> tuple[list[Row], dict[str, str]]:
    skipped: dict[str, str] = {}
    modules = {row.name: row.module for row in rows}
    counts = attempted(workers, skipped, lambda name, worker: size_of(worker, BLOCK, _WARM.get(modules[name], 0.2)))

    def measure(name: str, number: int) -> tuple[float, float, int]:
        return *workers[name].run(counts[name], number * 37), counts[name]

    found, failed = measured(limits_of(rows, workers, limit), measure, rounds=options.rounds(11))
    return found, {**skipped, **failed}
