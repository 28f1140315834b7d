"""`notify schema`, and the modelines that lead editors to what it writes."""

from __future__ import annotations

import json
import re
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

FILES = ["definition.schema.json", "notify.schema.json"]


def test_a_new_project_has_them(run: Run, project: Path) -> None:
    """`notify init` writes them, and they are current."""
    result = run("schema", "--check")

    assert FILES == sorted(path.name for path in (project / "schemas").iterdir())
    assert (0, "Everything is current.\n") == (result.exit_code, result.stderr)


def test_every_file_of_a_new_project_names_its_schema(run: Run, project: Path) -> None:
    """The first line leads there, also from a folder below; where there is no schema, there is no such line."""
    assert 0 == run("new", "billing.eu.paid").exit_code
    found = {}
    for path in (project / "notify.yaml", *(project / "notifications").rglob("*.yaml")):
        line = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", path.read_text("utf-8").splitlines()[0])
        assert line
        found[path.name] = (path.parent / line[1]).resolve().relative_to(project.resolve()).as_posix()
    for path in (project / "schemas").iterdir():
        path.unlink()
    run("new", "plain")

    assert {
        "notify.yaml": "schemas/notify.schema.json",
        "welcome.yaml": "schemas/definition.schema.json",
        "paid.yaml": "schemas/definition.schema.json",
    } == found
    assert (project / "notifications/plain.yaml").read_text("utf-8").startswith("description:")


def test_a_file_that_is_not_current(run: Run, project: Path) -> None:
    """`--check` shows how it differs and writes nothing; without, it is written, and the other one kept."""
    (project / "templates" / "other.html").write_text("<p>")
    before = (project / "schemas/definition.schema.json").read_text("utf-8")
    stale = run("schema", "--check")

    assert 1 == stale.exit_code
    assert '+            "other.html",' in stale.stdout
    assert "schemas/definition.schema.json is not current" in stale.stderr
    assert before == (project / "schemas/definition.schema.json").read_text("utf-8")
    assert "wrote  schemas/definition.schema.json\n" == run("schema").stdout
    assert 0 == run("schema", "--check").exit_code


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("kind", "key"), [("definition", "subject"), ("configuration", "environments")])
def test_one_of_them_is_printed(run: Run, kind: str, key: str) -> None:
    """A kind alone goes to stdout."""
    assert key in json.loads(run("schema", kind).stdout)["properties"]


def test_another_folder(run: Run, project: Path) -> None:
    """`--output` says where, and a kind which; a file that is not there is told."""
    assert 0 == run("schema", "definition", "--output", "other/place").exit_code
    missing = run("schema", "--output", "other/place", "--check")

    assert ["definition.schema.json"] == [path.name for path in (project / "other/place").iterdir()]
    assert 1 == missing.exit_code
    assert "other/place/notify.schema.json is not there" in missing.stderr


@pytest.mark.usefixtures("project")
def test_a_kind_that_there_is_not(run: Run) -> None:
    """It is an error that names those there are."""
    result = run("schema", "definitions")

    assert 2 == result.exit_code
    assert "there is no schema 'definitions' (did you mean 'definition'?" in result.stderr


def test_a_long_difference_is_cut(run: Run, project: Path) -> None:
    """The first lines are enough to see what it is about."""
    (project / "schemas/notify.schema.json").write_text("{}\n")
    result = run("schema", "configuration", "--check")

    assert 21 == len(result.stdout.splitlines())
    assert re.fullmatch(r"\.\.\. and [\d,]+ more lines", result.stdout.splitlines()[-1])


def test_a_broken_plugin_keeps_nobody_from_starting(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`notify init` leaves out the schemas then, and says why."""
    entry = EntryPoint("bad", "nothing_of_that_name", "notify")
    monkeypatch.setattr("notify.plugins.loading.entry_points", lambda group: [entry])  # noqa: ARG005
    result = run("init", str(tmp_path / "new"))

    assert 0 == result.exit_code
    assert (tmp_path / "new/notify.yaml").is_file()
    assert not (tmp_path / "new/schemas").exists()
    assert "The schemas for editors were not written: " in result.stderr


def test_faulty_definitions_do_no_harm(run: Run, project: Path) -> None:
    """The schema helps to put them right, so that it must not need them."""
    (project / "notifications/bad.yaml").write_text("sbject: x\n")

    assert 0 == run("schema").exit_code


def test_a_place_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, with the reason."""
    folder = tmp_path / "locked"
    assert 0 == run("init", str(folder)).exit_code
    monkeypatch.chdir(folder)
    (folder / "file").write_text("x")
    result = run("schema", "--output", "file/below")

    assert 1 == result.exit_code
    assert "cannot write" in result.stderr
