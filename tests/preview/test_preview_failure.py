"""An error as a person looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preview.serving import desk_of
from preview.shop import SECRET, shop

from notify import Notifier
from notify.configuration import Configuration
from notify.errors import ConfigError, DefinitionError, Fault, Location, NotifyError
from notify.preview.failure import Explainer, Failure
from notify.preview.state import NO_SAMPLE, State

if TYPE_CHECKING:
    from pathlib import Path


def failure(folder: Path, sample: str = "default", **files: str) -> Failure:
    """Why `welcome` cannot be shown."""
    desk = desk_of(shop(folder, **files))
    found = desk.failure(desk.renderings.of(State(notification="welcome", sample=sample)))
    desk.close()
    assert found is not None
    return found


def test_a_template(tmp_path: Path) -> None:
    """Its place, the lines around it, what was probably meant, by way of what, and what was in scope with its type."""
    template = '{% extends "layouts/shop.html" %}\n{% block content %}\n<b>\n{{ nmae }}\n</b>\n{% endblock %}\n'
    found = failure(tmp_path, **{"templates/welcome.html": template})
    (problem,) = found.problems
    variables = dict(found.variables)

    assert "The template failed" == found.title
    assert problem.place is not None
    assert "templates/welcome.html:4:4" == str(problem.place.location)
    assert problem.place.link == f"vscode://file{tmp_path}/templates/welcome.html:4:4"
    assert (
        (2, "{% block content %}"),
        (3, "<b>"),
        (4, "{{ nmae }}"),
        (5, "</b>"),
        (6, "{% endblock %}"),
    ) == problem.excerpt
    assert "name" in problem.hint
    assert ["welcome.html", "layouts/shop.html", "welcome.html"] == [name for name, _ in found.chain]
    assert ("str", "Url", "dict", "Address") == tuple(
        variables[name] for name in ("name", "link", "brand", "recipient")
    )


def test_params(tmp_path: Path) -> None:
    """Each param that is wrong is a problem of its own, without a place."""
    found = failure(tmp_path, NO_SAMPLE)

    assert "The params are not what the notification declares" == found.title
    assert 2 == len(found.problems)
    assert [None, None] == [each.place for each in found.problems]
    assert found.as_document()["problems"][0]["place"] is None


def test_a_definition(tmp_path: Path) -> None:
    """Its faults, no more than a page of them."""
    faults = [Fault(Location("notifications/welcome.yaml", 1 + number), f"m{number}", "h") for number in range(50)]
    explainer = Explainer(shop(tmp_path), secret=None, linked=False)
    found = explainer.explain(DefinitionError(faults), None, {})

    assert "The definition is wrong" == found.title
    assert 20 == len(found.problems)
    assert ("m0", "h", "") == (
        (first := found.problems[0]).message,
        first.hint,
        first.place.link if first.place else "?",
    )
    assert ((1, "description: Sent after the sign-up."),) == first.excerpt[:1]


def test_no_line_of_notify_yaml(tmp_path: Path) -> None:
    """Secrets may be written in it: its faults have no lines around them."""
    shop(tmp_path)
    explainer = Explainer(tmp_path, secret=tmp_path / "notify.yaml", linked=True)
    line = next(n for n, text in enumerate((tmp_path / "notify.yaml").read_text().splitlines(), 1) if SECRET in text)
    found = explainer.explain(ConfigError(faults=[Fault(Location("notify.yaml", line), "x")]), None, {})

    assert "The configuration is wrong" == found.title
    assert () == found.problems[0].excerpt
    assert SECRET not in str(found.as_document())


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A place in a file that is gone, is no text, or is no path, has no lines."""
    (tmp_path / "binary").write_bytes(b"\xff\xfe\n")
    explainer = Explainer(tmp_path, secret=None, linked=True)
    faults = [Fault(Location(path, 1), "x") for path in ("gone", "binary", "a\0b", ".")]

    assert [()] * 4 == [each.excerpt for each in explainer.explain(DefinitionError(faults), None, {}).problems]


def test_anything_else(tmp_path: Path) -> None:
    """Other errors are their message."""
    explainer = Explainer(tmp_path, secret=None, linked=True)
    found = [explainer.explain(error, None, {}) for error in (NotifyError("one"), ConfigError("two"))]

    assert [("The mail cannot be built", "one"), ("The mail cannot be built", "two")] == [
        (each.title, each.problems[0].message) for each in found
    ]
    assert {"title", "problems", "chain", "variables"} == set(found[0].as_document())


def test_undeclared_params(tmp_path: Path) -> None:
    """Where no params are declared, nothing is known of their types, and a single template has no chain."""
    files = {"notifications/welcome.yaml": "subject: '{{ nope }}'\ntext: |\n  x\nsamples: {default: {a: 1}}\n"}
    found = failure(tmp_path, **files)

    assert () == found.chain
    assert "" == dict(found.variables).get("a", "")


def test_a_global_that_hides_a_secret(tmp_path: Path) -> None:
    """Names in scope have types, never values."""
    text = f"sender: a@example.com\nglobals: {{api_word: {SECRET}}}\n"
    shop(tmp_path, **{"notify.yaml": text, "templates/welcome.html": "{{ wrong }}"})
    desk = desk_of(tmp_path)
    found = desk.failure(desk.renderings.of(State(notification="welcome", sample="default")))
    desk.close()

    assert found is not None
    assert "str" == dict(found.variables)["api_word"]
    assert SECRET not in str(found.as_document())
    assert Notifier(configuration=Configuration.load(tmp_path)).globals["api_word"] == SECRET
