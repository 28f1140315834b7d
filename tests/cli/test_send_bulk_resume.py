"""`notify send --recipients` started again: what was sent is left out, and what may have been sent."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

import pytest
from cli.running import mails
from patience import PATIENCE

from notify.cli.bulk.lines import Lines, whole
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result

    Serve = Callable[..., tuple[ScriptedServer, str]]

pytestmark = pytest.mark.usefixtures("project")

LINK = "https://example.com/1"


def write(project: Path, *people: str) -> None:
    """A file with a row for each of these people."""
    rows = "".join(f"{each},Ada,{LINK}\n" for each in people)
    (project / "people.csv").write_text(f"to,name,link\n{rows}")


def send(run: Run, *more: str) -> Result:
    """Send to them."""
    return run("send", "welcome", "--recipients", "people.csv", *more)


def journal(project: Path) -> Path:
    """The only journal that there is."""
    (path,) = (project / ".notify" / "bulk").iterdir()
    return path


def documents(path: Path) -> list[dict[str, Any]]:
    """The lines of a journal."""
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Serve:
    """Start a server that does this at the places of these addresses; its DSN."""

    def start(*rules: dict[str, Any]) -> tuple[ScriptedServer, str]:
        server = ScriptedServer({"rules": list(rules)}, Certificates(tmp_path)).__enter__()
        request.addfinalizer(server.__exit__)
        settings = f"ca_file={tmp_path / 'ca.pem'}&timeout=10&retries=0"
        return server, f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?{settings}"

    return start


def recipients(server: ScriptedServer) -> list[str]:
    """Whom the server has a message for, in the order of the alphabet."""
    return sorted(each.recipients[0] for each in server.messages)


def test_what_was_sent_is_not_sent_again(run: Run, project: Path) -> None:
    """The same command says so, and when that was."""
    write(project, "a@example.com", "b@example.com")
    first = send(run)
    second = send(run)

    assert (0, 0, 2) == (first.exit_code, second.exit_code, len(mails(project)))
    assert second.stderr.startswith("Sent before: 2 of 2 rows, 20")
    assert second.stderr.endswith("; --again sends all anew.\n")


def test_again_sends_all_anew(run: Run, project: Path) -> None:
    """Once; then they are sent again."""
    write(project, "a@example.com", "b@example.com")
    send(run)
    again = send(run, "--again")
    after = send(run)

    assert (0, 0, 4) == (again.exit_code, after.exit_code, len(mails(project)))
    assert 2 == len({each["run"] for each in documents(journal(project)) if "journal" in each})


def test_again_is_nothing_before_a_person_agrees(run: Run, project: Path, serve: Serve) -> None:
    """Who says no has changed nothing."""
    server, real = serve()
    write(project, "a@example.com")
    production = ("--env", "production", "--transport", real)
    send(run, *production, "--yes")
    refused = send(run, *production, "--again")
    after = send(run, *production, "--yes")

    assert (2, 0) == (refused.exit_code, after.exit_code)
    assert "Sent before: 1 of 1 row" in after.stderr
    assert ["a@example.com"] == recipients(server)


def test_again_is_for_a_run_that_came_to_its_end(run: Run, project: Path) -> None:
    """Who repeats the command line after an interruption does not want all of it once more."""
    write(project, "a@example.com", "b@example.com")
    send(run, "--again")
    path = journal(project)
    path.write_text("".join(f"{line}\n" for line in path.read_text().splitlines() if '"row": 2' not in line))
    path.write_text(path.read_text().replace("[1, 2]", "[1]"))
    again = send(run, "--again")
    further = send(run)

    assert (2, 0, 3) == (again.exit_code, further.exit_code, len(mails(project)))
    assert "the last run did not come to its end; without --again it goes on" in again.stderr


def test_other_rows_params_and_environments_are_another_run(run: Run, project: Path) -> None:
    """So is another notification; what is sent for practice does not count."""
    write(project, "a@example.com")
    for more in ((), ("--locale", "fr"), ("--env", "test"), ("--set", "name=Eve"), ("--cc", "c@example.com")):
        assert send(run, *more).stderr.endswith("1 accepted, 0 not.\n")
    write(project, "b@example.com")
    send(run)

    assert 6 == len(list((project / ".notify" / "bulk").iterdir()))


def test_a_file_that_was_changed_is_told_of(run: Run, project: Path) -> None:
    """Its rows of before are sent again, since nobody can say which they are."""
    write(project, "a@example.com")
    first = send(run)
    (project / ".notify" / "bulk" / "0.jsonl").write_text("{}\n{}\n")
    (project / ".notify" / "bulk" / "1.jsonl").write_text("nothing\n")
    write(project, "a@example.com", "b@example.com")
    practice = send(run, "--env", "test")
    changed = send(run)
    words = "this file was sent before with other content, params or options, 20"

    assert [False, False, True] == [words in each.stderr for each in (first, practice, changed)]
    assert 3 == len(mails(project))


def test_a_trial_does_not_count(run: Run, project: Path, serve: Serve) -> None:
    """What a transport took that reaches nobody is still to be sent."""
    server, real = serve()
    write(project, "a@example.com")
    send(run, "--transport", "null:")
    result = send(run, "--transport", real)

    assert (0, ["a@example.com"]) == (result.exit_code, recipients(server))


def test_the_journal_may_be_elsewhere(run: Run, project: Path) -> None:
    """And is then that of these rows only."""
    write(project, "a@example.com")
    first = send(run, "--journal", "my.journal")
    again = send(run, "--journal", "my.journal")
    write(project, "b@example.com")
    other = send(run, "--journal", "my.journal")

    assert (0, 0, 2) == (first.exit_code, again.exit_code, other.exit_code)
    assert "Sent before: 1 of 1 row, " in again.stderr
    assert "my.journal is the journal of other rows" in other.stderr
    assert not (project / ".notify" / "bulk").exists()


@pytest.mark.parametrize(
    "line", ["{}", "[]", "nothing", '{"journal": 2}', '{"row": 9, "is": "sent"}', '{"begun": ["1"]}']
)
def test_a_damaged_journal_is_not_guessed_at(run: Run, project: Path, line: str) -> None:
    """Nothing is sent, for it may have been sent before."""
    write(project, "a@example.com")
    send(run)
    path = journal(project)
    path.write_text(f"{path.read_text()}{line}\n{{}}\n")
    result = send(run)

    assert (2, 1) == (result.exit_code, len(mails(project)))
    assert str(path) in result.stderr


def test_a_line_without_its_end_is_cut_off(run: Run, project: Path) -> None:
    """A crash leaves one; what it was about is not known."""
    write(project, "a@example.com", "b@example.com")
    send(run)
    path = journal(project)
    text = path.read_text()
    path.write_text(text[: text.index('{"row": 2') + 15])
    result = send(run)

    assert (1, 2) == (result.exit_code, len(mails(project)))
    assert "Sent before: 1 of 2 rows, " in result.stderr
    assert "  maybe sent: 1 row (line 3); --repeat-unknown sends again" in result.stderr


def test_a_line_may_be_long() -> None:
    """Where the last whole one ends is found all the same."""
    with tempfile.TemporaryFile() as file:
        file.write(b"{}\n" + b"x" * 200_000)
        file.flush()
        with_one = whole(file.fileno())
        file.seek(0)
        file.write(b"xxx")
        file.flush()

        assert (3, 0) == (with_one, whole(file.fileno()))


def test_a_disk_that_keeps_nothing_stops_it(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known to be on the disk is not begun; the next run begins at the beginning."""

    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    write(project, "a@example.com", "b@example.com")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", broken)
        result = send(run, "--transport", "null:")
    after = send(run, "--transport", "null:")

    assert (1, 0) == (result.exit_code, after.exit_code)
    assert f"Error: {journal(project)}: Input/output error" in result.stderr
    assert "0 accepted, 0 not.\n2 rows left; the same command goes on there.\n" in result.stderr
    assert after.stderr.endswith("2 accepted, 0 not.\n")


