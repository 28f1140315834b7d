"""`notify log`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from cli.running import terminal
from click.testing import CliRunner
from log.logged import KEY, a_record, an_event, put

from notify.cli.group import notify
from notify.cli.log.filters import STATUSES
from notify.feedback import Kind
from notify.log import LogSink, Status
from notify.people import People

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result

    from notify.database import Database

HOSTILE = "550 \x1b[31mno such user\x1b]0;owned\x07"


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `notify log` in a project that logs."""
    monkeypatch.chdir(project)
    with (project / "notify.yaml").open("a", encoding="utf-8") as file:
        file.write("feedback: {log: true}\n")

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(notify, ("log", *arguments), input=stdin, prog_name="notify")

    return call


@pytest.fixture
def logged(database: Database) -> Database:
    """A mail that was sent, one to two people that bounced for one of them, and an event of another sender's mail."""
    put(
        database,
        a_record(message_id="<0@acme.example>", notification="billing.paid"),
        a_record(provider_id="p1", notification="hello", category="transactional", job=12),
        a_record(person="bob@example.com", provider_id="p1", notification="hello"),
    )
    LogSink(database, People()).record(
        [
            an_event(2, Kind.BOUNCED, reason=HOSTILE, code=550, enhanced_code="5.1.1"),
            an_event(1),
            an_event(3, message_id="<9@acme.example>"),
        ]
    )
    return database


def document(run: Run, *arguments: str) -> Any:
    """The JSON that a command prints."""
    result = run(*arguments, "--json")

    assert 0 == result.exit_code, result.stderr
    return json.loads(result.stdout)


def test_the_list(run: Run, logged: Database) -> None:
    """A line an entry, the newest first; what others wrote cannot steer the terminal."""
    result = run()
    lines = result.stdout.splitlines()

    assert logged.dialect
    assert (0, "", 4) == (result.exit_code, result.stderr, len(lines))
    assert ["ID", "STATUS", "NOTIFICATION", "TO", "WHEN", "REASON"] == lines[0].split()
    assert ["bob@example.com", "ada@example.com", "ada@example.com"] == [line.split()[3] for line in lines[1:]]
    assert r"550 \x1b[31mno such user" in lines[2]
    assert "\x1b" not in result.stdout


def test_which_are_meant(run: Run, logged: Database) -> None:
    """Each option, and page by page."""
    bounced = document(run, "--status", "bounced", "--status", "failed", "--to", "ADA@*", "--since", "1 day")
    paid = document(run, "--notification", "billing.*")
    page = run("--limit", "2")
    rest = document(run, "--before", str(bounced[0]["id"]))

    assert logged.dialect
    assert [("bounced", "<1@acme.example>", 12)] == [
        (each["status"], each["message_id"], each["job"]) for each in bounced
    ]
    assert ["delivered", "bounced"] == [event["kind"] for event in bounced[0]["events"]]
    assert ["<0@acme.example>"] == [each["message_id"] for each in paid] == [each["message_id"] for each in rest]
    assert f"There are more; --before {bounced[0]['id']} goes on." in page.stderr
    assert "No entry is found.\n" == run("--until", "1 day").stderr


def test_one_message(run: Run, logged: Database) -> None:
    """By its Message-ID for all of its recipients, or an entry by its number, with the events in order."""
    result = run("show", "1@acme.example")
    both = document(run, "show", "<1@acme.example>")
    [one] = document(run, "show", str(both[0]["id"]))

    assert logged.dialect
    assert 0 == result.exit_code
    assert ["ada@example.com", "bob@example.com"] == [each["person"] for each in both]
    assert both[0] == one
    for words in ("status:        bounced", "to:            ada@example.com", "job:           12", "code: 550"):
        assert words in result.stdout
    assert result.stdout.index(": delivered") < result.stdout.index(": bounced, hard")
    assert "\x1b" not in result.stdout
    assert {"at", "kind", "provider", "event_id", "bounce", "reason", "code", "enhanced_code", "received_at"} == set(
        one["events"][1]
    )


def test_figures(run: Run, logged: Database) -> None:
    """Shares, notifications, and events of messages that nobody knows."""
    result = run("stats")
    found = document(run, "stats", "--since", "1 hour")

    assert logged.dialect
    assert "bounced  1        33.3%" in result.stdout
    assert "hello         2        0         1     0        1        0" in result.stdout
    assert "3 events, the last 0 s ago; about messages that are not in the log: 1 of pigeon." in result.stdout
    assert (1, 2, {"pigeon": 1}) == (found["statuses"]["bounced"], found["statuses"]["sent"], found["unknown"])
    assert {"billing.paid": {"sent": 1}, "hello": {"bounced": 1, "sent": 1}} == found["notifications"]


