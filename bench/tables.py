"""Tables in Markdown."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from bench import results
from bench.timing import quartiles, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from bench.results import Row, Table


def markdown(table: Table) -> str:
    """A table with its title, and below it what is missing and what is to be noted."""
    ratio = "ratio" in table.columns
    headings = ["", *table.columns.values(), *(["±"] if ratio else [])]
    lines = [
        f"**{table.title}**",
        "",
        f"| {' | '.join(headings)} |",
        f"|---|{'---:|' * (len(headings) - 1)}",
        *(f"| {' | '.join(_cells(row, table.columns, ratio=ratio))} |" for row in table.rows),
    ]
    notes = [f"{row.name}: {row.note}." for row in table.rows if row.note]
    missing = [f"Skipped: {', '.join(names)}: {why}." for why, names in _by_reason(table.skipped).items()]
    return "\n".join([*lines, *(line for note in (*notes, *missing) for line in ("", note))])


def all_tables(suites: Iterable[str], folder: Path = results.FOLDER) -> str:
    """The tables of all suites that were measured, each suite below what it was measured on."""
    found = [(suite, loaded) for suite in suites if (loaded := results.load(suite, folder)) is not None]
    return "\n\n".join(
        "\n\n".join([f"## {suite}", measured_on(document), *(markdown(table) for table in tables)])
        for suite, (document, tables) in found
    )


def measured_on(document: Mapping[str, Any]) -> str:
    """When a suite was run, and on what."""
    machine = document["machine"]
    node = f", Node.js {machine['node']}" if machine["node"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    return (
        f"`{document['command']}` on {document['date'][:10]}; {machine['cpu']}, {machine['cores']} cores, "
        f"Python {machine['python']}{node}; {versions}."
    )


def figure(value: float) -> str:
    """A number with three significant digits, or none behind the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return re.sub(r"^(\d\d)\.(\d)\d+$", r"\1.\2", f"{value:.2f}") if value >= 0.1 else f"{value:.3f}"


def _cells(row: Row, columns: Iterable[str], *, ratio: bool) -> list[str]:
    cells = [row.name]
    cells += [figure(quartiles(row.figures[key])[1]) if key in row.figures else "" for key in columns]
    if ratio:
        cells.append(f"{spread(row.figures['ratio']):.0%}" if "ratio" in row.figures else "")
    return cells


def _by_reason(skipped: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for name, why in skipped.items():
        reasons[why].append(name)
    return reasons
