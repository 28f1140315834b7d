"""`notify suppress`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cli.running import terminal
from click.testing import CliRunner
from servers.sendgrid_api import KEY, ApiServer
from suppression.sendgrid_lists import documents, entry

from notify.cli.group import notify

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result

    from notify.database import Database

NOBODY_ASKS = "Nothing asks this list before mails are sent, until notify.yaml has `feedback: true`.\n"


@pytest.fixture
def run(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `notify suppress` in the project, where the list is asked."""
    del database
    with (project / "notify.yaml").open("a") as file:
        file.write("feedback: {groups: {'7': digest}}\ncategories: {digest: {unsubscribe: required}}\n")
    monkeypatch.chdir(project)

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(notify, ("suppress", *arguments), input=stdin, prog_name="notify")

    return call


def listed(run: Run, *arguments: str) -> list[dict[str, Any]]:
    """The list as JSON."""
    result = run("list", "--json", *arguments)

    assert 0 == result.exit_code, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_adds_and_lists(run: Run) -> None:
    """A line for each, the last change first, as JSON too; what others wrote cannot steer the terminal."""
    first = run("add", "Ada@example.com", "bob@example.com", "--note", "by phone\x1b[31m")
    again = run("add", "ada@example.com", "eve@example.com", "--scope", "category:digest", "--reason", "complaint")
    once_more = run("add", "ada@example.com", "zoe@example.com")
    lines = run("list").stdout.splitlines()

    assert ["Added 2 of 2.\n", "Added 2 of 2.\n", "Added 1 of 2; the others were there before.\n"] == [
        each.stderr for each in (first, again, once_more)
    ]
    assert ["ID", "PERSON", "REASON", "SCOPE", "SINCE", "SOURCE", "NOTE"] == lines[0].split()
    assert ["5", "zoe@example.com", "manual", "all"] == lines[1].split()[:4]
    assert lines[-1].endswith(r"by hand  by phone\x1b[31m")
    assert ["eve@example.com", "ada@example.com"] == [each["person"] for each in listed(run, "--reason", "complaint")]
    assert ["manual", "complaint"] == sorted(
        (each["reason"] for each in listed(run, "--to", "ADA@example.com")), reverse=True
    )
    assert 2 == len(listed(run, "--scope", "category:digest"))
    assert {"bob@example.com", "zoe@example.com"} == {each["person"] for each in listed(run, "--to", "?o?@Example.com")}
    assert [] == listed(run, "--since", "now")
    assert {"id", "person", "reason", "scope", "at", "source", "note"} == listed(run)[0].keys()


def test_lists_pages(run: Run) -> None:
    """And says how to go on."""
    run("add", *(f"p{number}@example.com" for number in range(3)))
    page = run("list", "--limit", "2")
    rest = run("list", "--before", "2")

    assert "There are more; --before 2 goes on.\n" == page.stderr
    assert 3 == len(page.stdout.splitlines())
    assert ["1", "p0@example.com"] == rest.stdout.splitlines()[1].split()[:2]
    assert "Nobody is found.\n" == run("list", "--to", "x@example.com").stderr


def test_removes(run: Run) -> None:
    """All that is known of somebody, or a part; who is not there is said, and is no failure."""
    run("add", "ada@example.com")
    run("add", "ada@example.com", "--scope", "notification:hello", "--reason", "invalid")
    part = run("remove", "ada@example.com", "bob@example.com", "--reason", "invalid", "--scope", "notification:hello")
    left = listed(run)
    rest = run("remove", "ada@example.com")

    assert "bob@example.com is not on the list for that.\nRemoved 1 of 2.\n" == part.stderr
    assert ["manual"] == [each["reason"] for each in left]
    assert (0, "Removed 1 of 1.\n") == (rest.exit_code, rest.stderr)
    assert [] == listed(run)
    assert "ada@example.com is not on the list.\nRemoved 0 of 1.\n" == run("remove", "ada@example.com").stderr


@pytest.mark.parametrize("reason", ["complaint", "unsubscribed"])
def test_what_people_said_is_not_undone_lightly(run: Run, reason: str) -> None:
    """Where nobody can be asked, only with --yes."""
    run("add", "ada@example.com", "--reason", reason)
    refused = run("remove", "ada@example.com", "bob@example.com")
    other = run("remove", "ada@example.com", "--reason", "manual")
    done = run("remove", "ada@example.com", "--yes")

    assert 2 == refused.exit_code
    assert refused.stderr.startswith("1 of 2 ")
    assert "Error: this would write to them again; add --yes to do so without being asked\n" in refused.stderr
    assert (0, "ada@example.com is not on the list for that.\nRemoved 0 of 1.\n") == (other.exit_code, other.stderr)
    assert (0, "Removed 1 of 1.\n") == (done.exit_code, done.stderr)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 1)])
