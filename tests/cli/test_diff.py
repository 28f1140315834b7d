"""`notify diff`."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


def git(folder: Path, *arguments: str) -> None:
    """Run git as nobody in particular."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@acme.example", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def change(folder: Path, old: str, new: str) -> None:
    """Change the notification."""
    path = folder / "notifications/welcome.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def repository(project: Path) -> Path:
    """A project whose first commit is what `notify init` wrote."""
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "first")
    return project


def test_nothing_changed(run: Run, repository: Path) -> None:
    """Then it says so, and all is well."""
    result = run("diff", "HEAD")

    assert (0, "Nothing changed.\n") == (result.exit_code, result.stdout)
    assert [] == list(repository.parent.glob("notify-diff-*"))


def test_the_files_of_now(run: Run, repository: Path) -> None:
    """A param that is required now breaks callers and what is queued; the place is that of now."""
    change(repository, "  name: str\n", "  name: str\n  plan: str\n")
    result = run("diff", "main")

    assert 1 == result.exit_code
    assert (
        "notifications/welcome.yaml:5:9: breaks callers and what is queued: welcome: the param plan (str, required) "
        "is new [param-added]\n"
        "1 breaking change (1 for callers, 1 for what is queued), 0 safe changes.\n"
    ) == result.stdout


@pytest.mark.parametrize(
    ("new", "fail_on", "code"),
    [
        ("plan: str", "breaking", 1),
        ("plan: str", "any", 1),
        ("plan: str", "never", 0),
        ("plan: {type: str, default: a}", "breaking", 0),
        ("plan: {type: str, default: a}", "any", 1),
    ],
)
def test_what_fails(run: Run, repository: Path, new: str, fail_on: str, code: int) -> None:
    """`--fail-on` says which changes count."""
    change(repository, "  name: str\n", f"  name: str\n  {new}\n")

    assert code == run("diff", "HEAD", "--fail-on", fail_on).exit_code


def test_two_revisions(run: Run, repository: Path) -> None:
    """What was done since the second one is left out; JSON names both."""
    change(repository, "Welcome to", "Hello from")
    git(repository, "commit", "-qam", "second")
    change(repository, "name: str", "name: int")
    result = run("diff", "HEAD~1", "HEAD", "--format", "json")
    document = json.loads(result.stdout)

    assert 0 == result.exit_code
    assert ("HEAD~1", "HEAD") == (document["old"], document["new"])
    assert ["subject-changed"] == [each["kind"] for each in document["changes"]]
    assert result.stdout == run("diff", "HEAD~1", "HEAD", "--json").stdout


def test_markdown(run: Run, repository: Path) -> None:
    """It can be put into a pull request."""
    change(repository, "  link: {", "  url: {")
    result = run("diff", "HEAD", "--format", "markdown")

    assert 1 == result.exit_code
    assert result.stdout.startswith("### Notifications: `HEAD` to the working tree\n")
    assert "| callers | `welcome` | the param link is gone | `notifications/welcome.yaml:1` |\n" in result.stdout


def test_links_lead_nowhere(run: Run, repository: Path) -> None:
    """A link of an earlier revision that leads out of the project is no file of it."""
    (repository / "templates/outside.html").symlink_to("/etc/passwd")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "second")

    assert "Nothing changed.\n" == run("diff", "HEAD", "HEAD~1").stdout


def test_what_cannot_be_compared(run: Run, repository: Path) -> None:
    """An unknown revision, and one whose definitions are wrong, are told with its name."""
    unknown = run("diff", "nothing")
    change(repository, "subject:", "sbject:")
    git(repository, "commit", "-qam", "wrong")
    wrong = run("diff", "HEAD")

    assert (2, 2) == (unknown.exit_code, wrong.exit_code)
    assert "Error: git knows no such revision" in unknown.stderr
    assert "HEAD:notifications/welcome.yaml:" in wrong.stderr
