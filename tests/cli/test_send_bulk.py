"""`notify send --recipients`: a message for each row of a file, and an account of them."""

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
from patience import PATIENCE

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
    return ("send", "welcome", "--recipients", str(rows), *more)


@pytest.fixture
def rows(project: Path) -> Path:
    """A file of three rows, the middle one of which cannot be rendered: a subject has no line break."""
    path = project / "rows.jsonl"
    wrong = json.dumps({"to": ["b@example.com"], "params": {"name": "B\nC", "link": LINK}})
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
    refused = "notifications/welcome.yaml:6:11: the subject holds a line break or NUL that came from a value"

    assert 2 == len(mails(project))
    assert (1, "") == (result.exit_code, result.stdout)
    assert [
        f"welcome to 3 rows of {rows}, 3 recipients, through file (development)",
        '  the first: "Welcome to Example Shop, Ada" to a@example.com',
        f"{rows}:2: b@example.com was refused: {refused} (look at name)",
        "2 accepted, 1 not.",
        "  refused: 1 row (line 2); --retry-failed tries again",
    ] == result.stderr.splitlines()


def test_the_account_has_a_line_for_each_row(run: Run, rows: Path) -> None:
    """On stdout for programs, or in a file, which is never written over."""
    printed = account(run(*send(rows, "--json")).stdout)
    written = run(*send(rows, "--again", "--account", "account.jsonl"))
    again = run(*send(rows, "--again", "--account", "account.jsonl"))

    assert [(1, 1, ["a@example.com"]), (2, 2, []), (3, 4, ["c@example.com"])] == [
        (each["row"], each["line"], each["accepted"]) for each in printed
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
    result = run("send", "bill", "--recipients", "rows.CSV")

    assert (0, "2 accepted, 0 not.") == (result.exit_code, result.stderr.splitlines()[-1])
    assert [b"Subject: 0042 7 York, UK", b"Subject: You 8 Rome"] == headers(project, b"Subject")


def headers(project: Path, name: bytes) -> list[bytes]:
    """A header of each mail that was sent."""
    return [next(line for line in path.read_bytes().splitlines() if line.startswith(name)) for path in mails(project)]


def test_columns_of_another_name(run: Run, project: Path) -> None:
    """The address and the recipient's name may stand in any column; one that is a param as well is both."""
    (project / "people.csv").write_text(
        f"E-Mail;name;link;age;age\na@example.com;Ada Lovelace;{LINK};36;\nb@example.com;Bob;{LINK};;\n"
    )
    options = ("--to-column", "E-Mail", "--name-column", "name", "--ignore-columns")
    result = run(*send("people.csv", *options))

    assert 0 == result.exit_code, result.stderr
    assert [b"To: Ada Lovelace <a@example.com>", b"To: Bob <b@example.com>"] == headers(project, b"To")
    assert [b"Subject: Welcome to Example Shop, Ada Lovelace", b"Subject: Welcome to Example Shop, Bob"] == headers(
        project, b"Subject"
    )


def test_a_name_is_left_out_where_its_cell_is_empty(run: Run, project: Path) -> None:
    """And the address may then bring its own."""
    (project / "people.csv").write_text("to,who\nBob <b@example.com>,\n a@example.com,\n")
    result = run(*send("people.csv", "--name-column", "who", "--set", "name=Eve", "--set", f"link={LINK}"))

    assert 0 == result.exit_code, result.stderr
    assert [b"To: Bob <b@example.com>", b"To: a@example.com"] == headers(project, b"To")


def test_params_of_all_rows(run: Run, project: Path) -> None:
    """A row's own go over those of the command line."""
    rows = [{"to": "a@example.com", "params": {"name": "Bob"}}, {"to": "c@example.com"}]
    stdin = "".join(json.dumps(row) + "\n" for row in rows)
    result = run(*send("-", "--set", "name=Eve", "--set", f"link={LINK}"), stdin=stdin)

    assert "2 accepted, 0 not." == result.stderr.splitlines()[-1]
    assert [True, False] == [b"Bob" in path.read_bytes() for path in mails(project)]


@pytest.mark.parametrize("text", [lines("a@example.com"), f"\ufeffto,name,link\na@example.com,Ada,{LINK}\n"])
def test_stdin_may_be_of_either_form(run: Run, project: Path, text: str) -> None:
    """JSON Lines begin with a brace."""
    result = run(*send("-"), stdin=text.encode())

    assert (0, 1) == (result.exit_code, len(mails(project))), result.stderr


def test_a_pipe_is_read_once(run: Run, project: Path) -> None:
    """What cannot be read twice is kept."""
    path = project / "rows.jsonl"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(lines("a@example.com", "b@example.com"),))
    writer.start()
    result = run(*send())
    writer.join()

    assert (0, 2) == (result.exit_code, len(mails(project)))


