"""`notify init`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli.running import mails

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from cli.running import Run

FILES = {
    ".env.example", ".gitignore", "notifications/welcome.yaml", "notify.yaml", "schemas/definition.schema.json",
    "schemas/notify.schema.json", "templates/welcome.html",
}  # fmt: skip


def files(folder: Path) -> set[str]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_in_an_empty_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes a project, lists the files, and names the next three commands."""
    monkeypatch.chdir(tmp_path)

    result = run("init")

    assert 0 == result.exit_code
    assert FILES == files(tmp_path)
    assert {f"wrote  {name}" for name in FILES} == set(result.stdout.splitlines())
    next_ones = ["notify list", "notify render welcome", "notify preview", "notify send welcome --to a@example.com"]
    assert next_ones == [line.strip() for line in result.stderr.splitlines()[-4:]]


def test_the_next_commands_work(run: Run, project: Path) -> None:
    """What it leaves can be listed, rendered and sent at once; `notify preview` has tests of its own."""
    results = [run("list"), run("render", "welcome"), run("send", "welcome", "--to", "a@example.com")]

    assert [0, 0, 0] == [result.exit_code for result in results]
    assert "welcome" in results[0].stdout
    assert "Welcome to Example Shop, Ada" in results[1].stdout
    assert 1 == len(mails(project))


def test_in_another_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that there is not yet is made, and the next command goes there."""
    monkeypatch.chdir(tmp_path)

    result = run("init", "my shop")

    assert FILES == files(tmp_path / "my shop")
    assert "cd 'my shop'" in result.stderr


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    """A file that exists is kept, and told."""
    (tmp_path / ".gitignore").write_text("mine\n")

    result = run("init", str(tmp_path))

    assert 0 == result.exit_code
    assert "mine\n" == (tmp_path / ".gitignore").read_text()
    assert f"kept   {tmp_path / '.gitignore'}, which exists" in result.stderr
    assert FILES == files(tmp_path)


def test_a_project_is_left_alone(run: Run, project: Path) -> None:
    """In a project, nothing is written."""
    (project / "templates" / "welcome.html").unlink()

    result = run("init")

    assert 2 == result.exit_code
    assert "notify.yaml exists: this is a project already" in result.stderr
    assert not (project / "templates" / "welcome.html").exists()


def test_what_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    """A file where a folder should be is one clear message."""
    (tmp_path / "notifications").write_text("in the way")

    result = run("init", str(tmp_path))

    assert 1 == result.exit_code
    assert f"cannot write {tmp_path / 'notifications' / 'welcome.yaml'}" in result.stderr


def test_secrets_stay_out_of_git(project: Path) -> None:
    """The example of .env holds no key, and .env and the mails are ignored."""
    ignored = (project / ".gitignore").read_text().split()

    assert [".env", ".notify/"] == ignored
    assert "SENDGRID_API_KEY=\n" in (project / ".env.example").read_text()
    assert os.access(project / "notify.yaml", os.W_OK)
