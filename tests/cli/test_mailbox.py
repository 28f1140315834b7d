"""`notify mailbox`."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from cli.running import mails

from notify.preview.mailbox import Mailbox

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

EVIL = (
    b"From: a@example.com\nTo: b@example.com\nSubject: =?utf-8?q?evil_=1B[31m=E2=80=AE?=\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>\x1b[2J</p>\n"
    b"--b\nContent-Type: application/pdf; name=a.pdf\n\nxyz\n--b\nContent-Type: image/png\n\nx\n--b--\n"
)


@pytest.fixture
def box(project: Path, run: Run) -> Mailbox:
    """The mailbox of a project with three mails, the last of another program."""
    assert run("send", "welcome", "--to", "ada@example.com", "--yes").exit_code == 0
    assert run("send", "welcome", "--to", "zoe@example.com", "--yes", "--set", "name=Zoe").exit_code == 0
    mailbox = Mailbox([project / ".notify" / "mail"])
    mailbox.add(EVIL, envelope_sender="", recipients=["b@example.com"])
    return mailbox


def ids(run: Run, *arguments: str) -> list[str]:
    """The ids that `notify mailbox list` prints."""
    return [mail["id"] for mail in json.loads(run("mailbox", "list", "--json", *arguments).stdout)]


@pytest.mark.usefixtures("project")
def test_an_empty_mailbox(run: Run) -> None:
    """It is no error that there are no mails."""
    result = run("mailbox", "list")

    assert (0, "", "No mail is found.\n") == (result.exit_code, result.stdout, result.stderr)
    assert [] == ids(run)


def test_lists_the_newest_first(run: Run, box: Mailbox) -> None:
    """A line for each mail; what a mail says cannot steer the terminal."""
    lines = run("mailbox", "list").stdout.splitlines()

    assert ["ID", "RECEIVED", "FROM", "TO", "SUBJECT"] == lines[0].split()
    assert ["evil" in lines[1], "Zoe" in lines[2], "Ada" in lines[3]] == [True] * 3
    assert "\x1b" not in "".join(lines)
    assert "\u202e" not in "".join(lines)
    assert [mail.id for mail in box.list()[0]] == ids(run)


@pytest.mark.usefixtures("box")
def test_lists_what_a_query_finds(run: Run) -> None:
    """The words of a query may be several arguments, and one with blanks is one phrase."""
    limited = run("mailbox", "list", "--limit", "1")

    assert 1 == len(ids(run, "zoe"))
    assert 2 == len(ids(run, "type:welcome"))
    assert 1 == len(ids(run, "type:welcome", "--", "-to:zoe"))
    assert 1 == len(ids(run, "type:welcome", "example shop, zoe"))
    assert 0 == len(ids(run, "type:welcome", "subject:shop zoe"))
    assert 0 == len(ids(run, '"shop zoe"'))
    assert 2 == len(ids(run, "example shop"))
    assert "1 of 3 mails; --limit shows more.\n" == limited.stderr


@pytest.mark.usefixtures("project")
def test_a_wrong_query(run: Run) -> None:
    """It is told as an error of the call."""
    for command in ("list", "wait"):
        result = run("mailbox", command, "after:tomorrow")

        assert 2 == result.exit_code
        assert "search: after: expected a date" in result.stderr


def test_shows_a_mail(run: Run, box: Mailbox) -> None:
    """Its envelope, its headers and its text; by default the latest has none of what would steer the terminal."""
    (_, zoe, _), _ = box.list()
    shown = run("mailbox", "show", zoe.id).stdout
    latest = run("mailbox", "show", "latest").stdout

    assert shown.startswith(
        "Envelope: hello@example.com to zoe@example.com\nFrom:     Example Shop <hello@example.com>\n"
    )
    assert "Subject:  Welcome to Example Shop, Zoe\n\n" in shown
    assert "Welcome, Zoe" in shown
    assert "Envelope: <> to b@example.com\n" in latest
    assert "<p>\\x1b[2J</p>\n\n[application/pdf a.pdf, 3 B]\n[image/png, 1 B]\n" in latest


def test_shows_one_part(run: Run, project: Path, box: Mailbox) -> None:
    """The text, the HTML, the file's octets, or all of it as JSON."""
    (_, zoe, _), _ = box.list()
    text, html, eml, document = (
        run("mailbox", "show", zoe.id, "--format", form) for form in ("text", "html", "eml", "json")
    )
    none = run("mailbox", "show", "latest", "--format", "text")

    assert "Welcome, Zoe" in text.stdout
    assert html.stdout.startswith("<!DOCTYPE")
    assert mails(project)[1].read_bytes() == eml.stdout_bytes
    assert (text.stdout, html.stdout) == (json.loads(document.stdout)["text"], json.loads(document.stdout)["html"])
    assert "Subject" in [header["name"] for header in json.loads(document.stdout)["headers"]]
    assert (2, True) == (none.exit_code, "the mail has no text part" in none.stderr)


