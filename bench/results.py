"""What was measured, on what, as JSON: `bench/results/SUITE.json`."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.timing import quartiles
from bench.workers import MODULES, environ, python

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = Path(__file__).resolve().parent / "results"
_LIBRARIES = (
    "notify-framework", "jinja2", "css-inline", "pydantic", "click", "django", "redmail", "fastapi-mail", "emails",
    "aiosmtplib", "sqlalchemy", "psycopg", "celery", "dramatiq", "huey", "procrastinate",
)  # fmt: skip
_PACKAGES = ("nodemailer", "email-templates", "handlebars", "juice")


@dataclass(slots=True)
class Row:
    """One contender in a table.

    Attributes:
        name: what the table calls it.
        figures: for each column the figures of all blocks; a column may be missing.
        note: what else is to be said.
    """

    name: str
    figures: Mapping[str, Sequence[float]]
    note: str = ""


@dataclass(slots=True)
class Table:
    """Rows that were measured together.

    Attributes:
        key: the table's name in the suite's file.
        title: what was measured.
        columns: the heading of each kind of figure; a column `ratio` is shown with its spread.
        rows: the contenders, in the order that they are shown in.
        skipped: contenders that are missing, each with why.
    """

    key: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    skipped: Mapping[str, str] = field(default_factory=dict)


def save(suite: str, command: str, tables: Sequence[Table], folder: Path = FOLDER) -> Path:
    """Write a suite's tables with medians, quartiles and all blocks; the path."""
    document = {
        "suite": suite,
        "command": command,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "tables": [_plain(table) for table in tables],
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{suite}.json"
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def load(suite: str, folder: Path = FOLDER) -> tuple[dict[str, Any], list[Table]] | None:
    """What `save` wrote: all of it, and its tables; None if the suite was not measured."""
    path = folder / f"{suite}.json"
    if not path.exists():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    return document, [_table(each) for each in document["tables"]]


def machine() -> dict[str, Any]:
    """What it was measured on; no names of machines, and no paths."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "node": _node(),
        "libraries": {**_libraries(), **_packages()},
    }


def _plain(table: Table) -> dict[str, Any]:
    plain = asdict(table)
    for row in plain["rows"]:
        row["summary"] = {
            key: dict(zip(("lower", "median", "upper"), quartiles(figures), strict=True))
            for key, figures in row["figures"].items()
        }
    return plain


def _table(plain: dict[str, Any]) -> Table:
    rows = [Row(row["name"], row["figures"], row["note"]) for row in plain["rows"]]
    return Table(plain["key"], plain["title"], plain["columns"], rows, plain["skipped"])


def _cpu() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def _node() -> str | None:
    node = shutil.which("node")
    return None if node is None else _output([node, "--version"]).lstrip("v")


def _libraries() -> dict[str, str]:
    """The versions of what is installed beside the workers' interpreter."""
    program = (
        "import importlib.metadata as m, json\n"
        "found = {d.metadata['Name'].lower(): d.version for d in m.distributions()}\n"
        f"print(json.dumps({{n: found[n] for n in {_LIBRARIES!r} if n in found}}))"
    )
    versions: dict[str, str] = json.loads(_output([python(), "-c", program]))
    return versions


def _packages() -> dict[str, str]:
    files = {name: MODULES / name / "package.json" for name in _PACKAGES}
    return {name: json.loads(file.read_text())["version"] for name, file in files.items() if file.exists()}


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environ()).stdout.strip()
