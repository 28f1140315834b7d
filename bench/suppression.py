"""What it costs to ask, before each mail, whether its recipient may be written to, with few and many on the list.

`python -m bench.suppression URL COUNT` puts so many people on the list of one database, measures it, and prints the
figures as JSON.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench import brokers
from bench.results import Row, Table
from bench.running import measured, say
from bench.timing import ContenderError
from bench.workers import ROOT, environ, python
from bench.workload import PROJECT, contexts
from notify import Notifier
from notify.configuration.categories import Category
from notify.consent import ALL
from notify.database import Database, migrations
from notify.people import People
from notify.suppression import Addition, DatabasePreferences, Gate, Reason, SuppressionList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.options import Options

CASE = "password_reset"
FREE = "nobody is asked"
SIZES = (10_000, 100_000)
FULL = 1_000_000
_BLOCK = 5_000
_ASKED = 100_000
_HELD = 1_000


def run(options: Options, scratch: Path) -> list[Table]:
    """What a mail costs more, and what many people cost."""
    return [_sending(options, scratch), _growing(options, scratch)]


def _sending(options: Options, scratch: Path) -> Table:
    """`send_many` to the null transport, with and without a list that knows nothing of the recipients."""
    size = SIZES[0] if options.quick else SIZES[-1]
    names = {FREE: "", f"SQLite, {size:,} on the list": f"sqlite:///{scratch / 'sending.db'}"}
    with brokers.postgres() as url:
        names[f"PostgreSQL, {size:,} on the list"] = url
        notifiers = {name: _notifier(scratch / str(place), url) for place, (name, url) in enumerate(names.items())}
        for name, notifier in notifiers.items():
            if names[name]:
                notifier.suppressions.add(_people(size))
                notifier.suppressions.known.load()
        count = _BLOCK // 5 if options.quick else _BLOCK

        def measure(name: str, number: int) -> tuple[float, float, int]:
            some = contexts(CASE, 100)
            people = (some[(number + place) % 100] for place in range(count))
            rows = [(context.to, context.params) for context in people]
            begin = time.process_time()
            accepted = sum(len(receipt.accepted) for receipt in notifiers[name].send_many(CASE, rows))
            used = time.process_time() - begin
            assert accepted == count
            return used, used, count

        rows, skipped = measured(dict.fromkeys(names, FREE), measure, rounds=options.rounds(15))
        for notifier in notifiers.values():
            notifier.close()
    least = statistics.median(rows[0].figures["cpu"])
    for row in rows[1:]:
        row.figures = {**row.figures, "more": [cpu - least for cpu in row.figures["cpu"]]}
    columns = {"cpu": "CPU µs a mail", "more": "more", "ratio": f"of {FREE}"}
    return Table("suppression", f"{CASE}: send_many to the null transport", columns, rows, skipped)


def _growing(options: Options, scratch: Path) -> Table:
    sizes = [size for size in (*SIZES, *([FULL] if options.full else [])) if not options.quick or size <= SIZES[0]]
    rows, skipped = [], {}
    for name in ("SQLite", "PostgreSQL"):
        for size in sizes:
            try:
                with brokers.database(name, scratch) as url:
                    found = _asked(url, size)
            except ContenderError as error:
                skipped[f"{size:,} people, {name}"] = str(error)
                continue
            say(f"  {size:,} people in {name}")
            rows.append(Row(f"{size:,} people, {name}", {key: [each] for key, each in found.items()}))
    columns = {
        "add": "add, µs each",
        "disk": "MB on disk",
        "load": "read all, ms",
        "memory": "MB of memory",
        "judge": "ask for the unknown, µs",
        "held": "for one held, µs",
        "few": "of a new process, µs",
    }
    return Table("suppressed", "so many people on the list", columns, rows, skipped)


def _asked(url: str, size: int) -> dict[str, float]:
    command = [python(), "-m", "bench.suppression", url, str(size)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environ())
    if done.returncode:
        raise ContenderError((done.stderr.strip().splitlines() or ["it failed"])[-1][:300])
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _notifier(folder: Path, url: str) -> Notifier:
    """A notifier of the benchmarks' project, in which the list of a database is asked, if there is one."""
    shutil.copytree(PROJECT, folder)
    if url:
        with (folder / "notify.yaml").open("a") as file:
            file.write(f"outbox: {url}\nfeedback: {{log: false}}\n")
    notifier = Notifier.load(folder, environment="bench", transport="null:")
    if url:
        notifier.outbox.migrate()
    return notifier


def _people(size: int) -> Iterator[Addition]:
    """Addresses and words as long as they usually are."""
    for number in range(size):
        address = f"person.{number}@mail{number % 997}.example"
        yield Addition(address, Reason.HARD_BOUNCE, "sendgrid", ALL, None, "550 5.1.1 The email account does not exist")


def measure_list(url: str, size: int) -> dict[str, float]:
    """Microseconds, milliseconds and megabytes, as the table says; times are the processor's."""
    database = Database(url, Path.cwd())
    migrations.migrate(database)
    empty = _disk(database)
    suppressions = SuppressionList(database, People())
    begin = time.process_time()
    assert suppressions.add(_people(size)) == size
    found = {"add": (time.process_time() - begin) / size * 1e6, "disk": _disk(database) - empty}
    found["few"] = _few(database)
    before, begin = _memory(), time.process_time()
    suppressions.known.load()
    found["load"], found["memory"] = (time.process_time() - begin) * 1e3, _memory() - before
    gate = Gate(Category, suppressions, DatabasePreferences(suppressions))
    unknown = [[f"somebody{number}@example.com"] for number in range(_ASKED)]
    held = [[each.address] for each, _ in zip(_people(_HELD), range(_HELD), strict=True)]
    for name, people in (("judge", unknown), ("held", held)):
        begin = time.process_time()
        number = sum(len(gate.judge(each, "digest", "weekly").held) for each in people)
        found[name] = (time.process_time() - begin) / len(people) * 1e6
        assert number == (0 if people is unknown else _HELD)
    database.close()
    return found


def _few(database: Database) -> float:
    """What the first ten questions of a process take each, which read no more than they need."""
    gate = Gate(Category, SuppressionList(database, People()))
    gate.judge(["somebody@example.com"], "digest", "weekly")  # statements are made
    begin = time.process_time()
    for number in range(10):
        gate.judge([f"somebody{number}@example.com"], "digest", "weekly")
    return (time.process_time() - begin) / 10 * 1e6


def _disk(database: Database) -> float:
    """The octets of the list in megabytes; of SQLite the whole file."""
    with database.reading() as connection:
        if database.dialect == "postgresql":
            return (
                float(connection.exec_driver_sql("SELECT pg_total_relation_size('notify_words')").scalar() or 0) / 1e6
            )
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert database.path is not None
    return database.path.stat().st_size / 1e6


def _memory() -> float:
    """What this process has in memory, in megabytes; of Linux."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    print(json.dumps(measure_list(sys.argv[1], int(sys.argv[2]))))
