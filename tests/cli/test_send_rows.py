"""`notify send --rows`: a message for each row of a file, and an account of them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from cli.running import mails, terminal

from notify.cli.group import notify
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.running import Run

pytestmark = pytest.mark.usefixtures("project")

LINK = "https://example.com/1"


def lines(*people: str) -> str:
    """JSON Lines for these people."""
    return "".join(json.dumps({"to": each, "params": {"name": "Ada", "link": LINK}}) + "\n" for each in people)


def send(rows: object = "rows.jsonl", *more: str) -> tuple[str, ...]:
    """The command line."""
    return ("send", "welcome", "--rows", str(rows), *more)


@pytest.fixture
def rows(project: Path) -> Path:
    """A file of three rows, in the middle of which is a wrong one."""
    path = project / "rows.jsonl"
    wrong = json.dumps({"to": ["b@example.com"], "params": {"name": 7, "link": LINK}})
    path.write_text(f"{lines('Ada <a@example.com>')}{wrong}\n\n{lines('c@example.com')}")
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedServer]:
    """An SMTP server that takes its time, and puts one address off."""
    rules = [
        {"at": "rcpt", "match": "later@", "do": [{"reply": "450 4.2.0 try later"}]},
        {"at": "eod", "do": [{"sleep": 0.03}, {"default": True}]},
    ]
    with ScriptedServer({"rules": rules}, Certificates(tmp_path)) as running:
        yield running


@pytest.fixture
def real(server: ScriptedServer, tmp_path: Path) -> str:
    """The DSN of a transport that reaches the server."""
    return f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=30"


def account(text: str) -> list[dict[str, Any]]:
    """The lines of an account."""
    return [json.loads(line) for line in text.splitlines()]


def test_a_message_for_each_row(run: Run, project: Path, rows: Path) -> None:
    """A row that fails stops nothing; it is named on stderr, and the exit code is 1."""
    result = run(*send(rows))

    assert 2 == len(mails(project))
    assert (1, "") == (result.exit_code, result.stdout)
    assert "row 2: b@example.com was refused: wrong params for welcome:\n2 accepted, 1 not.\n" == result.stderr


def test_the_account_has_a_line_for_each_row(run: Run, rows: Path) -> None:
    """On stdout for programs, or in a file, which is never written over."""
    printed = account(run(*send(rows, "--json")).stdout)
    written = run(*send(rows, "--account", "account.jsonl"))
    again = run(*send(rows, "--account", "account.jsonl"))

    assert [(1, ["a@example.com"]), (2, []), (3, ["c@example.com"])] == [
        (each["row"], each["accepted"]) for each in printed
    ]
    assert "RefusedError" == printed[1]["rejected"]["b@example.com"]["error"]
    assert [1, 2, 3] == [each["row"] for each in account((rows.parent / "account.jsonl").read_text())]
    assert (1, 2) == (written.exit_code, again.exit_code)
    assert "account.jsonl exists, and is not written over" in again.stderr


def test_csv(run: Run, project: Path) -> None:
    """The header names the params; cells are read as `--set` reads values; an empty one leaves its param out."""
    (project / "notifications" / "bill.yaml").write_text(
        "params: {name: {type: str, default: You}, total: int, place: {type: 'dict[str, str]', default: {}}}\n"
        "subject: '{{ name }} {{ total }} {{ place.city }}'\ntext: x\n"
    )
    text = 'name,to,total,place.city\r\n0042,Ada <a@example.com>,7,"York, UK"\r\n\r\n,b@example.com,8,Rome\r\n'
    (project / "rows.CSV").write_text(text, encoding="utf-8-sig", newline="")
    result = run("send", "bill", "--rows", "rows.CSV")

    assert (0, "2 accepted, 0 not.\n") == (result.exit_code, result.stderr)
    assert [b"Subject: 0042 7 York, UK", b"Subject: You 8 Rome"] == [
        next(line for line in path.read_bytes().splitlines() if line.startswith(b"Subject")) for path in mails(project)
    ]


def test_params_of_all_rows(run: Run, project: Path) -> None:
    """A row's own go over those of the command line, and --start passes over the first rows."""
    rows = [{"to": "a@example.com"}, {"to": "b@example.com", "params": {"name": "Bob"}}, {"to": "c@example.com"}]
    stdin = "".join(json.dumps(row) + "\n" for row in rows)
    result = run(*send("-", "--start", "2", "--set", "name=Eve", "--set", f"link={LINK}"), stdin=stdin)

    assert "2 accepted, 0 not.\n" == result.stderr
    assert [True, False] == [b"Bob" in path.read_bytes() for path in mails(project)]
    assert "there is no row 4" in run(*send("-", "--start", "4"), stdin=stdin).stderr


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "rows.jsonl",
            lines("a@example.com") + "{\n",
            "rows.jsonl:2:1: expected a JSON object with `to` and `params`:",
        ),
        ("rows.jsonl", "[1]\n", "got list"),
        ("rows.jsonl", '{"to": "a@example.com", "cc": "x"}\n', "got 'cc' too"),
        ("rows.jsonl", '{"params": {}}\n', "`to` is an address, or a list of them"),
        ("rows.jsonl", '{"to": "a@example.com", "params": []}\n', "`params` is an object"),
        ("rows.jsonl", '{"to": "a@example.com"}\n\xff', "rows.jsonl:2:1: "),
        ("rows.jsonl", "[" * 100_000, "rows.jsonl:1:1: "),
        ("rows.csv", "name,link\nAda,x\n", "rows.csv:1:1: the first line names the columns"),
        ("rows.csv", "to,name,name\n", "each once"),
        ("rows.csv", "", "rows.csv:1:1: "),
        ("rows.csv", "to,name\na@example.com\n", "rows.csv:2:1: expected 2 cells, got 1"),
        ("rows.csv", 'to,name\na@example.com,"x\n', "unexpected end of data"),
        ("rows.csv", "to,name\na@example.com,\xff\n", "can't decode"),
        ("rows.csv", "to,name.x.\na@example.com,1\n", "takes NAME=VALUE"),
        ("gone.jsonl", None, "gone.jsonl: No such file"),
    ],
)
def test_a_file_is_checked_before_anything_is_sent(
    run: Run, project: Path, name: str, text: str | None, fault: str
) -> None:
    """The fault has its place, and the exit code is 2."""
    if text is not None:
        (project / name).write_bytes(text.encode("latin-1"))
    result = run(*send(name))

    assert fault in result.stderr
    assert (1 if text is None else 2, []) == (result.exit_code, mails(project))