def test_two_processes_do_not_send_the_same_rows(run: Run, project: Path) -> None:
    """The second one is told."""
    write(project, "a@example.com")
    send(run)
    with Lines(journal(project)):
        result = send(run, "--again")

    assert (2, 1) == (result.exit_code, len(mails(project)))
    assert "is in use: another process is at these rows" in result.stderr


def test_the_journal_names_nobody(run: Run, project: Path) -> None:
    """It has numbers of rows, words and Message-IDs."""
    write(project, "zoe@example.com")
    send(run)
    first, begun, row, ended = documents(journal(project))

    assert (1, "welcome", str(project / "people.csv"), "development") == tuple(
        first[key] for key in ("rows", "notification", "file", "environment")
    )
    assert {"begun": [1]} == begun
    assert (1, "sent") == (row["row"], row["is"])
    assert {"ended", "enqueued"} == ended.keys()
    assert "zoe@example.com" not in journal(project).read_text()


def test_what_was_put_off_is_tried_again(run: Run, project: Path, serve: Serve) -> None:
    """Until nothing is left; what was refused is not, unless that is asked for."""
    server, real = serve(
        {"at": "rcpt", "match": "later@", "times": 1, "do": [{"reply": "450 4.2.0 try later"}]},
        {"at": "rcpt", "match": "no@", "times": 1, "do": [{"reply": "550 5.1.1 no such user"}]},
    )
    write(project, "a@example.com", "no@example.com", "later@example.com")
    first = send(run, "--transport", real)
    second = send(run, "--transport", real)
    third = send(run, "--transport", real)
    fourth = send(run, "--transport", real, "--retry-failed")
    fifth = send(run, "--transport", real, "--retry-failed")

    assert [1, 1, 1, 0, 0] == [each.exit_code for each in (first, second, third, fourth, fifth)]
    assert "1 row left; the same command goes on there.\n  refused: 1 row (line 3)" in first.stderr
    assert "welcome to 1 row of people.csv" in second.stderr
    assert "Sent before: 2 of 3 rows, " in third.stderr
    assert "  refused: 1 row (line 3); --retry-failed tries again" in third.stderr
    assert "Sent before: 3 of 3 rows, " in fifth.stderr
    assert ["a@example.com", "later@example.com", "no@example.com"] == recipients(server)


