"""Source text with line numbers and highlighting."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st

from notify.preview.highlight import highlighted

if TYPE_CHECKING:
    from notify.preview.highlight import Language

LANGUAGES: list[Language] = ["html", "text", "jinja-html", "jinja-text", "jinja-yaml", "yaml", "json", "mail"]


def lines(markup: str) -> list[str]:
    """The HTML of each line."""
    return re.findall(r"<code>(.*?)</code></span>", markup)


def plain(markup: str) -> list[str]:
    """The text of each line."""
    return [unescape(re.sub(r"<[^>]*>", "", line)) for line in lines(markup)]


def test_each_line_has_its_number() -> None:
    """A line is an element with an id, which its number leads to."""
    assert (
        '<div class="source">'
        '<span class="line" id="L1"><a class="number" href="#L1" tabindex="-1">1</a><code>a</code></span>\n'
        '<span class="line" id="L2"><a class="number" href="#L2" tabindex="-1">2</a><code></code></span>\n'
        '<span class="line" id="L3"><a class="number" href="#L3" tabindex="-1">3</a><code> b</code></span>'
        "</div>"
    ) == highlighted("a\n\n b\n", "text")


def test_the_ids_can_be_told_apart() -> None:
    """Two sources on one page have ids of their own."""
    assert 'id="template-1"><a class="number" href="#template-1"' in highlighted("a", "text", prefix="template-")


def test_nothing_has_no_lines() -> None:
    """An empty source is an empty block."""
    assert highlighted("", "html") == '<div class="source"></div>'


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        (
            "html",
            '<a b="c">&amp;</a>',
            (
                '<span class="p">&lt;</span><span class="k">a</span> <span class="a">b</span><span class="p">=</span>'
                '<span class="s">&#34;c&#34;</span><span class="p">&gt;</span><span class="n">&amp;amp;</span>'
                '<span class="p">&lt;/</span><span class="k">a</span><span class="p">&gt;</span>'
            ),
        ),
        ("html", "<!DOCTYPE html>", '<span class="c">&lt;!DOCTYPE html&gt;</span>'),
        ("html", "<!-- x -->", '<span class="c">&lt;!-- x --&gt;</span>'),
        ("html", "{{ x }}", "{{ x }}"),
        (
            "jinja-html",
            "<b>{{ x }}",
            (
                '<span class="p">&lt;</span><span class="k">b</span><span class="p">&gt;</span>'
                '<span class="v">{{</span> <span class="v">x</span> <span class="v">}}</span>'
            ),
        ),
        ("jinja-text", "{# c #}1", '<span class="c">{# c #}</span>1'),
        (
            "jinja-text",
            "{% if 1 %}",
            '<span class="v">{%</span> <span class="k">if</span> <span class="n">1</span> <span class="v">%}</span>',
        ),
        (
            "jinja-yaml",
            'a: "{{ x }}"',
            (
                '<span class="k">a</span><span class="p">:</span> <span class="s">&#34;</span>'
                '<span class="v">{{</span> <span class="v">x</span> <span class="v">}}</span>'
                '<span class="s">&#34;</span>'
            ),
        ),
        (
            "yaml",
            "a: b # c",
            '<span class="k">a</span><span class="p">:</span> <span class="s">b</span> <span class="c"># c</span>',
        ),
        (
            "json",
            '[1, "a", true]',
            (
                '<span class="p">[</span><span class="n">1</span><span class="p">,</span> '
                '<span class="s">&#34;a&#34;</span><span class="p">,</span> <span class="k">true</span>'
                '<span class="p">]</span>'
            ),
        ),
        ("json", "?", '<span class="e">?</span>'),
        ("mail", "Subject: <x>\n", '<span class="k">Subject:</span> &lt;x&gt;'),
        ("text", "<b>{{ x }}", "&lt;b&gt;{{ x }}"),
    ],
)
def test_each_language_has_its_colours(language: Language, source: str, expected: str) -> None:
    """Tokens have one of a few classes, and all is escaped."""
    assert [expected] == lines(highlighted(source, language))


def test_a_token_of_several_lines_is_one_in_each() -> None:
    """Elements do not reach over the end of a line."""
    assert ['<span class="c">&lt;!-- a</span>', "", '<span class="c">b --&gt;</span>'] == lines(
        highlighted("<!-- a\n\nb -->", "html")
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "source", ["\n\n a\n\n", "a\r\nb\rc", "<script>alert(1)</script>\x00\u2028x", "\t'\"&<\n{{ ' }}{% x %}\n: - \n\n{#"]
)
def test_no_line_is_lost(language: Language, source: str) -> None:
    """Number and text of the lines stay, in any language, also of what is none of it."""
    expected = source.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    found = plain(highlighted(source, language))

    assert expected == found


@given(st.text(alphabet="ab<>/!-='\"&{}%#:\n\t ;"), st.sampled_from(LANGUAGES))
def test_all_is_shown(source: str, language: Language) -> None:
    """Whatever the source is, its text comes out."""
    assert source.removesuffix("\n") == "\n".join(plain(highlighted(source, language)))


def test_a_very_long_source_is_plain() -> None:
    """It is escaped and numbered, without colours."""
    found = highlighted("<b>\n" * 100_000, "html")

    assert 100_000 == found.count('class="line"')
    assert {"&lt;b&gt;"} == set(lines(found))


def test_a_source_that_takes_too_long_is_plain() -> None:
    """Pygments takes quadratic time for some; then there are no colours."""
    with bounded(10):
        found = highlighted("&" * 290_000, "html")
    assert ["&amp;" * 290_000] == lines(found)