UNKNOWN = "unknown column 'nmae' (did you mean 'name'?); --ignore-columns passes over"


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("rows.jsonl", lines("a@example.com") + "{\n", "rows.jsonl:2: expected a JSON object with `to` and `params`:"),
        ("rows.jsonl", "[1]\n", "got list"),
        ("rows.jsonl", '{"to": "a@example.com", "cc": "x"}\n', "got 'cc' too"),
        ("rows.jsonl", '{"params": {}}\n', "`to` is an address, or a list of them"),
        ("rows.jsonl", '{"to": "a@example.com", "params": []}\n', "`params` is an object"),
        ("rows.jsonl", '{"to": "a@example.com"}\n\xff', "rows.jsonl:2: "),
        ("rows.jsonl", "[" * 100_000, "rows.jsonl:1: "),
        ("rows.jsonl", "\n", "rows.jsonl has no row"),
        ("rows.jsonl", lines("nobody"), "rows.jsonl:1: "),
        ("rows.jsonl", '{"to": []}\n', "rows.jsonl:1: nobody is the recipient"),
        ("rows.jsonl", '\n{"to": "a@example.com"}\n', "rows.jsonl:2: name: expected text, got nothing"),
        (
            "rows.jsonl",
            lines("a@example.com", "b@example.com", "A@example.com"),
            "rows.jsonl:3: the same recipients and params as line 1; --allow-duplicates sends both",
        ),
        ("rows.csv", "name,link\nAda,x\n", "rows.csv:1: there is no column 'to' (there are: link, name); --to-column"),
        ("rows.csv", "to,name,name\n", "rows.csv:1: the column 'name' comes twice"),
        ("rows.csv", "to,nmae\n", f"rows.csv:1: {UNKNOWN}"),
        ("rows.csv", "to,name,\n", "rows.csv:1: column 3 has no name; --ignore-columns passes over it"),
        ("rows.csv", "", "rows.csv:1: the first line names the columns: `to`, and params"),
        ("rows.csv", "to,name\n", "rows.csv has no row"),
        ("rows.csv", "to,name\na@example.com\n", "rows.csv:2: expected 2 cells, got 1"),
        ("rows.csv", 'to,name\n\na@example.com,"x\n\n', "rows.csv:3: unexpected end of data"),
        ("rows.csv", "to,name\na@example.com,\xff\n", "rows.csv:2: this is not UTF-8"),
        ("rows.csv", "to,n\xff\n", "rows.csv:1: this is not UTF-8"),
        ("rows.csv", "to,name\ra@example.com,Ada\r", "rows.csv:1: a line ends with CR alone"),
        ("rows.csv", "to,name\na@example.com,A\rda\n", "rows.csv:2: a line ends with CR alone"),
        ("rows.csv", f"to,name,{'x' * 140_000}\n", "rows.csv:1: field larger than field limit"),
        ("rows.csv", 'to,name,"a\nb"\na@example.com,A,c\n', r"rows.csv:1: unknown column 'a\nb'"),
        ("rows.csv", "to,name.x.\na@example.com,1\n", "rows.csv:1: the column 'name.x.' is not the name of a param"),
        ("rows.csv", 'to,name\na@example.com,"[1"\n', "rows.csv:2: column name: "),
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
    assert (2, []) == (result.exit_code, mails(project))
    assert not (project / ".notify").exists()