def test_a_person_is_asked(run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, left: int) -> None:
    """On a terminal."""
    run("add", "ada@example.com", "--reason", "complaint")
    with terminal(monkeypatch) as screen:
        screen.type(f"{answer}\n")
        notify(("suppress", "remove", "ada@example.com"), prog_name="notify", standalone_mode=False)
        seen = " ".join(screen.seen().split())

    assert "1 of 1 called a mail spam" in seen
    assert "Write to them again? [y/N]:" in seen
    assert left == len(listed(run))


def test_imports_csv(run: Run, project: Path) -> None:
    """Names in any order, other columns left alone; a second time nothing changes."""
    text = (
        "created;email;whatever;reason;scope;note\n"
        "1795000000;Ada@example.com;x;hard_bounce;;550 5.1.1 no such user\n"
        "2026-11-20T12:00:00Z;bob@example.com;;;category:digest;\n"
        ";eve@example.com;;complaint;all;\n\n"
    )
    (project / "people.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    dry = run("import", "people.csv", "--dry-run")
    before = listed(run)
    done = run("import", "people.csv", "--reason", "invalid")
    found = {each["person"]: each for each in listed(run)}
    again = run("import", "people.csv", "--reason", "invalid")

    assert (0, "Read 3: 3 would be new, 0 known before.\n") == (dry.exit_code, dry.stderr)
    assert [] == before
    assert (0, "Read 3: 3 are new, 0 known before.\n") == (done.exit_code, done.stderr)
    assert ("hard_bounce", "all", "2026-11-18T11:06:40+00:00", "550 5.1.1 no such user") == tuple(
        found["ada@example.com"][name] for name in ("reason", "scope", "at", "note")
    )
    assert ("invalid", "category:digest", "2026-11-20T12:00:00+00:00", "import") == tuple(
        found["bob@example.com"][name] for name in ("reason", "scope", "at", "source")
    )
    assert (0, "Read 3: 0 are new, 3 known before.\n") == (again.exit_code, again.stderr)


def test_imports_what_it_lists(run: Run, project: Path) -> None:
    """As JSON Lines."""
    run("add", "ada@example.com", "--note", "by phone")
    before = listed(run)
    (project / "people.jsonl").write_text("\n".join(json.dumps(each) for each in before))
    run("remove", "ada@example.com")
    stays = run("import", "people.jsonl")
    (project / "new.jsonl").write_text(json.dumps({**before[0], "person": "bob@example.com"}))
    new = run("import", "new.jsonl")

    assert "Read 1: 0 are new, 1 known before.\n" == stays.stderr
    assert "Read 1: 1 are new, 0 known before.\n" == new.stderr
    assert [{**before[0], "person": "bob@example.com", "id": 3}] == listed(run)


CSV = """\
email,reason,at,scope
ada@example.com,,,
nobody,,,
,,,
a@b.example,550 no,,
a@b.example,,soon,
a@b.example,,,category:digst
a@b.example,,,weekly
a@b.example
a@b.example,,2500-01-01,
bob@example.com,,,
"""
CSV_FAULTS = """\
people.csv:3: address 'nobody': there is no '@'; an address is written name@domain
people.csv:4: there is no address
people.csv:5: reason: expected one of hard_bounce, complaint, unsubscribed, invalid, manual, got '550 no' (see --reason)
people.csv:6: at: expected seconds since 1970, or such as 2026-11-20T12:00:00Z, got 'soon'
people.csv:7: scope: there is no category 'digst' (did you mean 'digest'?)
people.csv:8: scope: expected a scope of all, category, notification, got 'weekly'
people.csv:9: expected 4 cells, got 1
people.csv:10: at: expected a time that has been, since 1970, got 2500-01-01T00:00:00+00:00
"""
JSON = """\
{"address": "ada@example.com"}
[]
{
{"address": 5}

{"email": "bob@example.com", "at": 1795000000}
{"email": "a@b.example", "at": []}
{"email": "a@b.example", "at": true}
{"email": "a@b.example", "at": -1}
{"email": "a@b.example", "scope": "notification:\\ud800"}
"""
JSON_FAULTS = """\
people.jsonl:2: expected a JSON object, got list
people.jsonl:3: expected a JSON object
people.jsonl:4: address: expected text, got int
people.jsonl:7: at: expected seconds since 1970, or such as 2026-11-20T12:00:00Z, got []
people.jsonl:8: at: expected seconds since 1970, or such as 2026-11-20T12:00:00Z, got True
people.jsonl:9: at: expected a time that has been, since 1970, got 1969-12-31T23:59:59+00:00
people.jsonl:10: scope: expected the name of a notification, got '\\ud800'
"""
FAULTY = {"people.csv": (CSV, CSV_FAULTS), "people.jsonl": (JSON, JSON_FAULTS)}


@pytest.mark.parametrize("name", FAULTY)
def test_lines_that_cannot_be_read(run: Run, project: Path, name: str) -> None:
    """Are said with their numbers; the others are imported."""
    text, words = FAULTY[name]
    faults = words.splitlines()
    (project / name).write_text(text)
    result = run("import", name)

    assert 1 == result.exit_code
    assert [*faults, f"Read {len(faults) + 2}: 2 are new, 0 known before, {len(faults)} cannot be read."] == (
        result.stderr.splitlines()
    )
    assert {"ada@example.com", "bob@example.com"} == {each["person"] for each in listed(run)}


def test_octets_that_are_no_text(run: Run, project: Path) -> None:
    """An address that was mangled would hold nobody."""
    (project / "people.csv").write_bytes(
        "email,note\nmüller@example.com,\nada@example.com,Größe\nbob@example.com,\n".encode("latin-1")
    )
    result = run("import", "people.csv")

    assert [
        "people.csv:2: it is not UTF-8: save the file as UTF-8",
        "people.csv:3: it is not UTF-8: save the file as UTF-8",
        "Read 3: 1 are new, 0 known before, 2 cannot be read.",
    ] == result.stderr.splitlines()
    assert ["bob@example.com"] == [each["person"] for each in listed(run)]


def test_a_quote_that_is_not_closed(run: Run, project: Path) -> None:
    """Swallows what follows, and the line where it begins is said."""
    (project / "people.csv").write_text('email,note\nada@example.com,"one\ntwo"\n"bob@example.com,\neve@example.com,\n')
    result = run("import", "people.csv")

    assert "people.csv:4: expected 2 cells, got 1 up to line 5: is a quote not closed?" == result.stderr.splitlines()[0]
    assert [("ada@example.com", "one two")] == [(each["person"], each["note"]) for each in listed(run)]


@pytest.mark.parametrize(
    "arguments", [("--limit", "9" * 30), ("--before", "9" * 30), ("--to", "\udcff*")], ids=["limit", "before", "to"]
)
def test_what_no_database_takes(run: Run, arguments: tuple[str, ...]) -> None:
    """Is found nowhere, and breaks nothing."""
    assert [] == listed(run, *arguments)


def test_a_file_of_nonsense(run: Run, project: Path) -> None:
    """Does not fill the screen."""
    (project / "people.csv").write_text("email\n" + "x\n" * 50)
    (project / "header.csv").write_text("name\nx\n")
    (project / "people.txt").write_text("a@b.example\n")
    many = run("import", "people.csv")

    assert 22 == len(many.stderr.splitlines())
    assert "Read 50: 0 are new, 0 known before, 50 cannot be read." == many.stderr.splitlines()[-1]
    assert "Error: the first line names no column address or email or person\n" == run("import", "header.csv").stderr
    assert (
        "Error: people.txt: expected a file whose name ends in .csv or .jsonl\n" == run("import", "people.txt").stderr
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "nobody"), "address 'nobody': there is no '@'"),
        (("add", "ada@example.com", "nobody"), "address 'nobody': there is no '@'"),
        (("add", "ada@example.com", "--scope", "weekly"), "'weekly' is no scope: expected all, category:NAME or"),
        (("add", "ada@example.com", "--scope", "category:digst"), "no category 'digst' (did you mean 'digest'?)"),
        (("list", "--to", "nobody"), "address 'nobody': there is no '@'"),
        (("remove", "nobody"), "address 'nobody': there is no '@'"),
        (("import",), "give a file, or --from and the name of a transport"),
        (("import", "notify.yaml", "--from", "memory"), "give a file, or --from"),
        (("import", "--from", "memory", "--reason", "manual"), "--reason and --scope are for files"),
        (("import", "notify.yaml", "--blocks"), "--blocks is for --from"),
        (("import", "--from", "memory"), "the transport 'memory' knows no list"),
        (("import", "--from", "sendgird"), "there is no transport 'sendgird' (did you mean 'sendgrid'?)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_calls_change_nothing(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """And say what is wrong."""
    result = run(*arguments)

    assert 2 == result.exit_code
    assert words in result.stderr
    assert [] == listed(run)


def test_imports_from_a_provider(run: Run, project: Path) -> None:
    """Everybody on its lists, those of groups as notify.yaml maps them; a second time nothing changes."""
    lists = documents(
        bounces=[entry(number, reason="550 no such user") for number in range(600)],
        spam_reports=[entry(1000)],
        invalid_emails=[entry(1001, reason="unknown domain")],
        unsubscribes=[entry(1002)],
        asm=[
            {"email": "p1003@example.com", "group_id": 7, "created_at": 1795000000},
            {"email": "p1004@example.com", "group_id": 8, "created_at": 1795000000},
        ],
        blocks=[entry(1005, reason="421 later"), entry(1006, email="nobody")],
    )
    with ApiServer(documents=lists) as server:
        (project / "notify.yaml").write_text(
            (project / "notify.yaml").read_text()
            + f"transports: {{api: {{type: sendgrid_api, base_url: '{server.url}', api_key: {KEY}}}}}\n"
        )
        dry = run("import", "--from", "api", "--dry-run")
        first = run("import", "--from", "api")
        second = run("import", "--from", "api")
        blocks = run("import", "--from", "api", "--blocks")
    found = {each["person"]: each for each in listed(run, "--limit", "1000")}

    assert "Read 605: 604 would be new, 0 known before, 1 of groups that stand for no category.\n" == dry.stderr
    assert "Read 605: 604 are new, 0 known before, 1 of groups that stand for no category.\n" == first.stderr
    assert "Read 605: 0 are new, 604 known before, 1 of groups that stand for no category.\n" == second.stderr
    assert 1 == blocks.exit_code
    assert blocks.stderr.endswith(
        "Read 607: 1 are new, 604 known before, 1 of groups that stand for no category, 1 cannot be read.\n"
    )
    assert ("hard_bounce", "550 no such user", "sendgrid") == tuple(
        found["p599@example.com"][name] for name in ("reason", "note", "source")
    )
    assert ["complaint", "invalid", "unsubscribed", "unsubscribed", "manual"] == [
        found[f"p{number}@example.com"]["reason"] for number in (1000, 1001, 1002, 1003, 1005)
    ]
    assert ("all", "category:digest") == (found["p1002@example.com"]["scope"], found["p1003@example.com"]["scope"])
    assert "p1004@example.com" not in found


def test_hashes_are_shown(run: Run, project: Path) -> None:
    """Where addresses are not kept; commands take them as well as addresses."""
    path = project / "notify.yaml"
    path.write_text(path.read_text().replace("feedback: {", "feedback: {addresses: hashed, key: a-key-that-is-long, "))
    run("add", "ada@example.com", "--note", "see mail of ada@example.com")
    (found,) = listed(run, "--to", "Ada@Example.com")

    assert found["person"].startswith("h:")
    assert f"see mail of {found['person']}" == found["note"]
    assert [found] == listed(run, "--to", found["person"])
    assert "addresses are hashed, so that none can be found by a part" in run("list", "--to", "*@example.com").stderr
    assert "Removed 1 of 1.\n" == run("remove", found["person"]).stderr


def test_nobody_asks_the_list(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It works, and says so."""
    del database
    monkeypatch.chdir(project)
    result = CliRunner().invoke(notify, ("suppress", "add", "ada@example.com"), prog_name="notify")

    assert f"{NOBODY_ASKS}Added 1 of 1.\n" == result.stderr


def test_there_is_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking makes none; adding does."""
    (tmp_path / "notify.yaml").write_text("feedback: {}\nenvironments: {development: {transport: memory}}\n")
    (tmp_path / "notifications").mkdir()
    monkeypatch.chdir(tmp_path)
    looked, added, found = (
        CliRunner().invoke(notify, ("suppress", *words), prog_name="notify")
        for words in (("list",), ("add", "ada@example.com"), ("list",))
    )

    assert (2, "Error: there is no database ") == (looked.exit_code, looked.stderr[:28])
    assert 0 == added.exit_code
    assert "ada@example.com" in found.stdout


def test_help_names_the_reasons() -> None:
    """As the list has them."""
    from notify.cli.suppress.options import REASONS
    from notify.suppression import Reason

    assert list(REASONS) == list(Reason)
    assert all(f"{reason} " in CliRunner().invoke(notify, ("suppress", "--help")).stdout for reason in REASONS)
