"""Which template is taken: bodies, defaults and locales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import FunctionLoader
from rendering.making import block, case, named, render, word, write

from notify.errors import DefinitionError
from notify.rendering import Renderer, Source
from notify.rendering.locales import chosen, fallback, names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("pt-BR", ["pt-BR", "pt_BR", "pt", "en"]),
        ("pt_BR", ["pt-BR", "pt_BR", "pt", "en"]),
        ("en", ["en"]),
        ("zh-Hant-TW", ["zh-Hant-TW", "zh_Hant_TW", "zh-Hant", "zh_Hant", "zh", "en"]),
        ("../../etc", ["en"]),
        ("", ["en"]),
    ],
)
def test_fallback(locale: str, expected: list[str]) -> None:
    """A locale falls back to its language, then to the default; what is no locale is not tried."""
    assert expected == fallback(locale, "en")


def test_names_of_variants() -> None:
    """The locale stands before the suffix, whatever that is."""
    assert ["a/b.fr.html.j2", "a/b.en.html.j2", "a/b.html.j2"] == list(names("a/b.html.j2", "fr", "en"))
    assert ["b.en.md", "b.md"] == list(names("b.md", "en", "en"))
    assert ["welcome.en", "welcome"] == list(names("welcome", "en", "en"))


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ({"en": 1, "pt": 2, "pt-BR": 3}, 3),
        ({"en": 1, "pt": 2}, 2),
        ({"fr": 1, "en": 2}, 2),
        ({"fr": 1, "": 2}, 2),
        ({"fr": 1, "de": 2}, 1),
        ({}, None),
    ],
)
def test_the_variant_of_a_map(variants: dict[str, int], expected: int | None) -> None:
    """Subject maps: the nearest locale, the default, the one for all, the first."""
    assert expected == chosen(variants, "pt-BR", "en")


def test_subject_and_preheader_follow_the_locale() -> None:
    """Both are taken for the locale of the rendering."""
    definition = case(
        subject={"en": word("Hello"), "fr": word("Bonjour")},
        preheader={"fr": word("vite")},
        text=block("{{ preheader }}"),
    )

    assert ("Bonjour", "vite\n") == (render(definition, locale="fr-CA").subject, render(definition, locale="fr").text)
    assert "Hello" == render(definition, locale="de").subject


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("fr", "fr"), ("fr-CA", "fr"), ("pt_BR", "br"), ("pt", "none"), ("de", "none"), ("en", "none")],
)
def test_files_follow_the_locale(tmp_path: Path, locale: str, expected: str) -> None:
    """A named template and a default one have variants; without the default's, the plain one is taken."""
    folder = write(tmp_path, case__fr__txt="fr", case__pt_BR__txt__j2="br", case__txt="none")
    renderer = Renderer(folders=[folder])

    assert f"{expected}\n" == render(case(), renderer=renderer, locale=locale).text
    if expected != "br":
        assert f"{expected}\n" == render(case(text=named("case.txt")), renderer=renderer, locale=locale).text


def test_the_default_locale_comes_before_none(tmp_path: Path) -> None:
    """Where the default locale has a variant, it is what others fall back to."""
    folder = write(tmp_path, case__de__txt="de", case__txt="none")

    assert "de\n" == render(case(), renderer=Renderer(folders=[folder], default_locale="de"), locale="fr").text


@pytest.mark.parametrize("ending", ["", ".j2", ".jinja"])
def test_default_bodies(tmp_path: Path, ending: str) -> None:
    """`billing.paid` has `billing/paid.html` and `.txt`, with or without a template ending."""
    (tmp_path / "billing").mkdir()
    (tmp_path / "billing" / f"paid.html{ending}").write_text("<p>html", encoding="utf-8")
    (tmp_path / "billing" / f"paid.txt{ending}").write_text("text", encoding="utf-8")
    rendered = render(case(id="billing.paid"), renderer=Renderer(folders=[tmp_path]))

    assert "text\n" == rendered.text
    assert "<p>html" in (rendered.html or "")