LOST = {"at": "eod", "nth": 2, "do": [{"accept": True}, {"close": True}]}


def test_what_may_have_been_sent_is_left_out(run: Run, project: Path, serve: Serve) -> None:
    """Unless a person wants it twice rather than never."""
    server, real = serve(LOST)
    write(project, "a@example.com", "b@example.com", "c@example.com")
    first = send(run, "--transport", f"{real}&pool=1")
    second = send(run, "--transport", real)
    taken = len(server.messages)
    third = send(run, "--transport", real, "--repeat-unknown")

    assert [1, 1, 0] == [each.exit_code for each in (first, second, third)]
    assert "  maybe sent, and sent again: 1 row\n" in third.stderr
    assert "  maybe sent: 1 row (line 3); --repeat-unknown sends again" in first.stderr
    assert "  maybe sent: 1 row (line 3); --repeat-unknown sends again" in second.stderr
    assert (3, 4) == (taken, len(server.messages))


def test_lines_that_follow_one_another_are_named_together(run: Run, project: Path) -> None:
    """As a stretch; of many stretches the first twenty are."""
    write(project, *(f"w{number}@example.com" for number in range(1, 61)))
    send(run, "--transport", "null:")
    path = journal(project)

    def told(*rows: int) -> str:
        text = f'{path.read_text()}{{"begun": {list(rows)}}}\n'
        (project / "told.jsonl").write_text(text)
        return send(run, "--transport", "null:", "--journal", "told.jsonl").stderr.splitlines()[-1]

    assert "  maybe sent: 6 rows (lines 2-4, 6, 8-9); --repeat-unknown sends again" == told(1, 2, 3, 5, 7, 8)
    assert " 40-42 and 9 more); --repeat-unknown sends again" == told(*range(1, 60, 2), 40)[-48:]


