"""Documents of one shape are inlined once; what comes out is what css-inline gives for each."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from notify.rendering.inlining import Inliner, _taken_apart

STYLE = "<style>p { color: red } a { color: blue } td:empty { width: 1px } .x > b { margin: 0 }</style>"


def fresh(html: str) -> str:
    """What css-inline makes of it: an inliner that has seen nothing knows no shape."""
    return Inliner().inlined(html)


def learned(*documents: str) -> tuple[Inliner, list[str]]:
    """An inliner that has seen these, and what it gave for each."""
    inliner = Inliner()
    return inliner, [inliner.inlined(document) for document in documents]


def shapes(inliner: Inliner) -> int:
    """How many shapes can be filled."""
    return len(inliner._shapes)


@pytest.mark.parametrize(
    "template",
    [
        "<!DOCTYPE html>\n<html><head><title>{0}</title>STYLE</head><body><p>{1}</p></body></html>",
        '<html>STYLE<p class=x>{0}<b>{1}</b>  {2} </p><a href="{1}">{2}</a><img src="{0}" alt="{2}">',
        "STYLE<table><tr><td></td><td> </td><td>{0}</td></tr></table>{1}<!-- c --><p>{2}",
        "STYLE<table>{0}<tr><td>{1}</td></tr></table><p>{2}</b></p>",
        "STYLE<!--[if mso]><noscript>x</noscript><![endif]--><p>{0}</p><p>{1}</p>",
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        ("one", "two", "three"),
        ("a &amp; b", "&lt;i&gt; &#39;x&#39; &#34;y&#34;", "&nbsp;&quot;&gt;"),
        ("a > b", "\xa0x\xa0", "'single'"),
        ("Zoë 👋 שלום", "  spaced  out\n over lines ", "7%"),
        ("&copy; 2026", "&eacute;", "&notit;"),
        ("a & b", "?a=1&copy=2", "&#847;&zwnj;"),
    ],
)
def test_a_known_shape_gives_what_css_inline_gives(template: str, words: tuple[str, str, str]) -> None:
    """Octet for octet, for words of every kind, whether the shape was new, seen once, or kept."""
    plain = template.format("x", "y", "z").replace("STYLE", STYLE)
    document = template.format(*words).replace("STYLE", STYLE)
    inliner, results = learned(plain, plain, document, document, plain)

    assert shapes(inliner) == 1
    assert results == [fresh(plain)] * 2 + [fresh(document)] * 2 + [fresh(plain)]


@given(
    st.lists(st.text(max_size=20).map(lambda text: str(escape(text))), min_size=3, max_size=3),
    st.sampled_from(
        ["<p>{0}</p>", '<a href="{0}">{1}</a>', '<td></td><b title="{0}">{1}</b>', "<p>{0} <i>{1}</i>{2}</p>"]
    ),
)
def test_any_escaped_words_are_filled_in_right(words: list[str], template: str) -> None:
    """What a template prints is escaped; such words come out as css-inline writes them."""
    document = STYLE + template.format(*words)
    _, results = learned(*[STYLE + template.format("x", "y", "z")] * 2, document)

    assert results[-1] == fresh(document)


@pytest.mark.parametrize(
    "html",
    [
        "<style>a[href^='https'] { color: red }</style><a href=\"https://x.example\">x</a>",
        "<style>p { color: red }</style><script>var x = 'p'</script><p>x</p>",
        "<style>p { color: red }</style><textarea>x</textarea>",
        "<style>p { color: red }</style><svg><title>x</title></svg>",
        "<style>p { content: '<' }</style><p>x</p>",
    ],
)
def test_what_is_unusual_is_never_kept(html: str) -> None:
    """Selectors that look at what would be filled in, and elements that are read in other ways."""
    inliner, results = learned(html, html, html, html)

    assert shapes(inliner) == 0
    assert results == [fresh(html)] * 4


@pytest.mark.parametrize("mark", ["\r\n", "\0", "\ue000", "\ue0011\ue000"])
def test_rare_characters_take_the_long_way(mark: str) -> None:
    """Our own marks, and what an HTML parser changes."""
    document = f"{STYLE}<p>a{mark}b</p>"
    inliner, results = learned(document, document, document)

    assert inliner._shapes == {}
    assert results == [fresh(document)] * 3


def test_long_documents_are_not_kept() -> None:
    """What is too long is inlined each time."""
    long = STYLE + "<p>x</p>" * 30_000
    inliner, _ = learned(long, long)

    assert {} == inliner._shapes


def test_the_memory_of_an_inliner_is_bounded() -> None:
    """All shapes together stay below 10 MB, however long each of them is; short ones are forgotten, too."""
    tracemalloc.start()
    inliner = Inliner()
    for number in range(30):
        document = f"{STYLE}<p class=x{number}>x</p>" + f"<!-- {'x' * 190_000} -->"
        inliner.inlined(document)
        inliner.inlined(document)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 10_000_000
    assert 0 < len(inliner._shapes) < 30


def test_the_numbers_of_shapes_are_bounded() -> None:
    """Shapes that are seen once take next to nothing, and are forgotten when there are very many."""
    inliner = Inliner()
    for number in range(16_400):
        inliner._learn(str(number), [""], [], "")

    assert len(inliner._seen) < 100
    assert {} == inliner._shapes


@pytest.mark.parametrize("template", ["<p>x</p>", "<textarea>x</textarea>"])
def test_two_threads_may_prove_one_shape(template: str) -> None:
    """The one that comes second changes nothing, whether the shape can be kept or not."""
    document = STYLE + template
    inliner, _ = learned(document)
    fixed, words = _taken_apart(document)
    for _ in range(2):
        inliner._learn("\ue000".join(fixed), fixed, words, fresh(document))
    octets = inliner._octets
    inliner._learn("\ue000".join(fixed), fixed, words, fresh(document))

    assert fresh(document) == inliner.inlined(document)
    assert octets == inliner._octets


def test_a_shape_is_kept_when_it_is_seen_again() -> None:
    """Once is no reason to remember it; a refused one is not tried again."""
    inliner, _ = learned(STYLE + "<p>x</p>")

    assert shapes(inliner) == 0
    inliner.inlined(STYLE + "<p>y</p>")
    assert shapes(inliner) == 1
