"""`notify outbox`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from cli.running import terminal
from click.testing import CliRunner
from outbox.operated import change, put

from notify import Attachment, Notifier
from notify.cli.group import notify
from notify.outbox.job import STATES
from notify.outbox.operating import find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result

    from notify.database import Database

SECRET = "778899"
FAILURE = {
    "class": "RefusedError",
    "reason": "the server refused it",
    "code": 550,
    "reply": "5.1.1 no such user\x1b[31m",
    "transcript": ["> RCPT TO:<ada@example.com>", "< 550 5.1.1 no such user"],
}


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `notify outbox` in the project."""
    monkeypatch.chdir(project)

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(notify, ("outbox", *arguments), input=stdin, prog_name="notify")

    return call


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """What puts jobs into the outbox."""
    with Notifier.load(project) as found:
        found.outbox.migrate()
        yield found


def document(run: Run, *arguments: str) -> Any:
    """The JSON that a command prints."""
    result = run(*arguments, "--json")

    assert 0 == result.exit_code, result.output
    return json.loads(result.stdout)


def states(database: Database) -> dict[int, str]:
    """The state of each job."""
    return {job.id: job.state for job in find(database)}


def test_lists_the_newest_first(run: Run, database: Database) -> None:
    """A line for each job, as JSON too; what others wrote cannot steer the terminal."""
    first = put(database, state="dead", reason="no such user\x1b[31m\nreally", attempts=3)
    second = put(database, notification=None, key="order:1")
    lines = run("list").stdout.splitlines()
    listed = document(run, "list")

    assert ["ID", "STATE", "NOTIFICATION", "TO", "WHEN", "ATTEMPTS", "REASON"] == lines[0].split()
    assert [str(second), "queued", "-", "ada@example.com"] == lines[1].split()[:4]
    assert lines[2].startswith(str(first))
    assert lines[2].endswith(r"3         no such user\x1b[31m really")
    assert [(second, "queued", "order:1"), (first, "dead", None)] == [
        (each["id"], each["state"], each["key"]) for each in listed
    ]
    assert listed[0]["created_at"].endswith("Z")


def test_lists_page_by_page(run: Run, database: Database) -> None:
    """It says how to go on."""
    jobs = [put(database) for _ in range(5)]
    first = run("list", "--limit", "3")

    assert f"There are more; --before {jobs[2]} goes on.\n" == first.stderr
    assert [jobs[1], jobs[0]] == [each["id"] for each in document(run, "list", "--before", str(jobs[2]))]
    assert "No job is found.\n" == run("list", "--before", "1").stderr


def test_lists_what_options_describe(run: Run, database: Database) -> None:
    """By each of them, and by all together."""
    wanted = put(
        database, notification="billing.paid", recipient="Zoe@Acme.example", key="a:1", state="failed", priority=0
    )
    put(database)
    change(database, wanted, created_at=1.0, due_at=2.0)
    for options in (
        ["--state", "failed", "--state", "dead"],
        ["--notification", "billing.*"],
        ["--to", "zoe@acme.example"],
        ["--key", "a:*"],
        ["--until", "2020-01-01"],
        ["--until", "1 day"],
        ["--due-before", "1970-01-02T00:00:00Z"],
        ["--priority", "high"],
        ["--state", "failed", "--to", "*@ACME.example", "--due-before", "now", "--until", "now"],
    ):
        assert [wanted] == [each["id"] for each in document(run, "list", *options)], options
    assert [wanted] != [each["id"] for each in document(run, "list", "--since", "2020-01-01T10:00")]


@pytest.mark.parametrize("time", ["tomorrow", "", "3 fortnights", "2030-13-01", "0s", "0001-01-01", "9" * 9 + "w"])
@pytest.mark.usefixtures("database")
def test_a_wrong_time(run: Run, time: str) -> None:
    """The message says what is expected."""
    result = run("list", "--since", time)

    assert (2, True) == (result.exit_code, "is no time: expected such as 2030-12-31" in result.stderr)