def test_not_all_faults_are_listed(run: Run, project: Path) -> None:
    """A file that is something else altogether has thousands."""
    (project / "rows.jsonl").write_text("x\n" * 1000)

    assert 20 == run(*send()).stderr.count("rows.jsonl:")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "a@example.com", "--rows", "x"), "either --to, or --rows"),
        ((), "either --to, or --rows"),
        (("--to", "a@example.com", "--start", "2"), "are about the file of --rows"),
        (("--to", "a@example.com", "--account", "x"), "are about the file of --rows"),
        (("--rows", "x", "--account", "x", "--json"), "in different places"),
    ],
)
def test_options_that_exclude_one_another(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """Are a wrong call."""
    result = run("send", "welcome", *arguments)

    assert 2 == result.exit_code
    assert words in " ".join(result.stderr.split())


def test_a_dry_run_names_the_rows_that_cannot_be_sent(run: Run, project: Path, rows: Path) -> None:
    """And sends none."""
    result = run(*send(rows, "--dry-run"))
    better = run(*send(rows, "--dry-run", "--start", "3"))

    assert (1, 0, []) == (result.exit_code, better.exit_code, mails(project))
    assert "row 2: wrong params for welcome:" in result.stderr
    assert "2 rows can be sent, 1 cannot; nothing was sent." in result.stderr
    assert "1 row can be sent, 0 cannot; nothing was sent." in better.stderr


def test_production_needs_yes(run: Run, rows: Path, real: str, server: ScriptedServer) -> None:
    """In production a script has to say --yes; outside it need not."""
    production = ("--env", "production", "--transport", real, *send(rows))

    without, refused = run(*production), list(server.messages)
    with_yes = run(*production, "--yes")
    run("--transport", real, *send(rows))

    assert (2, []) == (without.exit_code, refused)
    assert "this would send 3 messages in production; add --yes" in without.stderr
    assert (1, 4) == (with_yes.exit_code, len(server.messages))


@pytest.mark.parametrize(("answer", "sent"), [("y\n", 2), ("n\n", 0)])
@pytest.mark.usefixtures("rows")
def test_at_a_terminal_a_person_is_asked(
    monkeypatch: pytest.MonkeyPatch, real: str, server: ScriptedServer, answer: str, sent: int
) -> None:
    """How many, and what the first is; then a line says how far it is."""
    with terminal(monkeypatch) as screen:
        screen.type(answer)
        with pytest.raises(SystemExit) as left:
            notify.main(["--transport", real, *send()])
        seen = screen.seen()

    assert (
        'Send welcome to 3 rows, the first "Welcome to Example Shop, Ada" to a@example.com, through smtp (development)?'
    ) in " ".join(seen.split())
    assert (1, sent) == (left.value.code, len(server.messages))
    assert (sent == 0) is ("Nothing was sent." in seen)
    assert (sent > 0) is (" of 3" in seen)


def test_nobody_is_asked_about_what_cannot_be_made(run: Run, project: Path, real: str) -> None:
    """Where no row can be sent at all, the fault of the first one is told."""
    (project / "rows.jsonl").write_text('{"to": "a@example.com"}\n{"to": "nobody"}\n')
    result = run("--transport", real, *send())

    assert 2 == result.exit_code
    assert "name: expected text, got nothing" in result.stderr


def test_put_off_is_to_be_tried_again(run: Run, project: Path, real: str) -> None:
    """If all that was not taken may be tried again, the exit code says so."""
    (project / "rows.jsonl").write_text(lines("later@example.com", "a@example.com"))
    result = run("--transport", real, *send())

    assert 75 == result.exit_code
    assert "row 1: later@example.com was refused: smtp: " in result.stderr


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # as if the disk were full
from notify.cli import main
main()
"""


def test_an_account_that_cannot_be_written_stops_the_sending(project: Path, real: str, server: ScriptedServer) -> None:
    """And is told, with the rows that are missing in it."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(1, 2001))))
    command = ["--transport", real, *send("rows.jsonl", "--account", "account.jsonl")]
    result = subprocess.run([sys.executable, "-B", "-c", FULL, *command], capture_output=True, text=True, check=False)
    found = re.search(r"cannot be written: .*\n  Rows (\d+) to (\d+), sent or refused, are not in it", result.stderr)
    written = (project / "account.jsonl").read_text().splitlines()

    assert 1 == result.returncode, result.stderr
    assert found is not None, result.stderr
    assert len(written) >= int(found[1]) - 1
    assert len(server.messages) == int(found[2]) < 500


def test_a_reader_that_went_away_stops_the_sending(project: Path, real: str) -> None:
    """An account on stdout that nobody reads is told on stderr, without a traceback."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(500))))
    command = [sys.executable, "-m", "notify", "--transport", real, *send("rows.jsonl", "--json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        talk = process.stderr.read()

    assert 1 == process.returncode
    assert "the account cannot be written: Broken pipe" in talk
    assert "Exception ignored" not in talk


def start(project: Path, real: str) -> subprocess.Popen[str]:
    """Send two thousand rows, with an account."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(1, 2001))))
    return subprocess.Popen(
        [sys.executable, "-m", "notify", "--transport", real, *send("rows.jsonl", "--account", "account.jsonl")],
        cwd=project,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("pause", [0.0, 0.1, 0.23])
def test_ctrl_c_leaves_an_exact_account(project: Path, real: str, server: ScriptedServer, pause: float) -> None:
    """It has what the server took, no more and no less, and says where to go on."""
    with start(project, real) as process:
        while not server.messages:
            time.sleep(0.01)
        time.sleep(pause)
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=30)
    entries = account((project / "account.jsonl").read_text())
    last = len(entries)

    assert 130 == process.returncode
    assert list(range(1, last + 1)) == [each["row"] for each in entries]
    assert {each["accepted"][0] for each in entries if each["accepted"]} == {
        each.recipients[0] for each in server.messages
    }
    assert len(server.messages) < 500
    assert "Interrupted: waiting for what is on its way." in talk
    assert f"No row from {last + 1} on was sent; --start {last + 1} goes on there." in talk
    assert "Traceback" not in talk


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_in_this_process(run: Run, project: Path, tmp_path: Path, presses: int) -> None:
    """The account is on stdout, and where to go on is said; the way of Python with Ctrl-C is as before."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(1, 500))))
    script = {"rules": [{"at": "eod", "nth": 3, "do": [{"sleep": 1.5}, {"default": True}]}]}
    before = signal.getsignal(signal.SIGINT)
    with ScriptedServer(script, Certificates(tmp_path)) as server:
        real = f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=30&pool=1"
        presser = threading.Thread(target=press, args=(server, presses))
        presser.start()
        result = run("--transport", real, *send("rows.jsonl", "--json"))
        presser.join()
    entries = account(result.stdout)
    unknown = [each["row"] for each in entries if "UnknownOutcomeError" in str(each)]

    assert 130 == result.exit_code
    assert list(range(1, len(entries) + 1)) == [each["row"] for each in entries]
    assert (3 in unknown) is (presses == 2)
    assert f"--start {len(entries) + 1} goes on there." in result.stderr
    assert before is signal.getsignal(signal.SIGINT)


def press(server: ScriptedServer, times: int) -> None:
    """Press Ctrl-C when the third message is on its way, and again."""
    while sum(line == "DATA" for _, line in server.commands) < 3:
        time.sleep(0.01)
    for _ in range(times):
        time.sleep(0.4)
        os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_again_waits_no_longer(project: Path, tmp_path: Path) -> None:
    """What is on its way is unknown, and the account says so."""
    script = {"rules": [{"at": "eod", "nth": 3, "do": [{"sleep": 600}]}]}
    with ScriptedServer(script, Certificates(tmp_path)) as server:
        real = f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=30&pool=1"
        with start(project, real) as process:
            while sum(line == "DATA" for _, line in server.commands) < 3:
                time.sleep(0.01)
            for _ in range(2):
                time.sleep(0.5)
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
    entries = account((project / "account.jsonl").read_text())

    assert 130 == process.returncode
    assert [["w1@example.com"], ["w2@example.com"], []] == [each["accepted"] for each in entries[:3]]
    assert "UnknownOutcomeError" == entries[2]["rejected"]["w3@example.com"]["error"]
