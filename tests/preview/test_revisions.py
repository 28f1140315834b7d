"""A project as it was at a git revision, of a real repository."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from preview.serving import desk_of
from preview.shop import FILES, shop

from notify import Notifier
from notify.configuration import Configuration
from notify.errors import ConfigError, DefinitionError
from notify.preview.project import Project
from notify.preview.revisions import Revisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, check=True)  # noqa: S607


def commit(folder: Path, name: str, text: str) -> None:
    """Commit another text of a file, under a tag of the file's name."""
    (folder / name).write_text(text)
    git(folder, "add", "-A", ".")
    git(folder, "commit", "-qm", name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project below the top of a repository, which has links too."""
    folder = shop(tmp_path / "repo" / "mails")
    git(tmp_path / "repo", "init", "-q")
    (folder / "outside").symlink_to("/etc/passwd")
    (folder / "templates/inside.html").symlink_to("welcome.html")
    commit(folder, "templates/parts/footer.html", "<p>First</p>")
    return folder


@pytest.fixture
def revisions(folder: Path) -> Iterator[Revisions]:
    """The revisions of the project."""
    desk = desk_of(folder)
    yield desk.revisions
    desk.close()


def subject(notifier: Notifier) -> str:
    """The subject of a mail of some notifier."""
    params = {"name": "Ada", "link": "https://example.com/"}
    return notifier.render("welcome", to="a@example.com", params=params).subject


def test_each_revision_has_its_files(folder: Path, revisions: Revisions) -> None:
    """Definitions, templates and notify.yaml are those of the revision; each is read once."""
    commit(folder, "notify.yaml", FILES["notify.yaml"].replace("name: Shop", "name: Store"))
    (folder / "notify.yaml").write_text(FILES["notify.yaml"].replace("name: Shop", "name: Now"))
    first, second = revisions.notifier("HEAD~1"), revisions.notifier("HEAD")

    assert ("Welcome to Shop, Ada", "Welcome to Store, Ada") == (subject(first), subject(second))
    assert second is revisions.notifier("main")
    assert second is revisions.notifier("HEAD^{commit}")


def test_only_so_many_are_kept(folder: Path, revisions: Revisions) -> None:
    """Old ones give way, and their files are gone at the end."""
    for number in range(4):
        commit(folder, "notifications/plain.yaml", f"subject: '{number}'\ntext: |\n  x\n")
    before = revisions.notifier("HEAD~4")
    for number in range(4):
        revisions.notifier(f"HEAD~{number}")
    place = before.configuration.base

    assert 3 == len(revisions._kept)
    assert place.is_dir()
    assert before is not revisions.notifier("HEAD~4")
    revisions.close()
    assert not place.exists()


def test_links_lead_nowhere(revisions: Revisions) -> None:
    """A link inside of the project is one; what leads out is left out."""
    base = revisions.notifier("HEAD").configuration.base

    assert (base / "templates/inside.html").read_text().startswith("{% extends")
    assert not (base / "outside").exists()
    assert not (base / "outside").is_symlink()


@pytest.mark.parametrize(
    "revision",
    ["nothing", "", "--output=x", "-x", "--help", "HEAD:notify.yaml", "HEAD..HEAD", "a\0b", "HEAD\n", "../..",
     "é" * 100, "HEAD^{tree}", "@{-1000000}", "$(touch x)", "HEAD^{/x"],
)  # fmt: skip
def test_what_is_no_revision(folder: Path, revisions: Revisions, revision: str) -> None:
    """Whatever is asked for, git takes it as the name of a revision, and finds none."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(ConfigError, match=r"^git knows no such revision"):
        revisions.notifier(revision)

    assert before == sorted(folder.rglob("*"))


def test_what_was_not_there(tmp_path: Path, revisions: Revisions, folder: Path) -> None:
    """A revision before notify.yaml, and faults that definitions had, are said."""
    git(tmp_path / "repo", "rm", "-q", "--cached", "mails/notify.yaml")
    git(tmp_path / "repo", "commit", "-qm", "without")
    with pytest.raises(ConfigError, match=r"there was no notify.yaml here at HEAD"):
        revisions.notifier("HEAD")
    commit(folder, "notifications/plain.yaml", "subject: [\n")
    with pytest.raises(DefinitionError):
        revisions.notifier("HEAD")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository, no git and no notify.yaml are errors that say so."""
    revisions = Revisions(desk_of(shop(tmp_path)).project)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ConfigError, match="git knows no such revision"):
        revisions.notifier("HEAD")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="git is not there"):
        revisions.notifier("HEAD")
    without = Project(Notifier(configuration=Configuration.default(tmp_path)), follow=False)
    with pytest.raises(ConfigError, match=r"there is no notify.yaml"):
        Revisions(without).notifier("HEAD")
    revisions.close()


def test_git_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that waits for something is given up."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("notify.revisions._PATIENCE", 0.1)

    with pytest.raises(ConfigError, match=r"git takes longer than 0.1 seconds"):
        Revisions(desk_of(shop(tmp_path / "shop")).project).notifier("HEAD")


def test_what_is_not_of_the_project_is_not_read(folder: Path, revisions: Revisions) -> None:
    """A repository may hold much besides; only notify.yaml and the folders that it names are taken out of it."""
    commit(folder, "huge.bin", "x" * 1000)
    base = revisions.notifier("HEAD").configuration.base

    assert (base / "notify.yaml").is_file()
    assert (base / "templates" / "welcome.html").is_file()
    assert not (base / "huge.bin").exists()
