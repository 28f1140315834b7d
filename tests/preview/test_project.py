"""The project behind the preview: definitions as their files are now, or were when they were last right."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from preview.shop import FILES, shop

from notify import Catalog, Notifier
from notify.configuration import Configuration
from notify.errors import UnknownNotificationError
from notify.preview.project import Project, candidates, modified
from notify.resources import templates_folder

if TYPE_CHECKING:
    from pathlib import Path


def project_of(folder: Path, *, follow: bool = True) -> Project:
    """A project that can load its notify.yaml again."""

    def load() -> Notifier:
        return Notifier(configuration=Configuration.load(folder), catalog=Catalog())

    return Project(load(), load=load, follow=follow)


def test_entries_are_sorted(tmp_path: Path) -> None:
    """All definitions by id, each with its file; an unknown one is told with its nearest."""
    project = project_of(shop(tmp_path))

    with pytest.raises(UnknownNotificationError, match=r"welcome"):
        project["welcom"]

    assert ["billing.receipt", "hostile", "plain", "welcome"] == list(project.entries) == list(project.notifier.catalog)
    assert tmp_path / "notifications/plain.yaml" == project["plain"].path
    assert set() == project.refresh()


def test_a_refresh_says_what_is_another(tmp_path: Path) -> None:
    """Changed, new and removed ones are named once; the others keep their very definitions."""
    project = project_of(shop(tmp_path))
    before = project["welcome"]
    (tmp_path / "notifications/new.yml").write_text("subject: New\ntext: |\n  x\n")
    (tmp_path / "notifications/hostile.yaml").unlink()
    (tmp_path / "notifications/plain.yaml").write_text("subject: Other\ntext: |\n  x\n")

    assert {"new", "hostile", "plain"} == project.refresh()
    assert set() == project.refresh()
    assert before is project["welcome"]
    assert "new" in project.notifier.catalog
    assert "hostile" not in project.notifier.catalog


def test_a_faulty_file_keeps_what_was_right(tmp_path: Path) -> None:
    """The last good definition stays in the catalog, marked as stale, until the file is mended or goes."""
    project = project_of(shop(tmp_path))
    good = project["plain"].definition
    path = tmp_path / "notifications/plain.yaml"
    path.write_text("subject: [\n")
    first, broken = project.refresh(), project["plain"]
    path.write_text("subjects: x\n")
    second, worse = project.refresh(), project["plain"]
    path.write_text("subject: Mended\ntext: |\n  x\n")
    project.refresh()

    assert {"plain"} == first == second
    assert (True, good) == (broken.stale, broken.definition) == (worse.stale, worse.definition)
    assert broken.faults != worse.faults
    assert (False, ()) == (project["plain"].stale, project["plain"].faults)


def test_one_that_was_never_right(tmp_path: Path) -> None:
    """It is an entry without a definition, and costs no new notifier at each look."""
    shop(tmp_path)
    (tmp_path / "notifications/bad.yaml").write_text("subject: [\n")
    project = project_of(tmp_path)
    before = project.notifier
    project.refresh()

    assert (None, False) == (project["bad"].definition, project["bad"].stale)
    assert before is project.notifier
    assert "bad" not in project.notifier.catalog


def test_samples_that_do_not_fit(tmp_path: Path) -> None:
    """A definition whose samples are wrong can be used; the faults are its own."""
    project = project_of(
        shop(
            tmp_path, **{"notifications/plain.yaml": "subject: x\ntext: |\n  x\nparams: {n: int}\nsamples: {a: {n: x}}"}
        )
    )

    assert project["plain"].definition is not None
    assert 1 == len(project["plain"].faults)
    assert project["plain"].stale is False


def test_names_that_are_none(tmp_path: Path) -> None:
    """What is wrong with a file's name is trouble of the project, until it is renamed."""
    project = project_of(shop(tmp_path, **{"notifications/Bad Name.yaml": "subject: x\ntext: |\n  x\n"}))
    trouble = project.trouble
    (tmp_path / "notifications/Bad Name.yaml").unlink()
    project.refresh()

    assert "cannot be part of an id" in str(trouble)
    assert project.trouble is None