def test_all_faults_are_listed(run: Run, project: Path) -> None:
    """Those of every row, each at the line where the row begins."""
    text = f'to,name,link\n"a@example.com","two\nlines",nowhere\nb@example.com,x\n,"",{LINK}\n'
    (project / "rows.csv").write_text(text)
    result = run(*send("rows.csv"))

    assert [2, 4, 5, 5] == [int(found) for found in re.findall(r"rows\.csv:(\d+): ", result.stderr)]


def test_not_more_than_fifty_faults_are_listed(run: Run, project: Path) -> None:
    """A file that is something else altogether has thousands."""
    (project / "rows.jsonl").write_text("x\n" * 1050)
    result = run(*send())

    assert 50 == result.stderr.count("rows.jsonl:")
    assert "\nand 1,000 more\n" in result.stderr


def test_duplicates_may_be_wanted(run: Run, project: Path) -> None:
    """Then both are sent; other params make another row."""
    (project / "rows.jsonl").write_text(lines("a@example.com", "a@example.com"))

    assert (0, 2) == (run(*send("rows.jsonl", "--allow-duplicates")).exit_code, len(mails(project)))


def test_a_notification_without_a_contract_takes_every_column(run: Run, project: Path) -> None:
    """All columns but those of the people are params."""
    (project / "notifications" / "free.yaml").write_text("subject: '{{ a }} {{ b is defined }}'\ntext: x\n")
    (project / "rows.csv").write_text("a,mail,b\nx,a@example.com,\n")
    result = run("send", "free", "--recipients", "rows.csv", "--to-column", "mail")

    assert 0 == result.exit_code, result.stderr
    assert [b"Subject: x False"] == headers(project, b"Subject")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "a@example.com", "--recipients", "x"), "either --to, or --recipients"),
        ((), "either --to, or --recipients"),
        (("--to", "a@example.com", "--to-column", "x"), "--to-column is about the file of --recipients"),
        (("--to", "a@example.com", "--retry-failed"), "--retry-failed is about the file of --recipients"),
        (("--recipients", "x", "--account", "x", "--json"), "neither with --account nor"),
        (("--recipients", "x", "--account", "x", "--enqueue"), "no receipts"),
    ],
)
def test_options_that_exclude_one_another(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """Are a wrong call."""
    result = run("send", "welcome", *arguments)

    assert 2 == result.exit_code
    assert words in " ".join(result.stderr.split())


def test_columns_are_those_of_csv(run: Run, rows: Path) -> None:
    """JSON Lines have none."""
    result = run(*send(rows, "--to-column", "x"))

    assert 2 == result.exit_code
    assert "has no columns" in result.stderr


def test_a_dry_run_names_the_rows_that_cannot_be_sent(run: Run, project: Path, rows: Path) -> None:
    """And sends none, and notes nothing."""
    result = run(*send(rows, "--dry-run"))

    assert (1, []) == (result.exit_code, mails(project))
    assert f"{rows}:2: notifications/welcome.yaml:6:11: the subject holds a line break" in result.stderr
    assert "2 rows can be sent, 1 cannot; nothing was sent." in result.stderr
    assert not (project / ".notify").exists()


def test_production_needs_yes(run: Run, rows: Path, real: str, server: ScriptedServer) -> None:
    """In production a script has to say --yes; outside it need not."""
    production = ("--env", "production", "--transport", real, *send(rows))

    without, refused = run(*production), list(server.messages)
    with_yes = run(*production, "--yes")
    run("--transport", real, *send(rows))

    assert (2, []) == (without.exit_code, refused)
    assert "this would send 3 messages in production; add --yes" in without.stderr
    assert (1, 4) == (with_yes.exit_code, len(server.messages))


@pytest.mark.parametrize("sent", [20, 0])
def test_at_a_terminal_a_person_is_asked(
    monkeypatch: pytest.MonkeyPatch, project: Path, real: str, server: ScriptedServer, sent: int
) -> None:
    """Below the plan; then a bar says how far it is."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(20))))
    with terminal(monkeypatch) as screen:
        screen.type("y\n" if sent else "n\n")
        with pytest.raises(SystemExit) as left:
            notify.main(["--transport", f"{real}&pool=1", *send()])
        seen = screen.seen()
    words = " ".join(re.sub(r"\x1b\[[0-9;?]*\w", "", seen).split())

    assert "welcome to 20 rows of rows.jsonl, 20 recipients, through smtp (development)" in words
    assert 'the first: "Welcome to Example Shop, Ada" to w0@example.com Send 20 messages? [y/N]:' in words
    assert (int(sent == 0), sent) == (left.value.code, len(server.messages))
    assert (sent == 0) is ("Nothing was sent." in words)
    assert (sent > 0) is (" of 20, " in words) is ("/s, " in words) is ("20 accepted, 0 not." in words)


def test_at_a_terminal_refusals_stand_above_the_bar(
    monkeypatch: pytest.MonkeyPatch, project: Path, real: str, server: ScriptedServer
) -> None:
    """Which stays the last line."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(20)), "later@example.com"))
    with terminal(monkeypatch) as screen:
        with pytest.raises(SystemExit) as left:
            notify.main(["--transport", f"{real}&pool=1", *send("rows.jsonl", "--yes")])
        seen = screen.seen()

    assert (75, 20) == (left.value.code, len(server.messages))
    assert re.search(r"rows\.jsonl:21: later@example\.com was refused: smtp: [^\n]*\n[^\n]* of 21, ", seen)


def test_nobody_is_asked_about_what_cannot_be_made(run: Run, project: Path, real: str) -> None:
    """Where no row can be sent at all, the fault of the first one is told."""
    (project / "rows.jsonl").write_text(json.dumps({"to": "a@example.com", "params": {"name": "A\nB", "link": LINK}}))
    result = run("--transport", real, *send())

    assert 2 == result.exit_code
    assert "the subject holds a line break" in result.stderr


def test_put_off_is_to_be_tried_again(run: Run, project: Path, real: str) -> None:
    """If all that was not taken may be tried again, the exit code says so."""
    (project / "rows.jsonl").write_text(lines("later@example.com", "a@example.com"))
    result = run("--transport", real, *send())

    assert 75 == result.exit_code
    assert "rows.jsonl:1: later@example.com was refused: smtp: " in result.stderr
    assert "1 row left; the same command goes on there." in result.stderr


def test_an_account_that_cannot_be_made_is_told(run: Run, project: Path, rows: Path) -> None:
    """Before anything is sent."""
    result = run(*send(rows, "--account", "nowhere/account.jsonl"))

    assert (2, []) == (result.exit_code, mails(project))
    assert "nowhere/account.jsonl: No such file or directory" in result.stderr


def test_half_a_line_of_an_account_is_cut_off(run: Run, project: Path, real: str) -> None:
    """A crash leaves one; what else the file holds stays."""
    (project / "rows.jsonl").write_text(lines("later@example.com"))
    run("--transport", real, *send())
    (project / "mine").write_text('{"row": 7}\n{"row": 8, "li')
    run("--transport", real, *send("rows.jsonl", "--account", "mine"))
    (project / "other").write_text("[]\n{")
    run("--transport", real, *send("rows.jsonl", "--account", "other"))

    assert [7, 1] == [each["row"] for each in account((project / "mine").read_text())]
    assert (project / "other").read_text().startswith("[]\n{")


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))  # as if the disk were full
from notify.cli import main
main()
"""


def test_an_account_that_cannot_be_written_stops_the_sending(
    run: Run, project: Path, real: str, server: ScriptedServer
) -> None:
    """And is told; the journal has what the account lacks, so that the next run sends the rest."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(1, 301))))
    command = ["--transport", real, *send("rows.jsonl", "--account", "account.jsonl")]
    result = subprocess.run([sys.executable, "-B", "-c", FULL, *command], capture_output=True, text=True, check=False)
    taken = len(server.messages)
    further = run("--transport", real, *send("rows.jsonl", "--account", "more.jsonl"))

    assert 1 == result.returncode, result.stderr
    assert "Error: the account cannot be written: File too large" in result.stderr
    assert f"{300 - taken} rows left; the same command goes on there." in result.stderr
    assert 0 == further.exit_code, further.stderr
    assert 300 == len(server.messages) == len({each.recipients for each in server.messages})
    assert 300 - taken == len(account((project / "more.jsonl").read_text()))


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


