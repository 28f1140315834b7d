"""`notify send --recipients` killed with -9 again and again, against a real SMTP server that keeps what it took."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE

from notify.cli.bulk.journal import Journal
from notify.cli.bulk.lines import Lines
from notify.cli.bulk.state import State
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("project")

ROWS = 1500
KILLS = 5


def start(project: Path, real: str, *more: str) -> subprocess.Popen[str]:
    """Send to all."""
    command = [sys.executable, "-m", "notify", "--transport", real, "send", "welcome", "--recipients", "people.csv"]
    return subprocess.Popen([*command, *more], cwd=project, stderr=subprocess.PIPE, text=True)


def killed(process: subprocess.Popen[str], server: ScriptedServer, more: int) -> None:
    """Kill it when the server has so many more messages."""
    wanted = len(server.messages) + more
    with process:
        while len(server.messages) < wanted and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def states(project: Path) -> dict[int, State]:
    """What the journal says of each row."""
    (path,) = (project / ".notify" / "bulk").iterdir()
    with Lines(path) as lines:
        key = next(iter(lines.read()))["key"]
    with Journal(path, key=key, rows=ROWS, about={}) as journal:
        return {row: journal.state(row) for row in range(1, ROWS + 1)}


@pytest.mark.parametrize("seed", [1, 2])
def test_each_row_arrives_once_or_is_known_to_be_unknown(project: Path, tmp_path: Path, seed: int) -> None:
    """However often the process dies: no row arrives twice, and one that did not arrive is never thought sent."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    people = "".join(f"w{row}@example.com,Ada,https://example.com/1\n" for row in range(1, ROWS + 1))
    (project / "people.csv").write_text(f"to,name,link\n{people}")
    script = {"rules": [{"at": "eod", "do": [{"sleep": 0.005}, {"default": True}]}]}
    with ScriptedServer(script, Certificates(tmp_path)) as server:
        settings = f"ca_file={tmp_path / 'ca.pem'}&timeout=30&pool=4"
        real = f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?{settings}"
        for _ in range(KILLS):
            killed(start(project, real), server, chance.randrange(1, 150))
        with start(project, real) as process:
            _, talk = process.communicate(timeout=PATIENCE)
        arrived = Counter(int(each.recipients[0][1:].partition("@")[0]) for each in server.messages)
        before = states(project)
        with start(project, real, "--repeat-unknown") as again:
            again.communicate(timeout=PATIENCE)
        at_last = {each.recipients[0] for each in server.messages}
    unknown = [row for row, state in before.items() if state == State.UNKNOWN]
    told = re.search(r"  maybe sent: ([\d,]+) rows? \(lines? (\d+)", talk)

    assert {1} == set(arrived.values())
    assert {State.SENT, State.UNKNOWN} == set(before.values())
    assert arrived.keys() >= {row for row, state in before.items() if state == State.SENT}
    assert told is not None, talk
    assert (len(unknown), unknown[0] + 1) == (int(told[1].replace(",", "")), int(told[2]))
    assert len(unknown) < ROWS / 2
    assert (1, 0, ROWS) == (process.returncode, again.returncode, len(at_last))
