"""Markdown bodies, and that no value becomes markup in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering.making import block, case, named, render, write
from selectolax.lexbor import LexborHTMLParser

from notify.params.markup import Html, Markdown
from notify.rendering import Renderer
from notify.rendering.markdown import markdown_to_html

if TYPE_CHECKING:
    from pathlib import Path

BARE = Renderer(loaders=[jinja2.DictLoader({"bare.html": "<html><body>{{ content }}</body></html>"})])


def content(source: str, /, **context: Any) -> str:
    """The HTML that a Markdown template gives, in a layout that adds nothing."""
    definition = case(markdown=block(source), markdown_layout=named("bare.html"))
    html = render(definition, renderer=BARE, **context).html or ""
    return html.removeprefix("<html><body>").removesuffix("</body></html>").strip()


def test_both_parts() -> None:
    """One Markdown body gives HTML in the built-in layout and a text of its content alone."""
    source = "# Hi {{ name }}\n\nRead *this*: [here]({{ url }}).\n\n| a | b |\n|--|--:|\n| 1 | 2 |\n"
    rendered = render(case(markdown=block(source), preheader="pre"), name="Ada", url="https://x.example/", locale="en")

    assert "<em>this</em>" in (rendered.html or "")
    assert ">pre" in (rendered.html or "")
    assert (rendered.text or "").startswith("Hi Ada\n")
    assert "Read this: here <https://x.example/>." in (rendered.text or "")
    assert "<" not in (rendered.text or "").replace("<https://x.example/>", "")


def test_another_layout(tmp_path: Path) -> None:
    """`markdown_layout` names the template around it, which gets `content` and all other names."""
    write(tmp_path, mine__html="<body>[{{ content }}|{{ n }}|{{ subject }}]</body>")
    definition = case(markdown=block("*x*"), markdown_layout=named("mine.html"))

    assert (
        "<body>[<p><em>x</em></p>\n|1|Hello]</body>"
        == render(definition, renderer=Renderer(folders=[tmp_path]), n=1).html
    )


HOSTILE = [
    "# no heading", "* no item", "1. no item", "> no quote", "    no code", "```\nno fence", "---", "===", "| a |",
    "_a_ *b* **c**", "[a](https://evil.example)", "![a](https://evil.example/x.png)", "<script>x()</script>", "<b>",
    "&amp; &lt;", "`code`", "a\\", "\\*", "<https://evil.example>", "a\n\n# b", "a  \nb", "[ref]: https://evil.example",
    "](https://evil.example)", "\ufdd00\ufdd1", "\ufdd01\ufdd1", "\ufdd0", "~~a~~", "a\tb", " lead", "trail ", "-", "+",
]  # fmt: skip
PLACES = [
    "{{ v }}", "# {{ v }}", "- {{ v }}", "> {{ v }}", "a {{ v }} b", "**{{ v }}**", "`{{ v }}`", "```\n{{ v }}\n```",
    "| a |\n|---|\n| {{ v }} |", "[{{ v }}](https://x.example)", "![{{ v }}](https://x.example/i.png)", "{{ v }}\n===",
    '[a](https://x.example "{{ v }}")',
]  # fmt: skip


def _shape(html: str) -> list[str | None]:
    """The elements of some HTML, in order."""
    return [node.tag for node in LexborHTMLParser(f"<body>{html}").css("body *")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_stays_text(place: str, value: str) -> None:
    """Whatever a value holds, and wherever it stands, the structure is the template's and the text is the value's."""
    html = content(place, v=value)

    assert _shape(content(place, v="word")) == _shape(html)
    body = LexborHTMLParser(html)
    shown = body.text() + "".join(n.attributes.get(k) or "" for n in body.css("a, img") for k in ("alt", "title"))
    assert "".join(value.translate(dict.fromkeys((0xFDD0, 0xFDD1), "\ufffd")).split()) in "".join(shown.split())


@given(value=st.text(max_size=30))
def test_no_value_changes_the_structure(value: str) -> None:
    """The same, for anything."""
    html = content("# {{ v }}\n\n- a {{ v }} *b*\n\n[x]({{ v }}) `{{ v }}`", v=f"x{value}")

    assert ["h1", "ul", "li", "em", "p", "a", "code"] == _shape(html)


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://x.example/a_b?c=1&d=*e*", "https://x.example/a_b?c=1&amp;d=*e*"),
        ("https://x.example/a)(b", "https://x.example/a)(b"),
        ("https://x.example/a b", "https://x.example/a%20b"),
        ('https://x.example/"onclick="x', "https://x.example/%22onclick=%22x"),
        ("https://x.example/) [b](https://evil.example", "https://x.example/)%20%5Bb%5D(https://evil.example"),
        ("mailto:ada@example.com", "mailto:ada@example.com"),
        ("/relative_path", "/relative_path"),
        ("javascript:alert(1)", "#"),
        (" JavaScript:alert(1)", "#"),
        ("data:text/html,x", "#"),
        ("https://x.example/ö", "https://x.example/%C3%B6"),
    ],
)
def test_a_value_as_a_target(url: str, href: str) -> None:
    """A value in a link's target is an address whole and alone; scripts are none."""
    assert f'<p><a href="{href}">Open</a></p>' == content("[Open]({{ url }})", url=url)


