"""Names are followed through templates that extend, include and import one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from adopting.adopted import Project

from notify.errors import DefinitionError

if TYPE_CHECKING:
    from pathlib import Path

BASE = "{{ brand_name }}{% block a %}{{ base_word }}{% endblock %}{% block b %}{{ other }}{% endblock %}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with templates to put together."""
    project = Project.new(tmp_path / "shop")
    project.template(BASE, "base.html")
    project.template("{{ item.label }}{{ word }}", "row.html")
    project.template(
        "{% macro m(x) %}<a href='{{ x }}'>x</a>{% endmacro %}{% macro n() %}{{ word }}{% endmacro %}", "m.html"
    )
    return project


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{% extends 'base.html' %}{{ not_shown }}{% block a %}{{ own }}{% endblock %}",
            ["brand_name", "own", "other"],
        ),
        (
            "{% extends 'base.html' %}{% block b %}{{ super() }}{{ own }}{% endblock %}",
            ["brand_name", "base_word", "other", "own"],
        ),
        ("{% extends 'base.html' %}{% set other = 'x' %}", ["brand_name", "base_word"]),
        ("{% for item in xs %}{% include 'row.html' %}{% endfor %}", ["xs", "word"]),
        ("{% include ['none.html', 'row.html'] %}", ["item", "word"]),
        ("{% include 'none.html' ignore missing %}{{ a }}", ["a"]),
        ("{% import 'm.html' as m with context %}{{ m.m(target) }}", ["target", "word"]),
        ("{% from 'm.html' import m as k with context %}{{ k(target) }}", ["target", "word"]),
        ("{% for x in xs %}{% block c scoped %}{{ x }}{% endblock %}{% endfor %}", ["xs"]),
    ],
)
def test_names(project: Project, text: str, expected: list[str]) -> None:
    """What any template on the way reads is a param, and what is not rendered is none."""
    contract = project.adopted(text).contract

    assert contract is not None
    assert expected == list(contract.params)
    assert [] == [each for each in project.findings(["mail"]) if "unused" not in each]


def test_a_block_is_not_guarded_by_what_stands_around_it(project: Project) -> None:
    """A block may stand elsewhere in another template, so that a question around it does not count."""
    assert {"a": "str"} == project.params("{% if a %}{% block c %}{{ a }}{% endblock %}{% endif %}")


def test_a_template_that_a_param_names(project: Project) -> None:
    """It cannot be followed, which a note says."""
    file = project.template("{% include [name, 'row.html'] %}{{ item.label }}{{ word }}")
    adoption = project.adopt(file)

    assert "only a param tells which template is included" in str(adoption.notes[0])


def test_a_name_that_is_not_there_to_import(project: Project) -> None:
    """The nearest names are told."""
    with pytest.raises(DefinitionError, match="there is no 'mm' to import"):
        project.adopt(project.template("{% from 'm.html' import mm with context %}"))
