"""Which files have changed since a git revision."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from notify.configuration import Configuration
from notify.revisions import Repository

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str) -> None:
    """Run git as nobody in particular."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@acme.example", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def changed_since(base: Path, revision: str) -> set[str]:
    """What changed below a folder."""
    repository = Repository(Configuration(base=base, path=base / "notify.yaml"))
    return repository.changed(repository.commit(revision))


def test_what_changed(tmp_path: Path) -> None:
    """Changed, new and removed files below the folder count, by their path from there; ignored ones do not."""
    base = tmp_path / "mails"
    (base / "in").mkdir(parents=True)
    for name in ("same", "changed", "in/gone", "ü"):
        (base / name).write_text(name)
    (tmp_path / "outside").write_text("x")
    (base / ".gitignore").write_text("ignored\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    for name in ("changed", "ü", "../outside", "new file", "ignored"):
        (base / name).write_text("something else")
    (base / "in/gone").unlink()
    git(tmp_path, "add", "mails/changed")

    assert {"changed", "in/gone", "ü", "new file"} == changed_since(base, "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "second")
    assert set() == changed_since(base, "HEAD")
    assert "ü" in changed_since(base, "HEAD~1")
