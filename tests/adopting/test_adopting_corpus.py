"""Templates as they are found in applications become notifications that render and have no finding of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from adopting.adopted import CORPUS, Project

from notify import Catalog, Notifier
from notify.adopting import adopt
from notify.configuration import Configuration

FILES = sorted(CORPUS.glob("*.html"))
SHOP = Path(__file__).parents[2] / "examples" / "shop"
MAILS = ["invoice", "new_sign_in", "order_confirmation", "password_reset", "welcome"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that has adopted every template of the corpus."""
    project = Project.new(tmp_path_factory.mktemp("adopted") / "shop")
    for file in FILES:
        project.adopt(file)
    return project


def test_the_corpus_is_large() -> None:
    """There are enough templates to say something."""
    assert len(FILES) >= 25


def test_no_definition_or_template_has_a_finding(project: Project) -> None:
    """`notify check` finds nothing wrong with what was written, not even a warning."""
    assert [] == project.findings()


@pytest.fixture(scope="module")
def notifier(project: Project) -> Notifier:
    """The project's notifier, with what was adopted."""
    return project.notifier()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sample_renders(notifier: Notifier, file: Path) -> None:
    """Every sample of an adopted notification makes a mail with both parts and a subject."""
    name = file.stem.replace("-", "_")
    for sample in notifier.catalog[name].samples.values():
        message = notifier.render(name, to="ada@acme.example", params=sample.params)

        assert message.html
        assert message.text
        assert message.subject
        assert "None" not in message.text


def test_what_a_template_includes_comes_along(project: Project) -> None:
    """A template that is brought from elsewhere brings those that it extends, includes and imports."""
    brought = {path.name for path in (project.folder / "templates" / "shared").iterdir()}

    assert {"layout.html", "footer.html", "macros.html"} == brought


@pytest.mark.parametrize("name", MAILS)
def test_what_a_person_declared_is_inferred_again(name: str, tmp_path: Path) -> None:
    """For the templates of the example, the same params and types come out that its definitions declare."""
    configuration = Configuration.load(SHOP / "notify.yaml")
    notifier = Notifier(configuration=configuration, catalog=Catalog(()), transport="null:")
    adoption = adopt(notifier, SHOP / "templates" / f"{name}.html", name="adopted.mail")
    (tmp_path / "adopted").mkdir()
    (tmp_path / "adopted" / "mail.yaml").write_text(next(iter(adoption.files.values())), encoding="utf-8")
    inferred = replace(configuration, notifications=(tmp_path,)).catalog()["adopted.mail"].contract
    declared = configuration.catalog()[name].contract

    assert inferred is not None
    assert declared is not None
    expected = {key: param.annotation for key, param in declared.params.items()}
    # Nothing in the template says that it is a number.
    guessed = {"shipping": "str"} if name == "order_confirmation" else {}
    assert expected | guessed == {key: param.annotation for key, param in inferred.params.items()}