def test_forgetting(run: Run, logged: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks at a terminal, and needs --yes elsewhere."""
    unasked = run("purge", "--older-than", "1s")
    kept = document(run)
    assert logged.dialect
    import time

    time.sleep(1.1)
    refused = run("purge", "--older-than", "1s")
    with terminal(monkeypatch) as seen:
        seen.type("n\n")
        said_no = notify.main(["log", "purge", "--older-than", "1s"], standalone_mode=False)
        asked = seen.seen()
    deleted = document(run, "purge", "--older-than", "1s", "--yes")

    assert (0, "Deleted 0 entries.\n", 3) == (unasked.exit_code, unasked.stderr, len(kept))
    assert (2, True) == (refused.exit_code, "this would delete 3 entries; add --yes" in refused.stderr)
    assert (1, True) == (said_no, "Delete 3 entries?" in asked)
    assert {"deleted": 3} == deleted
    assert [] == document(run)


def test_hashed(run: Run, logged: Database, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are found, and are not shown."""
    file = project / "notify.yaml"
    file.write_text(file.read_text().replace("{log: true}", "{addresses: hashed}"), encoding="utf-8")
    monkeypatch.setenv("NOTIFY_FEEDBACK_KEY", KEY)
    people = People(KEY)
    put(logged, a_record(message_id="<5@acme.example>", person=people.name("eve@example.com")))
    [found] = document(run, "--to", "Eve@example.com")

    assert people.name("eve@example.com") == found["person"]
    assert 2 == (result := run("--to", "*@example.com")).exit_code
    assert "addresses are hashed" in result.stderr


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "999"), "the log has no '999'"),
        (("show", "9" * 40), "the log has no"),
        (("show", "<none@x.example>"), "the log has no"),
        (("--status", "lost"), "'lost' is not one of 'suppressed', 'failed'"),
        (("--since", "soon"), "is no time: expected such as 2030-12-31"),
        (("purge", "--older-than", "x", "--yes"), "expected a number and a unit"),
        (("--json", "stats"), "--json is for the list: put it behind stats"),
        (("--limit", "0"), "0 is not in the range"),
        (("what",), "No such command 'what'"),
    ],
    ids=lambda each: "-".join(each)[:30] if isinstance(each, tuple) else "",
)
def test_wrong_calls(run: Run, database: Database, arguments: tuple[str, ...], words: str) -> None:
    """One clear message each."""
    result = run(*arguments)

    assert database.dialect
    assert (2, True) == (result.exit_code, words in result.stderr.replace("\n", " ")), result.stderr


def test_a_project_that_logs_nothing(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, since else nobody would know why there is nothing."""
    monkeypatch.chdir(project)
    result = CliRunner().invoke(notify, ("log",), prog_name="notify")

    assert database.dialect
    assert 0 == result.exit_code
    assert (
        "Nothing is logged in the environment test, until notify.yaml has `feedback: true`.\nNo entry" in result.stderr
    )


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_looking_makes_no_database(run: Run, tmp_path: Path) -> None:
    """It might be in the wrong place."""
    result = run()

    assert (2, True) == (result.exit_code, "there is no database" in result.stderr)
    assert not (tmp_path / "outbox.db").exists()


def test_nothing_is_logged_and_nothing_is_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks before it is switched on is told how to do so."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("NOTIFY_OUTBOX", "sqlite:///none.db")
    result = CliRunner().invoke(notify, ("log",), prog_name="notify")

    assert 2 == result.exit_code
    assert "until notify.yaml has `feedback: true`" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--limit", "9" * 30),
        ("--before", "9" * 30),
        ("--before", "-" + "9" * 30),
        ("--to", "\udcff@example.com"),
        ("--to", "\udcff*"),
        ("--notification", "\udcff"),
        ("--notification", "a\0b"),
        ("show", "<\udcff>"),
    ],
    ids=["limit", "before", "before-negative", "to", "to-glob", "notification", "nul", "show"],
)
def test_what_no_database_takes(run: Run, logged: Database, arguments: tuple[str, ...]) -> None:
    """Numbers that are too large, and octets that are no text, are found nowhere, and break nothing."""
    result = run(*arguments)

    assert logged.dialect
    assert result.exit_code in {0, 2}, result.stderr
    assert "unexpected" not in result.stderr


def test_without_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    result = run()

    assert 2 == result.exit_code
    assert "pip install 'notify-framework[outbox]'" in result.stderr


def test_the_words_of_the_command_are_those_of_the_log() -> None:
    """`--help` imports no database for them."""
    assert tuple(map(str, Status)) == STATUSES