def start(project: Path, real: str, number: int = 2000) -> subprocess.Popen[str]:
    """Send so many rows, with an account."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(1, number + 1))))
    return subprocess.Popen(
        [sys.executable, "-m", "notify", "--transport", real, *send("rows.jsonl", "--account", "account.jsonl")],
        cwd=project,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("press", [(0.0, signal.SIGINT), (0.1, signal.SIGHUP), (0.23, signal.SIGTERM)])
def test_ctrl_c_leaves_an_exact_account(
    run: Run, project: Path, real: str, server: ScriptedServer, press: tuple[float, signal.Signals]
) -> None:
    """It has what the server took, no more and no less; the same command goes on there, and in the same account."""
    with start(project, real, 400) as process:
        while not server.messages:
            time.sleep(0.01)
        time.sleep(press[0])
        process.send_signal(press[1])
        _, talk = process.communicate(timeout=PATIENCE)
    entries = account((project / "account.jsonl").read_text())
    accepted = {each["accepted"][0] for each in entries if each["accepted"]}
    taken = {each.recipients[0] for each in server.messages}
    left = re.search(r"^(\d+) rows left; the same command goes on there\.$", talk, re.MULTILINE)
    further = run("--transport", real, *send("rows.jsonl", "--account", "account.jsonl"))
    entries = account((project / "account.jsonl").read_text())

    assert 130 == process.returncode
    assert taken == accepted
    assert "Interrupted: waiting for what is on its way." in talk
    assert "Traceback" not in talk
    assert left is not None, talk
    assert 400 - len(taken) == int(left[1])
    assert 0 == further.exit_code, further.stderr
    assert f"  sent before: {len(taken)} rows" in further.stderr
    assert 400 == len(server.messages) == len({each.recipients for each in server.messages})
    assert 400 == len({each["row"] for each in entries if each["accepted"]})


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_in_this_process(run: Run, project: Path, tmp_path: Path, presses: int) -> None:
    """The account is on stdout; after a second press a row is unknown, and the ways of Python are as before."""
    (project / "rows.jsonl").write_text(lines(*(f"w{number}@example.com" for number in range(1, 500))))
    script = {"rules": [{"at": "eod", "nth": 3, "do": [{"sleep": 1.5}, {"default": True}]}]}
    kinds = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
    before = [signal.getsignal(each) for each in kinds]
    with ScriptedServer(script, Certificates(tmp_path)) as server:
        real = f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=30&pool=1"
        presser = threading.Thread(target=press_keys, args=(server, presses))
        presser.start()
        result = run("--transport", real, *send("rows.jsonl", "--json"))
        presser.join()
    entries = account(result.stdout)
    unknown = [each["row"] for each in entries if "UnknownOutcomeError" in str(each)]

    assert 130 == result.exit_code
    assert list(range(1, len(entries) + 1)) == [each["row"] for each in entries]
    assert (3 in unknown) is (presses == 2)
    assert (presses == 2) is ("  maybe sent: " in result.stderr)
    assert "rows left; the same command goes on there." in result.stderr
    assert before == [signal.getsignal(each) for each in kinds]


def press_keys(server: ScriptedServer, times: int) -> None:
    """Press Ctrl-C when the third message is on its way, and again."""
    while sum(line == "DATA" for _, line in server.commands) < 3:
        time.sleep(0.01)
    for _ in range(times):
        time.sleep(0.4)
        os.kill(os.getpid(), signal.SIGINT)
