"""Dark mode that the mail brings along."""

from __future__ import annotations

import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st

from notify.markup.tokens import tokens
from notify.preview.frame.scheme import canvas, settled, supports_dark

YES, NO = "(min-color:0)", "(min-color:999)"


@pytest.mark.parametrize(
    ("query", "dark", "light"),
    [
        ("(prefers-color-scheme: dark)", YES, NO),
        ("(prefers-color-scheme:light)", NO, YES),
        ("(prefers-color-scheme)", YES, YES),
        ("( PREFERS-color-scheme : DARK )", YES, NO),
        ("(prefers-color-scheme/**/:\n/* x */dark)", YES, NO),
        (
            "screen and (prefers-color-scheme: dark) and (min-width: 1px)",
            f"screen and {YES} and (min-width: 1px)",
            None,
        ),
        ("not all and (prefers-color-scheme: dark)", f"not all and {YES}", f"not all and {NO}"),
        ("print, (prefers-color-scheme: dark)", f"print, {YES}", f"print, {NO}"),
        ("(not (prefers-color-scheme: dark)) or (hover)", f"(not {YES}) or (hover)", None),
        ("((prefers-color-scheme: dark))", f"({YES})", f"({NO})"),
    ],
)
def test_a_query_is_settled(query: str, dark: str, light: str | None) -> None:
    """Each feature becomes one that is always true or never, wherever in a query it stands."""
    assert dark == settled(query, "dark")
    assert (light or dark.replace(YES, NO)) == settled(query, "light")


@pytest.mark.parametrize(
    "css",
    [
        "@media {} {{a{{b:c}}}}",
        "@supports (a:b) {{@media {}{{a{{b:c}}}}}}",
        '@import "x.css" screen and {};',
        "@import url(x.css) {};",
        "@custom-media --dark {};",
        "a{{@media {}{{b:c}}}}",
        "a{{color:if(media{}:red;else:blue)}}",
        "/* x */ @media {} {{",
        '@media {}{{a{{content:"\\"("}}}}',
        'a{{b:"unclosed\n}}@media {}{{}}',
    ],
)
def test_queries_are_found_in_style_sheets(css: str) -> None:
    """Nested, in imports, after strings and comments: the query is settled and all else is as it was."""
    assert css.format(YES) == settled(css.format("(prefers-color-scheme:dark)"), "dark")


@pytest.mark.parametrize(
    "css",
    [
        "/* @media (prefers-color-scheme: dark) */",
        "/* (prefers-color-scheme: dark)",
        'a::before{content:"(prefers-color-scheme: dark)"}',
        "a::before{content:'\\'(prefers-color-scheme: dark)'}",
        "a{b:url( x(prefers-color-scheme: dark)}",
        "@media (prefers-color-scheme: no-preference){}",
        "@media (prefers-color-scheme: dark light){}",
        "@media (prefers-color-scheme: darker){}",
        "@media (x-prefers-color-scheme: dark){}",
        "prefers-color-scheme: dark",
    ],
)
def test_what_is_no_such_query_stays(css: str) -> None:
    """Comments, strings, addresses, and values that browsers do not know either are left as they are."""
    assert css == settled(css, "dark")


@given(st.text())
def test_other_css_stays(css: str) -> None:
    """Without the feature, CSS comes out octet for octet."""
    assert css == settled(css, "dark")


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="color-scheme" content="light dark">',
        "<META NAME=Supported-Color-Schemes CONTENT='DARK'>",
        "<style>:root{color-scheme:light dark}</style>",
        "<style>a{b:c}/*{*/ p , HTML {x:y; color-scheme : dark }</style>",
        "<style>@media screen{body{supported-color-schemes:light dark;}}</style>",
        "<body style='margin:0;color-scheme:dark'>",
    ],
)
def test_a_mail_says_that_it_can_be_dark(html: str) -> None:
    """By `meta`, or by CSS for the root or the body."""
    assert supports_dark(html, tuple(tokens(html)))


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<meta name="color-scheme" content="light only">',
        "<meta name=color-scheme>",
        '<meta name="description" content="dark">',
        "<style>:root{color-scheme:light}</style>",
        "<style>.card{color-scheme:dark}</style>",
        "<style>/* :root{color-scheme:dark} */</style>",
        "<style>:root{--color-scheme:dark}</style>",
        "<style>@media (prefers-color-scheme:dark){body{color:red}}</style>",
        "<style>color-scheme:dark</style>",
        "<title>:root{color-scheme:dark}</title>",
        "<!-- <meta name=color-scheme content=dark> -->",
        "<p style='color-scheme:dark'>",
    ],
)
def test_a_mail_does_not_say_that_it_can_be_dark(html: str) -> None:
    """What concerns other elements, other properties or nothing at all does not count."""
    assert not supports_dark(html, tuple(tokens(html)))


def test_the_canvas_is_settled() -> None:
    """The scheme of root and body outweighs what the mail says."""
    assert "html:not(#n),body:not(#n){color-scheme:dark!important}" == canvas("dark")


@pytest.mark.parametrize(
    "piece", ["/*", '"', "\\", "(/*", "( ", "url(", "(prefers-color-scheme:/**/", "{", ";a{", "}color-scheme:dark;"]
)
def test_hostile_css_takes_linear_time(piece: str) -> None:
    """A megabyte of beginnings takes about a second."""
    css = piece * (1_000_000 // len(piece)) + "prefers-color-scheme"
    html = f"<style>{css}</style>"
    with bounded(10):
        settled(css, "dark")
        supports_dark(html, tuple(tokens(html)))