def test_shows_a_job(run: Run, notifier: Notifier, database: Database) -> None:
    """With times that people read, params, and each attempt with its whole error."""
    job = notifier.enqueue("hello", to="Ada <ada@example.com>", params={"name": "Ada"}, key="k", tags=["a"])
    history = [{"at": 1764250000.5, "event": "attempt", "transport": "smtp", "error": FAILURE, "unknown": True}]
    change(database, job.id, state="dead", reason="refused", history=json.dumps(history), pending='["b@example.com"]')
    result = run("show", str(job.id))
    shown = document(run, "show", str(job.id))

    assert 0 == result.exit_code
    for words in (
        "state:         dead",
        "key:           k",
        "due:           20",
        "left:          b@example.com",
        "reason:        refused",
        "beware:        it may have arrived",
        "params.name:   Ada",
        'call.to:       [["ada@example.com", "Ada"]]',
        "days ago): attempt",
        "    reply: 5.1.1 no such user\\x1b[31m",
        "      < 550 5.1.1 no such user",
        " (0 s ago)",
    ):
        assert words in result.stdout
    assert ({"name": "Ada"}, True, False) == (shown["params"], shown["may_have_arrived"], shown["sealed"])
    assert FAILURE == shown["history"][0]["error"]
    assert "2025-11-27T13:26:40.500Z" == shown["history"][0]["at"]


def test_shows_what_it_is_of_a_message(run: Run, notifier: Notifier) -> None:
    """Of one that was rendered before, its subject and its people, and nothing of its text."""
    message = notifier.render("hello", to="Ada <ada@example.com>", params={"name": SECRET}).replace(subject="Plain")
    job = notifier.enqueue_message(message)
    result = run("show", str(job.id))

    assert ("message.subject: Plain" in result.stdout, "Ada <ada@example.com>" in result.stdout) == (True, True)
    assert SECRET not in result.stdout
    assert None is document(run, "show", str(job.id))["params"]


@pytest.mark.parametrize("command", ["show", "cancel", "retry"])
@pytest.mark.usefixtures("database")
def test_a_job_that_there_is_not(run: Run, command: str) -> None:
    """It says so, and where to look."""
    result = run(command, "999")

    assert 2 == result.exit_code
    assert "there is no job 999; `notify outbox list` shows" in result.stderr


