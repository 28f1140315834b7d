"""What holds for the text of any HTML."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notify.rendering.plaintext import display_width, html_to_text

TAGS = (
    "a href='https://a.example/1'", "b", "blockquote", "caption", "dd", "div", "h1", "h2", "li", "ol start=8", "p",
    "p style='white-space:pre-line'", "p style='display:none'", "q", "span", "span style='display:block'", "table",
    "table role=presentation", "td", "td align=right", "td colspan=2", "td rowspan=3", "tfoot", "th", "thead", "tr",
    "ul",
)  # fmt: skip
VOID = (
    "<br>",
    "<hr>",
    "<img alt='A picture' src=x>",
    "&nbsp;",
    "&zwnj;",
    "&lt;",
    "<!-- c -->",
    "<",
    "</p>",
    "</table>",
)
words = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["漢字漢字漢字", "\u0645\u0631", "12.50", "a b c", "\t\n"]
)
html = st.recursive(
    words | st.sampled_from(VOID),
    lambda inner: st.lists(
        st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", st.sampled_from(TAGS), inner), max_size=5
    ).map("".join),
    max_leaves=30,
)


@given(html, st.integers(1, 90))
def test_any_html(source: str, width: int) -> None:
    """It ends in one line break, has no run of empty lines, no NUL, and no line too wide that could be broken."""
    text = html_to_text(source, width)

    assert not text or text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\x00" not in text
    for line in text.split("\n"):
        assert display_width(line) <= width or breaks_nowhere(line)


def breaks_nowhere(line: str) -> bool:
    """Whether a line is one word behind its markers, or a link's own end."""
    return len(line.lstrip("->0123456789. ").split(" ")) <= 2


@given(st.text())
def test_any_text(source: str) -> None:
    """Nothing raises, and the same input gives the same text."""
    assert html_to_text(source) == html_to_text(source)
