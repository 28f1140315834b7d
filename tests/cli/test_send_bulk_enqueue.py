"""`notify send --recipients --enqueue`: each row is put into the outbox once, however often the command is run."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from cli.running import mails
from patience import PATIENCE

from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result

pytest.importorskip("sqlalchemy", reason="pip install 'notify-framework[outbox]'")
pytestmark = pytest.mark.usefixtures("project")

LINK = "https://example.com/1"


def write(project: Path, number: int) -> None:
    """A file of so many rows."""
    rows = "".join(f"w{row}@example.com,Ada,{LINK}\n" for row in range(1, number + 1))
    (project / "people.csv").write_text(f"to,name,link\n{rows}")


def send(run: Run, *more: str) -> Result:
    """Send to them."""
    return run("send", "welcome", "--recipients", "people.csv", *more)


def jobs(project: Path) -> list[tuple[str, str]]:
    """The recipient and the key of each job of the outbox, in the order in which they came."""
    with closing(sqlite3.connect(project / ".notify" / "outbox.db")) as connection:
        return list(connection.execute("SELECT recipient, key FROM notify_jobs ORDER BY id"))


def test_each_row_becomes_a_job(run: Run, project: Path) -> None:
    """With a key that says which run and which row it is; nothing is sent."""
    write(project, 3)
    result = send(run, "--enqueue")
    (path,) = (project / ".notify" / "bulk").iterdir()

    assert (0, []) == (result.exit_code, mails(project))
    assert [
        "welcome to 3 rows of people.csv, 3 recipients, through file (development), by the outbox",
        '  the first: "Welcome to Example Shop, Ada" to w1@example.com',
        "3 enqueued.",
    ] == result.stderr.splitlines()
    assert [(f"w{row}@example.com", f"bulk:{path.stem}:{row}") for row in (1, 2, 3)] == jobs(project)


def test_the_same_command_enqueues_nothing_twice(run: Run, project: Path) -> None:
    """Also where its journal was lost; `--again` is what enqueues all anew."""
    write(project, 3)
    send(run, "--enqueue")
    second = send(run, "--enqueue")
    shutil.rmtree(project / ".notify" / "bulk")
    third = send(run, "--enqueue")
    number = len(jobs(project))
    again = send(run, "--enqueue", "--again")

    assert [0, 0, 0] == [each.exit_code for each in (second, third, again)]
    assert second.stderr.startswith("Enqueued before: 3 rows, 20")
    assert "0 enqueued, 3 were in the outbox already.\n" in third.stderr
    assert (3, 6) == (number, len(jobs(project)))
    assert 6 == len({key for _, key in jobs(project)})


def test_what_was_sent_is_not_enqueued(run: Run, project: Path, tmp_path: Path) -> None:
    """And what is in the outbox is not sent besides."""
    script = {"rules": [{"at": "rcpt", "match": "w2@", "times": 1, "do": [{"reply": "450 4.2.0 try later"}]}]}
    write(project, 3)
    with ScriptedServer(script, Certificates(tmp_path)) as server:
        real = f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=10"
        sent = send(run, "--transport", real)
        enqueued = send(run, "--transport", real, "--enqueue")

    assert (75, 0) == (sent.exit_code, enqueued.exit_code)
    assert "  sent before: 2 rows" in enqueued.stderr
    assert ["w2@example.com"] == [person for person, _ in jobs(project)]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_stopped_in_the_middle_each_row_is_enqueued_once(run: Run, project: Path, number: int, code: int) -> None:
    """What is there already is found by its key; sending the rest past the outbox is refused."""
    write(project, 8_000)
    command = [sys.executable, "-m", "notify", "send", "welcome", "--recipients", "people.csv", "--enqueue"]
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True) as process:
        while not has_jobs(project) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
    before = len(jobs(project))
    past = send(run)
    rest = send(run, "--enqueue")

    assert code == process.returncode
    assert 0 < before < 8_000
    assert (2, 0) == (past.exit_code, rest.exit_code)
    assert "some of these rows are in the outbox already; --enqueue goes on with them" in past.stderr
    assert f"{8_000 - before:,} enqueued, {before:,} were in the outbox already.\n" in rest.stderr
    assert [f"w{row}@example.com" for row in range(1, 8_001)] == [person for person, _ in jobs(project)]


def test_an_outbox_that_cannot_be_used_is_told(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command goes on when it can."""
    write(project, 3)
    monkeypatch.setenv("NOTIFY_OUTBOX", f"sqlite:///{project / 'notify.yaml'}")
    result = send(run, "--enqueue")
    monkeypatch.delenv("NOTIFY_OUTBOX")
    after = send(run, "--enqueue")

    assert 0 != result.exit_code
    assert "notify.yaml" in result.stderr
    assert (0, 3) == (after.exit_code, len(jobs(project)))


def has_jobs(project: Path) -> bool:
    """Whether the first rows are in the outbox."""
    try:
        return bool(jobs(project))
    except sqlite3.OperationalError:  # there is no table yet, or no file
        return False


def test_production_needs_yes(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for sending: a worker would send them."""
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.test")
    write(project, 2)
    without = send(run, "--env", "production", "--enqueue")
    with_yes = send(run, "--env", "production", "--enqueue", "--yes")

    assert (2, 0) == (without.exit_code, with_yes.exit_code), with_yes.stderr
    assert "this would send 2 messages in production; add --yes" in without.stderr
    assert 2 == len(jobs(project))


def test_the_plan_says_how_long_the_outbox_takes(run: Run, project: Path) -> None:
    """For it waits for room, however long that is."""
    path = project / "notify.yaml"
    practice = "transports:\n  practice: {type: 'null', limits: [10/second, 100/day]}\n"
    path.write_text(path.read_text().replace("transports:\n", practice))
    write(project, 450)

    assert "  10/second, 100/day; this takes at least 4 days\n" in send(run, "--enqueue", "--via", "practice").stderr
