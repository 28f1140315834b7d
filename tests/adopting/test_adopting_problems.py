"""What cannot be adopted is told with its place and what to write instead, everything at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from adopting.adopted import Project

from notify.adopting.django import FILTERS, TAGS
from notify.errors import ConfigError, DefinitionError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    return Project.new(tmp_path / "shop")


def faults(project: Project, text: str, subject: str | None = None) -> list[str]:
    """What is wrong with a template, as `line:column message (hint)`."""
    with pytest.raises(DefinitionError) as caught:
        project.adopt(project.template(text), subject=subject)
    assert not list((project.folder / "notifications").iterdir())
    return [f"{each.location.line}:{each.location.column} {each.message} ({each.hint})" for each in caught.value.faults]


def test_everything_of_django_at_once(project: Project) -> None:
    """Every construct of Django's that Jinja2 does not have is listed, in order of place."""
    text = (
        "{% load static %}\n<p>{{ sent|date:'d M' }}</p>\n{% url 'home' %}\n"
        "{% for a in b reversed %}{% empty %}{% endfor %}\n{% include 'a.html' with b=c %}\n{{ block.super }}\n"
        "{% comment %}{% endcomment %}{# {% load x %} #}{% raw %}{% load y %}{% endraw %}"
    )
    found = faults(project, text)

    assert ["1:1", "2:11", "3:1", "4:1", "4:26", "5:1", "6:1", "7:1", "7:14"] == [each.split()[0] for each in found]
    assert "1:1 {% load %} is Django's, not Jinja2's (leave it out: filters and tests come from plugins)" == found[0]
    assert "2:11 |date: with a colon is Django's, not Jinja2's (write {{ value.strftime('%d %B %Y') }})" == found[1]


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_every_tag_of_django(project: Project, tag: str) -> None:
    """Each has a word on what to write instead."""
    assert f"1:2 {{% {tag} %}} is Django's, not Jinja2's ({TAGS[tag]})" in faults(project, f" {{% {tag} a %}}")


def test_filters_of_django(project: Project) -> None:
    """A filter that Jinja2 does not have is explained, also where it takes no argument."""
    assert [f"2:1 there is no filter 'intcomma' ({FILTERS['intcomma']})"] == faults(project, "\n{{ a | intcomma }}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ url_for('x') }}", "1:1 url_for(...) is called: params are data, which have no functions"),
        ("\n{{ user.get_full_name() }}", "2:1 .get_full_name(...) is called: params are data, which have no functions"),
        ("{% include 'none.html' %}", "1:1 there is no template 'none.html'"),
        ("{% extends 'none.html' %}", "1:1 there is no template 'none.html'"),
        ("{{ a", "1:1 Jinja2 cannot parse this"),
        ("{% if a %}", "1:1 Jinja2 cannot parse this"),
        ("{{ a | nofilter }}", "1:1 there is no filter 'nofilter'"),
        ("{% if a is notest %}{% endif %}", "1:1 there is no test 'notest'"),
        ("{{ to }}", "1:1 a param cannot be called 'to'"),
        ("{{ _x }}", "1:1 a param cannot be called '_x'"),
        ("{{ a['b c'] }}", "1:1 a field cannot be called 'b c'"),
        ("{{ forloop.counter }}", "1:1 there is no `forloop`"),
        ("{{ recipient.age }}", "1:1 `recipient` is notify's own name and has no 'age'"),
        ("{% for k, v in a.items %}{% endfor %}", "1:1 a loop over keys and values is written `.items()` in Jinja2"),
    ],
)
def test_what_cannot_be_adopted(project: Project, text: str, message: str) -> None:
    """The place and the construct are told, and nothing is written."""
    assert [message] == [each[: len(message)] for each in faults(project, text)]


def test_a_macro_that_reads_what_it_does_not_see(project: Project) -> None:
    """A template that is imported without the context sees no param."""
    project.template("{% macro m() %}{{ brand_name }}{% endmacro %}", "m.html")
    found = faults(project, "{% import 'm.html' as m %}{{ m.m() }}")

    assert "1:1 'brand_name' is read in a template that is imported without the context" in found[0]


def test_a_template_that_no_sample_fits(project: Project) -> None:
    """Where what was inferred does not render, that is said, with the reason, and nothing is written."""
    found = faults(project, "{{ [1, 2][word | length + 5] }}")

    assert "no sample was found that it renders with" in found[0]
    assert "/tmp/" not in found[0]


def test_a_subject_that_is_no_template(project: Project) -> None:
    """It is told apart from the file."""
    with pytest.raises(DefinitionError, match=r"--subject:1:1: this is no template"):
        project.adopt(project.template("x"), subject="{{ a")


@pytest.mark.parametrize("name", ["A", "a-b", "a..b", "1"])
def test_an_id_that_cannot_be(project: Project, name: str) -> None:
    """As for `notify new`."""
    with pytest.raises(ConfigError, match="cannot be an id"):
        project.adopt(project.template("x"), name)


def test_a_file_that_is_no_text(project: Project) -> None:
    """It is named, with the octet that is not UTF-8."""
    file = project.template("x")
    file.write_bytes(b"abc\xff")

    with pytest.raises(ConfigError, match=r"mail.html is not UTF-8: octet 4"):
        project.adopt(file)
