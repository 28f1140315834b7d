"""`notify send --recipients` reads files of any size in little memory."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from notify.cli.bulk.seen import Seen

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import resource, sys
from notify.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(project: Path, rows: int) -> int:
    """How many kilobytes a check of so many rows takes at most; the last row is wrong, so that nothing is sent."""
    with (project / "people.csv").open("w") as file:
        file.write("to,name,link\n")
        for row in range(rows - 1):
            file.write(f"w{row}@example.com,Ada Lovelace {row},https://example.com/{row}\n")
        file.write("nobody,,\n")
    command = [sys.executable, "-B", "-c", PROGRAM, "send", "welcome", "--recipients", "people.csv"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 2, result.stderr
    assert f"people.csv:{rows + 1}: " in result.stderr
    return int(result.stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(project: Path) -> None:
    """A hundred thousand rows take some octets each, so that their duplicates are found, and nothing else."""
    few, many = peak(project, 1000), peak(project, 100_000)

    assert many - few < 100_000 * 100 / 1024


def test_keys_that_were_seen_are_found_again() -> None:
    """Also those that begin alike, and after the table has grown."""
    seen = Seen()
    keys = [0, *(number << 40 for number in range(1, 100)), *range(1, 3000), 2**64 - 1]

    assert [seen.first(key, line) for line, key in enumerate(keys, 1)] == list(range(1, len(keys) + 1))
    assert [seen.first(key, 10**6) for key in keys] == list(range(1, len(keys) + 1))
