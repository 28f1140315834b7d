"""The renderer takes the direct way where it gives the same, and the plain one elsewhere."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from rendering.direct.bodies import document
from rendering.making import Shown, as_text, block, case, write

from notify.errors import RenderError
from notify.params import Html
from notify.rendering import Renderer

if TYPE_CHECKING:
    from pathlib import Path

    from notify.definition import Definition
    from notify.rendering.direct import Prepared

PARAMS: dict[str, Any] = {"name": "Ada", "n": 1}


class Odd:
    """A value that can be printed, and not looked at."""

    def __str__(self) -> str:
        return "an oddity"

    @property
    def jinja_pass_arg(self) -> object:
        """What Jinja2 looks for on functions."""
        raise RuntimeError("not to be asked")


def several(renderer: Renderer, definition: Definition, *, times: int = 3, locale: str = "en", **context: Any) -> Shown:
    """The last of several renderings, so that direct bodies were made."""
    for _ in range(times):
        rendered = renderer.render(definition, context, locale=locale)
    return as_text(rendered)


def prepared(renderer: Renderer, definition: Definition, locale: str = "en") -> Prepared:
    """The direct bodies that the renderer has."""
    return renderer._plans[definition.id, locale].prepared


def test_bodies_are_made_at_the_second_message() -> None:
    """A single message is rendered sooner without."""
    renderer = Renderer()
    definition = case(
        html=block(document("<p>{{ name }}</p>")), text=block("{{ name }}"), subject={"": block("{{ name }}")}
    )
    renderer.render(definition, PARAMS, locale="en")
    first = prepared(renderer, definition)

    assert (None, None, None) == (first.subject, first.html, first.text)
    renderer.render(definition, PARAMS, locale="en")
    found = prepared(renderer, definition)
    assert None not in (found.subject, found.html, found.text)
    assert found.html is not None
    assert found.html.is_inlined


def test_not_where_it_is_not_wanted() -> None:
    """`direct=False` is the plain way always."""
    renderer = Renderer(direct=False)
    definition = case(html=block(document("<p>{{ name }}</p>")), text=block("x"))
    several(renderer, definition, **PARAMS)

    assert 0 == prepared(renderer, definition).uses


def test_text_that_is_derived_from_html() -> None:
    """It is derived from the HTML as it was before its CSS was inlined, so that this is inlined for each message."""
    renderer = Renderer()
    definition = case(html=block(document("<p>{{ name }}</p>")))

    assert "Ada\n" == several(renderer, definition, **PARAMS).text
    found = prepared(renderer, definition).html
    assert found is not None
    assert not found.is_inlined


def test_errors_are_those_of_the_plain_way() -> None:
    """A fault of a later message is placed as ever."""
    renderer = Renderer()
    definition = case(html=block(document("<p>{{ name.first }}</p>")), text=block("x"))
    several(renderer, definition, name={"first": "Ada"})

    with pytest.raises(RenderError, match="7:14: name has no 'first'"):
        renderer.render(definition, {"name": {}}, locale="en")


def test_a_subject_with_a_line_break_is_still_refused() -> None:
    """Also when the subject is rendered directly."""
    renderer = Renderer()
    definition = case(subject={"": block("Hello {{ name }}")}, text=block("x"))
    several(renderer, definition, **PARAMS)

    with pytest.raises(RenderError, match="the subject holds a line break"):
        renderer.render(definition, {**PARAMS, "name": "a\nb"}, locale="en")


def test_values_of_markup_are_rendered_the_plain_way() -> None:
    """Html in one message changes nothing for the next."""
    renderer = Renderer()
    definition = case(html=block(document("<p>{{ name }}</p>")), text=block("{{ name }}"))
    several(renderer, definition, **PARAMS)
    rendered = as_text(renderer.render(definition, {"name": Html("<b>x</b>"), "n": 1}, locale="en"))

    assert '<p style="color: red;"><b>x</b></p>' in (rendered.html or "")
    assert "x\n" == rendered.text
    assert '<p style="color: red;">Ada</p>' in (several(renderer, definition, **PARAMS).html or "")


def test_names_that_only_some_messages_have() -> None:
    """What the first messages lacked, and a later one has, is shown."""
    renderer = Renderer()
    definition = case(text=block("{{ note | default('none') }}{{ more is defined }}"))

    assert "noneFalse\n" == several(renderer, definition, **PARAMS).text
    assert "yesTrue\n" == several(renderer, definition, note="yes", more=1).text
    assert "noneFalse\n" == several(renderer, definition, **PARAMS).text


def test_a_context_that_hides_a_global() -> None:
    """Constants are computed with the globals; a message that has another value is rendered the plain way."""
    renderer = Renderer(globals={"brand": {"name": "Acme"}})
    definition = case(text=block("{{ brand.name }}"))

    assert "Acme\n" == several(renderer, definition).text
    assert "Other\n" == several(renderer, definition, brand={"name": "Other"}).text


def test_locales_have_bodies_of_their_own() -> None:
    """What depends on the locale is constant in each of them."""
    renderer = Renderer()
    definition = case(text=block("{{ locale }}{% if locale == 'fr' %} oui{% endif %}"))
    for _ in range(3):
        for locale, text in (("en", "en\n"), ("fr", "fr oui\n")):
            assert text == as_text(renderer.render(definition, {"locale": locale}, locale=locale)).text
    assert "de\n" == as_text(renderer.render(definition, {"locale": "de"}, locale="en")).text


@pytest.mark.parametrize("name", ["layout.html", "part.html", "macros.html", "case.html"])
def test_every_file_is_watched(tmp_path: Path, name: str) -> None:
    """What it extends, includes and imports is read again when it changes."""
    files = {
        "layout.html": document("LAYOUT {% block b %}{% endblock %}"),
        "part.html": "PART",
        "macros.html": "{% macro m() %}MACROS{% endmacro %}",
        "case.html": (
            "{% extends 'layout.html' %}{% import 'macros.html' as ui %}"
            "{% block b %}CASE {% include 'part.html' %}{{ ui.m() }}{% endblock %}"
        ),
    }
    for file, content in files.items():
        (tmp_path / file).write_text(content)
    renderer = Renderer(folders=[tmp_path])
    definition = case(text=block("x"))
    several(renderer, definition)
    found = prepared(renderer, definition).html
    word = name.partition(".")[0].upper()

    assert found is not None
    assert found.is_inlined
    (tmp_path / name).write_text(files[name].replace(word, "CHANGED"))
    os.utime(tmp_path / name, ns=(1, 1))
    html = several(renderer, definition, times=1).html or ""
    assert word not in html
    assert "CHANGED" in html


def test_a_faster_way_that_cannot_be_made_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong while it is looked for, the message is rendered."""
    renderer = Renderer(globals={"odd": Odd()})
    definition = case(text=block("{{ odd }}"))
    with caplog.at_level("DEBUG", "notify.rendering"):
        assert "an oddity\n" == several(renderer, definition, **PARAMS).text

    assert None is prepared(renderer, definition).text
    assert "RuntimeError: not to be asked" in caplog.text


