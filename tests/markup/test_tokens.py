"""HTML taken apart by position."""

from __future__ import annotations

import pytest
from bounded import bounded
from hypothesis import example, given
from hypothesis import strategies as st

from notify.markup.tokens import tokens


def kinds(html: str) -> list[tuple[str, str]]:
    """Kind and source of each token."""
    return [(token.kind, html[token.start : token.end]) for token in tokens(html)]


def test_a_document_is_taken_apart() -> None:
    """Comments, doctype, tags and text are told apart."""
    html = "<!-- <a> --><!DOCTYPE html>\n<P>x < y</p ><br/>"

    assert [
        ("comment", "<!-- <a> -->"),
        ("comment", "<!DOCTYPE html>"),
        ("text", "\n"),
        ("start", "<P>"),
        ("text", "x < y"),
        ("end", "</p >"),
        ("start", "<br/>"),
    ] == kinds(html)


def test_attributes_are_read_as_browsers_do() -> None:
    """Quotes, none, none needed, capitals, references, odd names; the first of two counts."""
    html = """<a HREF = "x?a=1&amp;b>" title='"' id=it's/ disabled id=2 =x "y">"""
    (token,) = tokens(html)

    assert [
        ("href", "x?a=1&b>"),
        ("title", '"'),
        ("id", "it's/"),
        ("disabled", ""),
        ("id", "2"),
        ("=x", ""),
        ('"y"', ""),
    ] == [(attribute.name, attribute.value) for attribute in token.attributes]
    assert "it's/" == token.get("id")
    assert token.get("nothing") is None
    assert """HREF = "x?a=1&amp;b>\"""" == html[token.attributes[0].start : token.attributes[0].end]


@pytest.mark.parametrize("name", ["style", "script", "title", "textarea", "xmp", "iframe", "noembed", "noframes"])
def test_what_holds_no_tags_is_raw(name: str) -> None:
    """Within such an element nothing is a tag but its own end, in any case."""
    html = f"<{name}><b></{name}x><!-- </{name.upper()}\n>-->"

    assert [
        ("start", f"<{name}>"),
        ("raw", f"<b></{name}x><!-- "),
        ("end", f"</{name.upper()}\n>"),
        ("text", "-->"),
    ] == kinds(html)
    assert name == list(tokens(html))[1].name


def test_an_empty_raw_element_has_no_text() -> None:
    """Nothing is between the tags."""
    assert [("start", "<style>"), ("end", "</style>")] == kinds("<style></style>")


@pytest.mark.parametrize("comment", ["<!-->", "<!--->", "<!-- x --!>", "<![if !mso]>", "<?xml ?>", "</ p>", "<!>"])
def test_odd_comments_end_where_browsers_end_them(comment: str) -> None:
    """Short comments, declarations and instructions end early."""
    assert [("comment", comment), ("start", "<b>"), ("text", "-->")] == kinds(f"{comment}<b>-->")


@pytest.mark.parametrize("rest", ["<a href='x>", "<a href", "<a ", "<a", "<!-- x", "<!", "</p", "</p class=", "<?"])
def test_what_has_no_end_goes_to_the_end(rest: str) -> None:
    """A tag or a comment that is not closed takes the rest of the source."""
    assert [("text", "x"), ("unclosed", rest)] == kinds(f"x{rest}")


@pytest.mark.parametrize("text", ["", "a < b", "1<2", "<", "</", "&lt;b>", "<ä>", "a<"])
def test_text_is_text(text: str) -> None:
    """A sign that begins no tag is text."""
    assert ([("text", text)] if text else []) == kinds(text)


@given(st.text(alphabet="<>/!-='\" abstyle\n&;"))
@example("<style></style")
@example("<a b='")
def test_tokens_cover_the_source(html: str) -> None:
    """Joined, the tokens are the source, whatever it is."""
    assert html == "".join(source for _, source in kinds(html))


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", '<a b="', "<style>", "</", "<a\n", "<a b  ", "<title></titlex", "<!", "<p a='x='"]
)
def test_hostile_sources_take_linear_time(piece: str) -> None:
    """A megabyte of beginnings is read in about a second."""
    with bounded(10):
        list(tokens(piece * (1_000_000 // len(piece))))
