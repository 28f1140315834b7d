"""Run the benchmarks that are named, or all: `python bench/run.py [--quick | --full] [SUITE ...]`.

`tables` prints what was measured before as Markdown, `chart` draws the picture of README.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.options import Options
    from bench.results import Table

MEASURED = (
    "render", "attachments", "smtp", "latency", "endtoend", "outbox", "startup", "memory", "observing", "webhook",
    "suppression",
)  # fmt: skip
PRINTED = ("preview", "export")
OTHERS = ("chart", "tables")


def main() -> None:
    """Do what the command line says."""
    from bench.options import Options

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join((*MEASURED, *PRINTED, *OTHERS)))
    parser.add_argument("--quick", action="store_true", help="a look, in about 3 minutes; also BENCH_QUICK=1")
    parser.add_argument(
        "--full", action="store_true", help="a million rows in `memory`, `outbox` and `suppression` too"
    )
    words = parser.parse_args()
    names = words.suites or (*MEASURED, *PRINTED)
    if unknown := [name for name in names if name not in (*MEASURED, *PRINTED, *OTHERS)]:
        parser.error(f"there is no suite {unknown[0]!r}; there are: {', '.join((*MEASURED, *PRINTED, *OTHERS))}")
    options = Options(quick=words.quick or bool(os.environ.get("BENCH_QUICK")), full=words.full)
    for name in names:
        _run(name, options)


def _run(name: str, options: Options) -> None:
    if name == "chart":
        from bench import chart

        print(chart.draw().relative_to(ROOT))
    elif name == "tables":
        from bench import tables

        print(tables.all_tables(MEASURED))
    elif name in PRINTED:
        _print(name, options)
    else:
        _measure(name, options)


def _measure(name: str, options: Options) -> None:
    """Run a suite, print its tables, keep its figures; what is missing on this machine is one line."""
    from bench import results, tables
    from bench.running import prepare, say
    from bench.timing import ContenderError

    say(f"== {name}")
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        try:
            found = _suite(name)(options, Path(folder))
        except ContenderError as error:
            print(f"{name}: skipped: {error}\n")
            return
    arguments = [word for word, given in (("--quick", options.quick), ("--full", options.full)) if given]
    results.save(name, " ".join(["python bench/run.py", *arguments, name]), found)
    for table in found:
        print(tables.markdown(table), end="\n\n", flush=True)


def _suite(name: str) -> Callable[[Options, Path], list[Table]]:
    from importlib import import_module

    if name == "latency":
        from bench import smtp

        return smtp.run_far
    suite: Callable[[Options, Path], list[Table]] = import_module(f"bench.{name}").run
    return suite


def _print(name: str, options: Options) -> None:
    """Run one of the suites that print what a person waits for; what is missing on this machine is one line."""
    from bench import export, preview
    from bench.running import say
    from notify import NotifyError

    say(f"== {name}")
    try:
        if name == "export":
            export.main(100 if options.quick else export.PAGES)
        elif options.quick:
            preview.main(reloads=100, sizes=(30, 100))
        else:
            preview.main()
    except (NotifyError, ImportError) as error:
        print(f"{name}: skipped: {error}")


if __name__ == "__main__":
    main()