def test_a_part_of_a_target() -> None:
    """A value may be only a part of an address, also of a reference or an automatic link."""
    expected = '<a href="https://x.example/t/a_b">'

    assert expected in content("[Open](https://x.example/t/{{ t }})", t="a_b")
    assert expected in content("[Open][1]\n\n[1]: https://x.example/t/{{ t }}", t="a_b")
    assert f"{expected}https://x.example/t/a_b</a>" in content("<https://x.example/t/{{ t }}>", t="a_b")
    assert f"{expected}https://x.example/t/a_b</a>" in content("<{{ url }}>", url="https://x.example/t/a_b")


def test_numbers_and_words_can_be_structure() -> None:
    """Letters and digits go in as they are, so that a loop can number a list."""
    source = "{% for i in ['a', 'b c'] %}\n{{ loop.index }}. {{ i }}\n{% endfor %}"

    assert "<ol>\n<li>a</li>\n<li>b c</li>\n</ol>" == content(source)


def test_raw_html_is_text() -> None:
    """HTML in a Markdown template is shown as it is written."""
    assert "<p>&lt;b&gt;x&lt;/b&gt;</p>" == content("<b>x</b>")


def test_html_values_and_macros_go_in_as_html() -> None:
    """A value of type Html, and what a macro of an HTML template gives, is HTML; values in it are escaped."""
    macro = "{% macro box(x) %}<div><i>{{ x }}</i></div>{% endmacro %}"

    assert "<div><i>*a* &lt;b&gt;</i></div>" == content(macro + "{{ box('*a* <b>') }}")
    assert "<p>a <b>x</b> b</p>" == content("a {{ v }} b", v=Html("<b>x</b>"))
    assert "<p>a</p>\n<p>b</p>" == content("{{ v }}", v=Html("<p>a</p>\n<p>b</p>"))


def test_a_macro_may_give_markdown() -> None:
    """What a macro gives that is no HTML is Markdown; the values in it are not."""
    assert "<p><em>*x*</em></p>" == content("{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m('*x*') }}")


def test_markdown_values_are_markdown() -> None:
    """A value of type Markdown keeps its markup; HTML in it is text, and it reaches no other value."""
    html = content("{{ v }} {{ w }}", v=Markdown("*a* <b> \ufdd00\ufdd1"), w="*secret*")

    assert html.startswith("<p><em>a</em> &lt;b&gt; ")
    assert 1 == html.count("secret")


def test_a_forged_placeholder_makes_no_html() -> None:
    """Even where a value gets past the placeholders, it reaches other values only as text."""
    html = content(
        "{{ v | safe }} {{ w }} {{ h }}", v="\ufdd00\ufdd1 \ufdd01\ufdd1", w="*<script>*", h=Html("<b>x</b>")
    )

    assert "<script>" not in html
    assert 2 == html.count("<b>x</b>")


def test_an_empty_value_leaves_nothing() -> None:
    """A paragraph of an empty value is none."""
    assert "<p>a</p>" == content("a\n\n{{ v }}", v="")


def test_a_constant_is_a_value() -> None:
    """A text in an expression is shown as it is, also when it could be computed beforehand."""
    assert "<p>*a*</p>" == content("{{ '*a*' }}")
    assert "<p><em>a</em></p>" == content("{{ '*a*' | safe }}")


def test_none_is_shown_like_elsewhere() -> None:
    """None and numbers are shown as everywhere in Jinja2."""
    assert "<p>None -1.5</p>" == content("{{ none }} {{ -1.5 }}")


def test_a_fence_may_name_its_language_by_a_value() -> None:
    """A value in the info string is put in too."""
    assert '<pre><code class="language-a-b">x' in content("```{{ v }}\nx\n```", v="a-b")


def test_markdown_by_itself() -> None:
    """Without values it is CommonMark with tables, and no HTML."""
    assert "<p><strong>a</strong> &lt;b&gt;</p>\n" == markdown_to_html("**a** <b>")