def test_notify_yaml_again(tmp_path: Path) -> None:
    """Another notify.yaml gives another notifier; a broken one is trouble, and keeps the last good one."""
    project = project_of(shop(tmp_path))
    (tmp_path / "notify.yaml").write_text("nonsense: [")
    project.refresh()
    trouble, kept = project.trouble, project.notifier
    project.refresh()
    again = project.trouble
    (tmp_path / "notify.yaml").write_text(FILES["notify.yaml"].replace("name: Shop", "name: Store"))
    project.refresh()

    assert trouble is not None
    assert trouble is again
    assert "Shop" == kept.globals["brand"]["name"]
    assert (None, "Store") == (project.trouble, project.notifier.globals["brand"]["name"])
    assert 4 == len(project.notifier.catalog)


def test_types_of_notify_yaml_reach_definitions(tmp_path: Path) -> None:
    """Definitions are read again with the types that notify.yaml shares."""
    shop(tmp_path)
    (tmp_path / "notifications/typed.yaml").write_text("subject: x\ntext: |\n  x\nparams: {item: Item}\n")
    project = project_of(tmp_path)
    before = project["typed"].definition
    (tmp_path / "notify.yaml").write_text(FILES["notify.yaml"] + "types: {Item: {name: str}}\n")

    assert before is None
    assert "typed" in project.refresh()
    assert project["typed"].definition is not None


def test_reload_without_a_change(tmp_path: Path) -> None:
    """A reload makes a new notifier even where notify.yaml is as it was; without `load` it does nothing."""
    project = project_of(shop(tmp_path))
    before = project.notifier
    project.reload()
    after = project.notifier
    fixed = Project(after)
    fixed.reload()

    assert before is not after
    assert before.configuration == after.configuration
    assert fixed.notifier.configuration is after.configuration


def test_what_is_not_followed(tmp_path: Path) -> None:
    """Without following, the entries are the notifier's own definitions, whatever files say."""
    shop(tmp_path)
    notifier = Notifier(configuration=Configuration.load(tmp_path))
    project = Project(notifier, follow=False)
    (tmp_path / "notifications/plain.yaml").unlink()

    assert set() == project.refresh()
    assert list(notifier.catalog) == list(project.entries)
    assert notifier.transports is project.notifier.transports


def test_sources_are_kept_for_a_moment(tmp_path: Path) -> None:
    """Which templates there are is looked up once in a moment, or once until it is said that some are new."""
    project = project_of(shop(tmp_path))
    first = project.sources()
    same = project.sources()
    project.followed = True
    project.forget_sources()

    assert first is same
    assert first is not project.sources()


def test_where_templates_may_lie(tmp_path: Path) -> None:
    """A name may be a file of each folder, and what begins with `notify/` also one that ships."""
    project = project_of(shop(tmp_path))

    assert [
        tmp_path / "templates/a.html",
        tmp_path / "templates/notify/base.html",
        templates_folder() / "notify/base.html",
    ] == candidates(project.notifier, ["a.html", "notify/base.html"])


def test_times_of_files(tmp_path: Path) -> None:
    """A file that is not there, or cannot be, has no time of change."""
    assert isinstance(modified(tmp_path), int)
    assert modified(tmp_path / "none") is None
    assert modified("a\0b") is None


def test_many_threads(tmp_path: Path) -> None:
    """Threads that refresh while files change see whole states only, and each change is told to one of them."""
    project = project_of(shop(tmp_path))
    told: list[set[str]] = []
    failed: list[BaseException] = []

    def refresh() -> None:
        try:
            for _ in range(30):
                told.append(project.refresh())
                assert 4 == len(project.notifier.catalog)
        except BaseException as error:  # noqa: BLE001 - whatever it is
            failed.append(error)

    threads = [threading.Thread(target=refresh) for _ in range(4)]
    (tmp_path / "notifications/plain.yaml").write_text("subject: Other\ntext: |\n  x\n")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == failed
    assert [{"plain"}] == [each for each in told if each]
