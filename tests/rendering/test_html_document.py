"""Whole documents, inlined CSS, and the preheader's place."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from rendering.making import block, case, html, render, write

from notify.rendering import Renderer
from notify.rendering.document import as_document
from notify.rendering.inlining import Inliner
from notify.rendering.preheader import Preheader, with_preheader

if TYPE_CHECKING:
    from pathlib import Path

XHTML = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'


def inlined(source: str) -> str:
    """What an inliner that knows no shapes makes of it."""
    return Inliner().inlined(source)


def test_a_fragment_becomes_a_document() -> None:
    """HTML without a document around it gets doctype, language, charset and title."""
    document = as_document("<p>x</p>\n", locale="pt_BR", title="A & <b>")

    assert document.startswith('<!DOCTYPE html>\n<html lang="pt-BR">\n<head>\n<meta charset="utf-8">\n')
    assert "<title>A &amp; &lt;b&gt;</title>" in document
    assert "<body>\n<p>x</p>\n</body>\n</html>\n" in document


@pytest.mark.parametrize(
    "start", ["<!doctype html>", "<html>", "<!-- c --><HTML lang=x>", "\n <body class='x'>", "<head></head>"]
)
def test_a_document_is_left_alone(start: str) -> None:
    """Whatever has a doctype, `html`, `head` or `body` is a document already."""
    assert f"{start}<p>" == as_document(f"{start}<p>", locale="en", title="x")


def test_a_word_that_begins_like_a_tag_is_no_document() -> None:
    """`<header>` is not `<head>`."""
    assert "<!DOCTYPE" in as_document("<header>x</header>", locale="en", title="x")


def test_css_is_inlined() -> None:
    """Rules go into `style`; variables are resolved; what cannot be inlined stays."""
    source = (
        "<!DOCTYPE html>\n<html><head><style>:root{--c:blue}.a{color:var(--c)}a:hover{color:red}"
        "@media (prefers-color-scheme:dark){.a{color:white!important}}</style></head>"
        "<body><p class=a>x</p></body></html>"
    )
    result = inlined(source)

    assert '<p class="a" style="color: blue;">' in result
    assert ".a { color" not in result
    assert "a:hover" in result
    assert "@media (prefers-color-scheme:dark){.a{color:white!important}}" in result
    assert result.startswith("<!DOCTYPE html>\n<html>")


@pytest.mark.parametrize("doctype", ["<!DOCTYPE html>", "<!doctype HTML>", XHTML])
def test_the_doctype_is_kept(doctype: str) -> None:
    """Inlining leaves the doctype as it was."""
    assert inlined(f"{doctype}\n<html><style>p{{color:red}}</style><p>x").startswith(f"{doctype}\n<html>")


def test_without_a_doctype_there_is_none() -> None:
    """Inlining adds none either."""
    assert inlined("<html><style>p{color:red}</style><p>x").startswith("<html>")


def test_without_style_nothing_is_touched() -> None:
    """HTML without a style sheet keeps every letter."""
    source = "<html><p CLASS=x >&nbsp;<br/>"

    assert source == inlined(source)


def test_what_else_survives_inlining() -> None:
    """Conditional comments, entities, template-like text and ignored sheets survive."""
    kept = [
        "<!--[if mso]><table><tr><td><![endif]-->",
        "&nbsp;",
        "&amp;b=2",
        "{{ x }}",
        "<!--[if !mso]><!-->",
        "<!--<![endif]-->",
    ]
    source = f"<html><style>p{{color:red}}</style><body><p>{''.join(kept)}</p></body></html>"
    result = inlined(source)

    assert [] == [each for each in kept if each not in result]


def test_nothing_is_loaded(tmp_path: Path) -> None:
    """Neither files nor servers are asked for style sheets; their links stay."""
    sheet = tmp_path / "x.css"
    sheet.write_text("p{color:red}", encoding="utf-8")
    links = [
        f'<link rel="stylesheet" href="{href}">' for href in (str(sheet), sheet.as_uri(), "http://127.0.0.1:9/x.css")
    ]
    imports = f'@import url("{sheet}"); @import url("http://127.0.0.1:9/y.css");'
    result = inlined(
        f"<html><head>{''.join(links)}<style>{imports} b{{color:blue}}</style></head><body><p>x</p></body></html>"
    )

    assert [] == [link for link in links if link not in result]
    assert "color:red" not in result.replace(" ", "")


def test_threads_share_the_inliner() -> None:
    """Many threads may inline at once."""
    results: set[str] = set()
    source = "<html><style>p{color:red}</style><p>x</p></html>"

    def work() -> None:
        for _ in range(50):
            results.add(inlined(source))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {inlined(source)} == results


@pytest.mark.parametrize(
    ("start", "rest"),
    [
        ("<!DOCTYPE html><html><head></head><body title=\"a>b\" class='>'>", "<p>"),
        ("<html><head></head>", "<p>"),
        ("<html lang='x'>", "<p>"),
        ("<!doctype html>", "<p>"),
        ("", "<p>"),
    ],
)
def test_the_preheader_is_the_first_of_the_body(start: str, rest: str) -> None:
    """It is put where the body begins, hidden and escaped, however much of a document there is."""
    result = with_preheader(start + rest, Preheader("a < b"))

    assert result.startswith(f'{start}<div style="display:none')
    assert result.endswith(f'">a &lt; b</div>{rest}')


def test_no_preheader_no_element() -> None:
    """Without one, nothing is put in."""
    assert "<p>" == with_preheader("<p>", Preheader(""))


USING = {
    "in the body": "{{ preheader }}",
    "in a condition": "{% if preheader %}{% endif %}",
    "through a filter": "{{ preheader | upper }}",
    "in an include": "{% include 'uses.html' %}",
    "in a loop": "{% for i in [1] %}{% include 'uses.html' %}{% endfor %}",
    "in a layout": "{% extends 'layout.html' %}",
    "in a macro with context": "{% import 'macro.html' as m with context %}{{ m.m() }}",
    "in a set block": "{% set x %}{{ preheader }}{% endset %}",
}
NOT_USING = {
    "plainly": "x",
    "in an overridden block": "{% extends 'layout.html' %}{% block pre %}{% endblock %}",
    "as another's field": "{{ {'preheader': 1}.preheader }}",
    "as a string": "{{ 'preheader' }}",
}


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    """Templates that use the preheader."""
    write(
        tmp_path,
        uses__html="{{ preheader }}",
        layout__html="<html><body>{% block pre %}{{ preheader }}{% endblock %}",
        macro__html="{% macro m() %}{{ preheader }}{% endmacro %}",
    )
    return Renderer(folders=[tmp_path])


@pytest.mark.parametrize("source", USING.values(), ids=USING)
def test_a_template_that_uses_the_preheader_gets_no_other(renderer: Renderer, source: str) -> None:
    """Wherever in the chain it is used, nothing is injected."""
    assert "display:none" not in (render(case(preheader="pre", html=block(source)), renderer=renderer).html or "")


@pytest.mark.parametrize("source", NOT_USING.values(), ids=NOT_USING)
def test_a_template_that_does_not_use_it_gets_it(renderer: Renderer, source: str) -> None:
    """It is injected once, also when the subject's or the text's template uses it."""
    definition = case(preheader="pre", html=block(source), text=block("{{ preheader }}"), tags=())
    for _ in range(2):
        rendered = render(definition, renderer=renderer)

        assert 1 == (rendered.html or "").count('mso-hide:all">pre</div>')
        assert "pre\n" == rendered.text


def test_the_base_layout_shows_it_itself() -> None:
    """Built on the base layout, a mail has its preheader once."""
    source = "{% extends 'notify/base.html' %}{% block content %}x{% endblock %}"
    rendered = render(case(preheader="only once", html=block(source)), locale="en").html or ""

    assert 1 == rendered.count("only once")


def test_the_preheader_is_not_in_a_derived_text() -> None:
    """The text that is derived from the HTML leaves it out."""
    assert "x\n" == render(case(preheader="pre", html=block("<p>x"))).text


def test_a_fragment_names_the_subject() -> None:
    """The subject is the title of the document around a fragment."""
    assert "<title>Hello</title>" in html("<p>x")