def test_a_notification_may_be_sent_at_least_once(run: Run, project: Path, serve: Serve) -> None:
    """Then the next run sends again what may have been sent."""
    server, real = serve({**LOST, "nth": 1})
    definition = project / "notifications" / "welcome.yaml"
    definition.write_text(f"{definition.read_text()}delivery: at_least_once\n")
    write(project, "a@example.com")
    first = send(run, "--transport", real)
    second = send(run, "--transport", real)

    assert [1, 0] == [first.exit_code, second.exit_code]
    assert ["a@example.com"] * 2 == recipients(server)


def test_what_some_recipients_have_is_not_sent_again(run: Run, project: Path, serve: Serve) -> None:
    """It would reach them twice."""
    _, real = serve({"at": "rcpt", "match": "later@", "do": [{"reply": "450 4.2.0 try later"}]})
    row = {"to": ["a@example.com", "later@example.com"], "params": {"name": "Ada", "link": LINK}}
    (project / "people.jsonl").write_text(json.dumps(row))
    first, second = (
        run("--transport", real, "send", "welcome", "--recipients", "people.jsonl", *more)
        for more in ((), ("--retry-failed",))
    )

    assert (1, 1) == (first.exit_code, second.exit_code)
    assert "  sent to some of the recipients only: 1 row (line 1)" in second.stderr
    assert "Sent before: 0 of 1 row, " in second.stderr


def test_a_transport_that_fails_row_after_row_stops_it(run: Run, project: Path, serve: Serve) -> None:
    """A wrong key is not tried a thousand times; when it is mended, the same command goes on."""
    server, real = serve()
    write(project, *(f"w{number}@example.com" for number in range(1000)))
    wrong = send(run, "--transport", real.replace("SG.test-key", "SG.wrong"))
    attempts = sum(line.startswith("AUTH") for _, line in server.commands)
    right = send(run, "--transport", real)

    assert (1, 0) == (wrong.exit_code, right.exit_code)
    assert "20 rows in a row could not be sent: smtp: " in wrong.stderr
    assert "1,000 rows left; the same command goes on there." in wrong.stderr
    assert attempts < 200
    assert 1000 == len(set(recipients(server))) == len(server.messages)


@pytest.mark.parametrize("over", ["refuse", "wait"])
def test_a_used_up_quota_stops_it(run: Run, project: Path, over: str) -> None:
    """Nothing more goes today; the plan said so, and the exit code says to come again."""
    configuration = project / "notify.yaml"
    practice = f"practice: {{type: 'null', limits: [1000/second, 100/day], over_limit: {over}}}"
    text = configuration.read_text().replace("transports:\n", f"transports:\n  {practice}\n")
    configuration.write_text(f"state: state.sqlite3\n{text}")
    write(project, *(f"w{number}@example.com" for number in range(60)))
    first = send(run, "--transport", "practice")
    write(project, *(f"w{number}@example.com" for number in range(1000)))
    second = send(run, "--transport", "practice")
    third = send(run, "--transport", "practice")

    assert (0, 75, 75) == (first.exit_code, second.exit_code, third.exit_code)
    assert "1000/second, 100/day" in first.stderr
    assert "60 of 100/day used; 40 can go now, the rest " in second.stderr
    assert ("would wait longer than 60 s" if over == "wait" else "is refused for now") in second.stderr
    assert "40 accepted, " in second.stderr
    assert re.search(r"What may be sent is used up; there is room again in 2[45] h\.", second.stderr)
    assert "960 rows left; the same command goes on there." in second.stderr
    assert "0 can go now" in third.stderr
    assert second.stderr.count("was refused") < 200