def test_samples_are_proof(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """A filter that is not the same each time makes the two ways differ, so that the plain one is kept."""
    counted = iter(range(1000))
    renderer = Renderer(configure=lambda environment: environment.filters.update(count=lambda _: next(counted)))
    definition = case(text=block("{{ n | count }}"))
    write(tmp_path)
    numbers = [int(as_text(renderer.render(definition, PARAMS, locale="en")).text or "") for _ in range(5)]

    assert sorted(numbers) == numbers
    assert None is prepared(renderer, definition).text
    assert "" == caplog.text


def test_many_threads() -> None:
    """Each gets its own message, also while direct bodies are made."""
    renderer = Renderer()
    definition = case(
        html=block(document("<p>{{ name }}</p>{% if n % 2 %}<i class=a>odd</i>{% endif %}")), text=block("{{ name }}")
    )
    expected = {
        n: as_text(Renderer(direct=False).render(definition, {"name": f"<{n}>", "n": n}, locale="en"))
        for n in range(40)
    }
    wrong: list[int] = []

    def work(start: int) -> None:
        for n in [*range(start, 40), *range(start)] * 3:
            rendered = renderer.render(definition, {"name": f"<{n}>", "n": n}, locale="en")
            wrong.extend([n] * (expected[n] != as_text(rendered)))

    threads = [threading.Thread(target=work, args=(start * 5,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == wrong
