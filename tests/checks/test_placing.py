"""Each letter of a rendered text is traced to a line of a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from notify.checks.placing import Marking, Placed

TEMPLATES = {
    "layout": "<html>\n<body>\n{% block content %}{% endblock %}\n</body>\n",
    "parts": "{% macro link(url, words) %}\n<a href='{{ url }}'>\n  {{ words }}</a>\n{% endmacro %}\n",
    "mail": (
        "{% extends 'layout' %}\n{% import 'parts' as ui %}\n{% block content %}\n<p>Dear\n{{ name }}</p>\n"
        "{{ ui.link('a', 'b') }}\n{% for n in range(2) %}\n<i>{{ n }}</i>\n{% endfor %}\n{% endblock %}\n"
    ),
}


def placed(template: str, templates: dict[str, str] | None = None, **context: object) -> tuple[Placed, str]:
    """A template with and without marks."""
    settings = {"loader": DictLoader(templates or TEMPLATES), "trim_blocks": True, "lstrip_blocks": True}
    marked, plain = Environment(**settings, autoescape=True), Environment(**settings, autoescape=True)  # type: ignore[arg-type]
    marked.add_extension(Marking)
    marking = marked.extensions[Marking.identifier]
    assert isinstance(marking, Marking)
    return Placed.of(marked.get_template(template).render(context), marking.spots), plain.get_template(template).render(
        context
    )


def test_nothing_else_changes() -> None:
    """Without the marks the text is what it was."""
    found, plain = placed("mail", name="Ada <3")

    assert plain == found.text


@pytest.mark.parametrize(
    ("words", "spot"),
    [
        ("<html>", ("layout", 1)),
        ("<body>", ("layout", 2)),
        ("<p>Dear", ("mail", 4)),
        ("Ada", ("mail", 5)),
        ("</p>", ("mail", 5)),
        ("<a href", ("parts", 2)),
        ("b</a>", ("parts", 3)),
        ("<i>0", ("mail", 8)),
        ("1</i>", ("mail", 8)),
        ("</body>", ("layout", 4)),
    ],
)
def test_everything_has_its_place(words: str, spot: tuple[str, int]) -> None:
    """Through inheritance, macros and loops; what a value prints has the place of its expression."""
    found, plain = placed("mail", name="Ada")

    assert spot == found.spot(plain.index(words))


def test_a_macro_is_called_somewhere() -> None:
    """Where only some templates are wanted, what others print has the place where these were."""
    found, plain = placed("mail", name="Ada")

    assert ("mail", 6) == found.spot(plain.index("<a href"), lambda name: name != "parts")
    assert None is found.spot(plain.index("<html>"), lambda name: name == "mail")


@given(
    st.lists(st.sampled_from(["a", "{{ x }}", "\n", "{% if x %}", "{% endif %}", " ", "{# c #}", "<b>"]), max_size=20)
)
def test_any_template(pieces: list[str]) -> None:
    """Whatever is printed, it is the same without the marks, and every letter but the first ones has a place."""
    source = "".join(pieces)
    if source.count("{% if") != source.count("{% endif"):
        source = source.replace("{% if x %}", "").replace("{% endif %}", "")
    try:
        found, plain = placed("t", {"t": source}, x="v")
    except Exception:  # noqa: BLE001 - an endif before its if
        return

    assert plain == found.text
    lines = source.count("\n") + 1
    assert all(name == "t" and 1 <= line <= lines for name, line in found.spots)