def test_where_no_journal_can_be_nothing_is_sent(run: Run, project: Path) -> None:
    """The error names the place, and how to name another."""
    write(project, "a@example.com")
    (project / ".notify").write_text("")
    result = send(run)
    elsewhere = send(run, "--transport", "null:", "--journal", "j.jsonl")

    assert (2, 0) == (result.exit_code, elsewhere.exit_code)
    assert "; --journal names another place" in result.stderr


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))  # as if the disk were full
from notify.cli import main
main()
"""


def test_a_journal_that_cannot_be_written_stops_it(run: Run, project: Path, serve: Serve) -> None:
    """What was sent and could not be noted is unknown to the next run."""
    server, real = serve()
    write(project, *(f"w{number}@example.com" for number in range(300)))
    command = ["--transport", real, "send", "welcome", "--recipients", "people.csv"]
    full = subprocess.run([sys.executable, "-B", "-c", FULL, *command], capture_output=True, text=True, check=False)
    taken = len(server.messages)
    further = send(run, "--transport", real)

    assert (1, 1) == (full.returncode, further.exit_code)
    assert f"Error: {journal(project)}: File too large" in full.stderr
    assert taken < 200
    assert "  maybe sent: " in further.stderr
    assert len(set(recipients(server))) == len(server.messages)


def test_talk_that_nobody_hears_ends_nothing(run: Run, project: Path, serve: Serve) -> None:
    """Whoever looked may have gone; all that was sent is in the journal."""
    server, real = serve({"at": "rcpt", "match": "w1[0-9]0@", "times": 10, "do": [{"reply": "450 4.2.0 try later"}]})
    write(project, *(f"w{number}@example.com" for number in range(200)))
    command = [sys.executable, "-m", "notify", "--transport", real, "send", "welcome", "--recipients", "people.csv"]
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.stderr.readline()
        process.stderr.close()
    taken = len(server.messages)
    further = send(run, "--transport", real)

    assert (190, 0) == (taken, further.exit_code)
    assert 200 == len(set(recipients(server))) == len(server.messages)


FAILING = """
from notify import hookimpl

@hookimpl
def notify_delivered(receipt):
    from notify.documents import messages
    if "w20@example.com" in receipt.accepted:
        def fail(receipt):
            raise RuntimeError("unheard of")
        messages.receipt_document = fail
"""


def test_a_fault_of_our_own_makes_rows_unknown(run: Run, project: Path, serve: Serve) -> None:
    """Where receipts were lost, no row that may have been sent is taken for one that was not."""
    server, real = serve()
    (project / "plugins").mkdir()
    (project / "plugins" / "notify_failing.py").write_text(FAILING)
    path = project / "notify.yaml"
    text = path.read_text()
    path.write_text(f"{text}plugins: plugins\n")
    write(project, *(f"w{number}@example.com" for number in range(300)))
    command = ["--transport", real, "send", "welcome", "--recipients", "people.csv", "--account", "account.jsonl"]
    failed = subprocess.run(
        [sys.executable, "-m", "notify", *command], cwd=project, capture_output=True, text=True, check=False
    )
    taken = len(server.messages)
    path.write_text(text)
    further = send(run, "--transport", real)

    assert "unheard of" in failed.stderr
    assert 20 < taken < 300
    assert "  maybe sent: " in further.stderr
    assert len(set(recipients(server))) == len(server.messages)


def test_a_file_that_is_changed_meanwhile_stops_it(project: Path, serve: Serve) -> None:
    """What was checked is not what would be sent."""
    server, real = serve({"at": "eod", "do": [{"sleep": 0.05}, {"default": True}]})
    write(project, *(f"w{number}@example.com" for number in range(400)))
    command = [sys.executable, "-m", "notify", "--transport", real, "send", "welcome", "--recipients", "people.csv"]
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True) as process:
        while not server.messages:
            time.sleep(0.01)
        write(project, *(f"v{number}@example.com" for number in range(400)))
        _, talk = process.communicate(timeout=PATIENCE)

    assert 2 == process.returncode
    assert f"{len(server.messages)} accepted, 0 not.\nError: people.csv was changed while it was read" in talk
    assert not [each for each in recipients(server) if each.startswith("v")]
    assert '"is": "unknown"' not in journal(project).read_text()
