"""`notify new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


def test_a_new_notification_renders(run: Run, project: Path) -> None:
    """It writes a definition and a template, and the command that it names next works."""
    result = run("new", "billing.paid_late")
    rendered = run("render", "billing.paid_late")

    assert "wrote  notifications/billing/paid_late.yaml\nwrote  templates/billing/paid_late.html\n" == result.stdout
    assert "notify render billing.paid_late" in result.stderr
    assert (project / "notifications" / "billing" / "paid_late.yaml").is_file()
    assert "Subject:  Paid late for Ada\n" in rendered.stdout


@pytest.mark.parametrize("name", ["Welcome", "2fa", "a..b", "../a", "a/b", ".a", "a-b", ""])
@pytest.mark.usefixtures("project")
def test_a_name_that_cannot_be(run: Run, name: str) -> None:
    """A name that is no id is refused."""
    result = run("new", name)

    assert 2 == result.exit_code
    assert "cannot be a name" in result.stderr


@pytest.mark.parametrize("existing", ["notifications/a.yaml", "notifications/a.yml", "templates/a.html"])
def test_nothing_is_overwritten(run: Run, project: Path, existing: str) -> None:
    """Where the definition or the template exists, nothing is written."""
    (project / existing).write_text("mine")

    result = run("new", "a")

    assert 2 == result.exit_code
    assert "exists; nothing was written" in result.stderr
    assert "mine" == (project / existing).read_text()
    assert 1 == len([*project.rglob("a.yaml"), *project.rglob("a.yml"), *project.rglob("a.html")])


def test_a_project_without_folders(run: Run, project: Path) -> None:
    """Where notify.yaml names no folder, there is no place to write to."""
    (project / "notify.yaml").write_text("notifications: []\n")

    result = run("new", "a")

    assert 2 == result.exit_code
    assert "names no folder under `notifications`" in result.stderr


def test_what_cannot_be_written_leaves_nothing(run: Run, project: Path) -> None:
    """Where the template has no place, the definition is not left alone."""
    (project / "templates" / "billing").write_text("in the way")

    result = run("new", "billing.paid")

    assert 1 == result.exit_code
    assert "cannot write" in result.stderr
    assert "" == result.stdout
    assert not list(project.rglob("paid.yaml"))