@pytest.mark.parametrize("change_", ["", "sealed", "gone", "faulty", "other"])
def test_no_sensitive_value_in_any_output(
    run: Run, project: Path, database: Database, change_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed or not, and whatever became of the definition since."""
    if change_ == "sealed":
        monkeypatch.setenv("NOTIFY_OUTBOX_KEY", run("key").stdout.strip())
    with Notifier.load(project) as notifier:
        job = notifier.enqueue(
            "code", to="ada@example.com", params={"code": SECRET}, attachments=[Attachment("a.txt", b"some text")]
        )
    file = project / "notifications" / "code.yaml"
    if change_ == "gone":
        file.unlink()
    elif change_ == "faulty":
        file.write_text("nonsense: [")
    elif change_ == "other":
        file.write_text("subject: Your code\ntext: '{{ pin }}'\nparams: {pin: str}\n")
    change(database, job.id, state="failed")
    outputs = []
    for arguments in (
        ["list"], ["list", "--json"], ["show", str(job.id)], ["show", str(job.id), "--json"], ["stats"],
        ["stats", "--json"], ["retry", str(job.id)], ["cancel", str(job.id)], ["purge", "--older-than", "1s", "--yes"],
    ):  # fmt: skip
        result = run("--debug", *arguments) if arguments == ["list"] else run(*arguments)
        assert result.exit_code in {0, 2}, result.output
        outputs.append(result.output)

    assert "params.code:   ***" in outputs[2]
    assert '"code": "***"' in outputs[3]
    assert SECRET not in "".join(outputs)


def test_cancel(run: Run, database: Database) -> None:
    """By ids, without a question; what is not queued is told, and makes the exit code 1."""
    queued, sent = put(database), put(database, state="sent")
    both = run("cancel", str(queued), str(sent))
    again = run("cancel", str(queued), "--json")

    assert (1, f"Took back 1 job.\nJob {sent} is sent, and stays so.\n") == (both.exit_code, both.stderr)
    assert (0, {"taken_back": 0, "in_work": 0}) == (again.exit_code, json.loads(again.stdout))
    assert {queued: "cancelled", sent: "sent"} == states(database)


def test_cancel_by_options(run: Run, database: Database) -> None:
    """Elsewhere than at a terminal --yes is needed; what a worker has goes on, and is told."""
    for state in ("queued", "queued", "leased", "sent"):
        put(database, state=state)
    put(database, recipient="zoe@example.com")
    asked = run("cancel", "--to", "ada@example.com")
    some = run("cancel", "--to", "ada@example.com", "--yes")
    everything = run("cancel", "--all", "--yes")
    nothing = run("cancel", "--all")

    assert (2, True) == (asked.exit_code, "this would take back 2 queued jobs; add --yes" in asked.stderr)
    assert (0, "Took back 2 jobs.\nLeft alone, since a worker has it already: 1 job.\n") == (
        some.exit_code,
        some.stderr,
    )
    assert everything.stderr.startswith("Took back 1 job.\n")
    assert (0, True) == (nothing.exit_code, nothing.stderr.startswith("Took back 0 jobs.\n"))


def test_retry(run: Run, database: Database) -> None:
    """What failed or is dead; what may have arrived only if that is said, and cancelled ones if they are named."""
    jobs = {state: put(database, state=state) for state in STATES}
    unknown = put(database, state="failed")
    change(database, unknown, begun_at=1.0)
    asked = run("retry", "--all")
    outcome = run("retry", "--all", "--yes")
    still = run("retry", str(unknown))
    forced = run("retry", str(unknown), "--unknown", "--json")
    cancelled = run("retry", "--state", "cancelled", "--yes")

    assert (2, True) == (asked.exit_code, "this would send 2 jobs again; add --yes" in asked.stderr)
    assert "Queued 2 jobs again.\nLeft alone, since they may have arrived: 1 job; --unknown" in outcome.stderr
    assert (1, True) == (still.exit_code, f"Job {unknown} is failed, and stays so." in still.stderr)
    assert (0, {"queued": 1, "held": 0}) == (forced.exit_code, json.loads(forced.stdout))
    assert (0, "Queued 1 job again.\n") == (cancelled.exit_code, cancelled.stderr)
    assert {"leased", "sent"} == {state for state, job in jobs.items() if states(database)[job] != "queued"}
    assert "queued" == states(database)[unknown]


@pytest.mark.parametrize("command", ["cancel", "retry"])
@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["1", "--to", "a@example.com"], ["--all", "--key", "x"]])
def test_changes_nothing_by_accident(run: Run, database: Database, command: str, arguments: list[str]) -> None:
    """Which jobs are meant is said in exactly one way."""
    job = put(database)
    result = run(command, *arguments, "--yes")

    assert (2, True) == (result.exit_code, "give ids, or options that say which jobs are meant" in result.stderr)
    assert {job: "queued"} == states(database)


def test_purge(run: Run, database: Database) -> None:
    """By age; of sent and cancelled ones, or of the states that are named."""
    for state in STATES:
        put(database, state=state, age=9 * 86400)
    asked = run("purge", "--older-than", "8 days")
    outcome = run("purge", "--older-than", "8 days", "--yes")
    dead = run("purge", "--older-than", "8 days", "--yes", "--state", "dead", "--json")
    nothing = run("purge", "--older-than", "8 days")

    assert (2, True) == (asked.exit_code, "this would delete 2 jobs; add --yes" in asked.stderr)
    assert (0, "Deleted 2 jobs.\n") == (outcome.exit_code, outcome.stderr)
    assert {"deleted": 1} == json.loads(dead.stdout)
    assert (0, "Deleted 0 jobs.\n") == (nothing.exit_code, nothing.stderr)
    assert {"queued", "leased", "failed"} == set(states(database).values())


@pytest.mark.parametrize("age", ["30", "a month", "-1d", "0d"])
@pytest.mark.usefixtures("database")
def test_a_wrong_age(run: Run, age: str) -> None:
    """The message says what is expected."""
    result = run("purge", "--older-than", age, "--yes")

    assert (2, True) == (result.exit_code, "expected a number and a unit" in result.stderr)


def test_stats(run: Run, database: Database) -> None:
    """Counts by state, how late it is, and what is not sent by notification; as JSON with the same figures."""
    put(database, due_in=-700)
    put(database, due_in=-5, losses=1, notification=None)
    put(database, state="sent", attempts=2)
    put(database, state="dead", notification="billing.paid")
    change(database, put(database, state="leased"), lease_end=1.0)
    lines = [" ".join(line.split()) for line in run("stats").stdout.splitlines()]
    found = document(run, "stats")

    assert "queued 2 2 due, the first for 11 min, 1 of a worker that was lost" in lines
    assert "leased 1 1 whose lease has ended" in lines
    assert "sent 1 1 in the last hour, 1 in the last minute, 2.00 attempts each" in lines
    assert "cancelled 0" in lines
    assert ["billing.paid 0 0 0 1 0", "hello 1 1 0 0 0", "- 1 0 0 0 0"] == lines[-3:]
    assert {"queued": 2, "leased": 1, "sent": 1, "failed": 0, "dead": 1, "cancelled": 0} == found["states"]
    assert {"billing.paid": {"dead": 1}, "hello": {"queued": 1, "leased": 1}, "": {"queued": 1}} == found[
        "notifications"
    ]
    assert (2, 1, 1, 2.0, 1, 1) == tuple(
        found[name] for name in ("due", "sent_last_minute", "sent_last_hour", "mean_attempts", "lost", "overdue")
    )
    assert 700 <= found["oldest_due_seconds"] < 800
    assert found["next_due_seconds"] is None


def test_stats_of_what_comes_later(run: Run, database: Database) -> None:
    """It says when the next is due."""
    put(database, due_in=7250)

    assert "the next is due in 2 h" in run("stats").stdout


def test_migrate(run: Run) -> None:
    """It makes the tables; again it has nothing to do; the password is not shown."""
    before = run("list")
    first, second = run("migrate"), run("migrate")

    assert (2, True) == (before.exit_code, "`notify outbox migrate`" in before.stderr)
    assert (0, True) == (first.exit_code, "applied 3 steps; the tables are at version 3.\n" in first.stderr)
    assert (0, True) == (second.exit_code, "nothing to do; the tables are at version 3.\n" in second.stderr)
    assert "No job is found.\n" == run("list").stderr


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_looking_makes_no_database(run: Run, tmp_path: Path) -> None:
    """A wrong path does not look like an empty outbox."""
    for arguments in (
        ["list"],
        ["show", "1"],
        ["stats"],
        ["cancel", "1"],
        ["retry", "1"],
        ["purge", "--older-than", "1d"],
    ):
        result = run(*arguments)
        assert (2, True) == (result.exit_code, "there is no outbox " in result.stderr)
    assert not (tmp_path / "outbox.db").exists()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_without_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install; a key needs nothing of it."""
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    result = run("list")

    assert (2, True) == (result.exit_code, "pip install 'notify-framework[outbox]'" in result.stderr)
    assert 0 == run("key").exit_code


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_new_key(run: Run) -> None:
    """Each time another, which seals."""
    from notify.outbox.sealing import Seal

    first, second = (run("key").stdout.strip() for _ in range(2))

    assert first != second
    assert b"x" == Seal.of([first]).open(Seal.of([first]).seal(b"x"))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_at_a_terminal(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person is asked, and a no changes nothing; tables are fitted."""
    job = put(database, reason="a reason that is much longer than what fits into a terminal of sixty columns")

    with terminal(monkeypatch) as person:
        person.type("n\n")
        with pytest.raises(SystemExit) as refused:
            notify.main(["outbox", "cancel", "--all", "--config", str(project)])
        seen = person.seen()
    after_no = states(database)
    with terminal(monkeypatch) as person:
        person.type("y\n")
        with pytest.raises(SystemExit):
            notify.main(["outbox", "cancel", "--all", "--config", str(project)])
    with terminal(monkeypatch) as person:
        with pytest.raises(SystemExit):
            notify.main(["outbox", "list", "--config", str(project)])
        table = person.seen()

    assert (1, True, True) == (refused.value.code, "Take back 1 queued job?" in seen, "Nothing was changed." in seen)
    assert [{job: "queued"}, {job: "cancelled"}] == [after_no, states(database)]
    assert "a reason that is much longer than what fits into" not in table
    assert "taken" in table