@pytest.mark.parametrize("identifier", ["latest", "nothing", "../notify.yaml"])
@pytest.mark.usefixtures("project")
def test_a_mail_that_there_is_not(run: Run, identifier: str) -> None:
    """It says so, and where to look."""
    result = run("mailbox", "show", identifier)

    assert 2 == result.exit_code
    assert f"there is no mail {identifier!r}; `notify mailbox list`" in result.stderr


def test_waits_for_a_mail(run: Run, box: Mailbox) -> None:
    """One that is there is printed at once; one that comes, as soon as it does."""
    there = run("mailbox", "wait", "to:zoe")
    timer = threading.Timer(
        0.3, box.add, [b"Subject: later\n\n"], {"envelope_sender": "a@example.com", "recipients": ["b@example.com"]}
    )
    timer.start()
    later = run("mailbox", "wait", "subject:later", "--json", "--timeout", "20")
    timer.join()

    assert "zoe@example.com" in there.stdout
    assert "later" == json.loads(later.stdout)["subject"]


@pytest.mark.usefixtures("box")
def test_waits_in_vain(run: Run) -> None:
    """The exit code says so."""
    result = run("mailbox", "wait", "subject:never", "--timeout", "0.2")

    assert (1, "") == (result.exit_code, result.stdout)
    assert "No such mail came within 0.2 seconds.\n" == result.stderr


def test_deletes_mails(run: Run, box: Mailbox) -> None:
    """By id, by query, or all; it says how many."""
    first, second, _ = ids(run)
    one = run("mailbox", "delete", first, "nothing")
    by_query = run("mailbox", "delete", "--query", "to:zoe")
    none = run("mailbox", "delete", second)
    everything = run("mailbox", "delete", "--all")

    assert (2, True) == (one.exit_code, one.stderr.startswith("Deleted 1 mail.\nError: there is no mail 'nothing'"))
    assert (0, "Deleted 1 mail.\n") == (by_query.exit_code, by_query.stderr)
    assert 2 == none.exit_code
    assert (0, "Deleted 1 mail.\n") == (everything.exit_code, everything.stderr)
    assert ((), 0) == box.list()


@pytest.mark.parametrize(
    "arguments", [[], ["--all", "some"], ["--query", "x", "--all"], ["--query", " "], ["--query", "x", "some"]]
)
def test_deletes_nothing_by_accident(run: Run, box: Mailbox, arguments: list[str]) -> None:
    """Which mails are meant is said in exactly one way."""
    result = run("mailbox", "delete", *arguments)

    assert 2 == result.exit_code
    assert "give ids, or --query QUERY, or --all" in result.stderr
    assert 3 == box.list()[1]


def test_the_folders_of_another_environment(run: Run, project: Path) -> None:
    """The global options may stand at the end; faulty definitions do no harm."""
    (project / "notifications" / "welcome.yaml").write_text("nonsense: [")
    Mailbox([project / "kept"]).add(EVIL, envelope_sender="", recipients=[])

    assert 1 == len(ids(run, "--transport", "file:kept"))
    assert 0 == len(ids(run))
