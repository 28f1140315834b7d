"""Plain text with its links made clickable."""

from __future__ import annotations

import re
from html import unescape

import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st

from notify.markup.linkify import found_links, linked


def urls(text: str) -> list[str]:
    """The links in a text."""
    return [url for _, _, url in found_links(text)]


def test_text_is_escaped_and_links_are_made() -> None:
    """All that is no link is text."""
    assert (
        '&lt;b&gt; <a href="https://a.example/?b=1&amp;c=%22" rel="noopener noreferrer" target="_blank">'
        "https://a.example/?b=1&amp;c=%22</a> &#34;"
    ) == linked('<b> https://a.example/?b=1&c=%22 "')


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://a.example", "http://a.example"),
        ("HTTPS://A.example/", "HTTPS://A.example/"),
        ("(see https://a.example/b).", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("<https://a.example>", "https://a.example"),
        ("[x]: https://a.example/], y", "https://a.example/"),
        ("https://a.example/?token=a_-~_", "https://a.example/?token=a_-~_"),
        ('"https://a.example/"', "https://a.example/"),
        ("https://a.example/!?...", "https://a.example/"),
        ("\u201ehttps://a.example\u201d", "https://a.example"),
        ("\uff08https://a.example\uff09\u3002", "https://a.example"),
        ("https://[2001:db8::1]:80/x", "https://[2001:db8::1]:80/x"),
        ("https://ex\u00e4mple.de/\u00e9", "https://ex\u00e4mple.de/\u00e9"),
        ("https://a.example/#b'", "https://a.example/#b"),
        ("mailto:a@b.example?subject=x%20y.", "mailto:a@b.example?subject=x%20y"),
        ("write to a.b+c@d-e.example.", "mailto:a.b+c@d-e.example"),
        ("<a@b.example>", "mailto:a@b.example"),
        ("j\u00f6rg@ex\u00e4mple.de", "mailto:j\u00f6rg@ex\u00e4mple.de"),
    ],
)
def test_links_are_found(text: str, url: str) -> None:
    """Addresses end before what ends a sentence, and before a bracket that was not opened in them."""
    assert [url] == urls(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example",
        "file:///etc/passwd",
        "xhttp://a.example",
        "https://",
        "https://...",
        "mailto:",
        "a@b",
        "a@1.2",
        "a@.example",
        "@b.example",
        "www.a.example",
    ],
)
def test_what_is_no_link_stays_text(text: str) -> None:
    """Other schemes, schemes alone, and names without one."""
    assert [] == urls(text)


def test_no_quote_ends_the_attribute() -> None:
    """An address cannot break out of its element."""
    assert "onclick" not in re.sub(r">[^<]*", ">", linked("https://a.example/\"onclick='x'>' onclick=x"))


@given(st.text(alphabet="htps:/a.b@milo()<>\"'& \n,"))
def test_all_is_shown(text: str) -> None:
    """Without its tags, the result is the text."""
    assert text == unescape(re.sub(r"<[^>]*>", "", linked(text)))


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "a@a.", "http://", "http://a ", "a-", "x@a.b@", "a_", "@", "mailto:", "a.1.", "\n"]
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    """A megabyte of beginnings takes a few seconds at most."""
    with bounded(15):
        linked("x@" + piece * (1_000_000 // len(piece)) + ")" * 100_000)