def test_text_auto_passes_over_a_template(tmp_path: Path) -> None:
    """`text: auto` derives the text although a .txt exists."""
    folder = write(tmp_path, case__txt="template", case__html="<p>derived")

    assert "derived\n" == render(case(text_auto=True), renderer=Renderer(folders=[folder])).text


def test_mjml_is_refused() -> None:
    """MJML, which nothing here understands, is not sent as if it were HTML."""
    with pytest.raises(DefinitionError, match=r"case\.yaml:2:7: MJML is not supported yet"):
        render(case(html=named("case.mjml.j2")))


def test_markdown_passes_over_a_default_html(tmp_path: Path) -> None:
    """A Markdown body excludes the default HTML, but not the default text."""
    folder = write(tmp_path, case__txt="template", case__html="<p>html", body__md="*md*")
    rendered = render(case(markdown=named("body.md")), renderer=Renderer(folders=[folder]))

    assert "template\n" == rendered.text
    assert "<em>md</em>" in (rendered.html or "")
    assert "<p>html" not in (rendered.html or "")


def test_sources_are_what_is_rendered(tmp_path: Path) -> None:
    """For each part, the template of each locale, exactly as rendering takes them; nothing for what is derived."""
    folder = write(
        tmp_path,
        case__html="plain",
        case__fr__html__j2="fr j2",
        case__pt_BR__html="pt_BR",
        case__pt_BR__html__j2="pt_BR j2",
        case__pt_br__html="pt-br",
        lay__html__j2="lay",
        lay__de__html="lay de",
    )
    (folder / "case.pt-BR.html.jinja").write_text("pt-BR", encoding="utf-8")
    renderer = Renderer(folders=[folder])

    for definition in (case(), case(text_auto=True), case(html=named("lay.html"))):
        sources = renderer.sources().of(definition)
        for source in sources:
            rendered = render(definition, renderer=renderer, locale=source.locale or "nl")
            assert source.path is not None
            assert source.path.read_text(encoding="utf-8") in (rendered.html or "")
        expected = ["de"] if definition.html else ["", "fr", "pt-BR", "pt-br"]
        assert [("html", locale) for locale in expected] == [(each.part, each.locale) for each in sources]


def test_sources_of_other_definitions(tmp_path: Path) -> None:
    """In place, by name, from a loader that cannot list, and missing."""
    (tmp_path / "case.txt").write_text("text", encoding="utf-8")
    renderer = Renderer(folders=[tmp_path], loaders=[FunctionLoader(lambda name: "x" if name == "given.md" else None)])
    sources = renderer.sources()

    assert (
        Source("html", "", block("x").location),
        Source("text", "", None, "case.txt", path=tmp_path / "case.txt"),
    ) == (sources.of(case(html=block("x"))))
    assert (Source("markdown", "", named("").location, "given.md"),) == sources.of(
        case(markdown=named("given.md"), text_auto=True)
    )
    assert (Source("html", "", named("").location, "lost.html", found=False),) == sources.of(
        case(html=named("lost.html"), text_auto=True)
    )


@pytest.mark.no_cover  # others cover it
def test_what_was_compiled_in_place_is_dropped() -> None:
    """Catalogs that are loaded again and again do not pile up."""
    renderer = Renderer()
    for number in range(1030):
        render(case(subject={"": word("{{ x }}")}, text=block("{{ x }}")), renderer=renderer, x=number)

    assert 1 == len(renderer._plans)
    assert 1 == len(renderer._planner._kept)


def test_the_preheader_may_show_the_subject() -> None:
    """`subject` is there as soon as it is rendered."""
    rendered = render(case(subject="Hi {{ name }}", preheader="{{ subject }}!", text=block("x")), name="Ada")

    assert ("Hi Ada", "Hi Ada!") == (rendered.subject, rendered.preheader)
