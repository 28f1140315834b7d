"""Inline parts in the HTML that shows them."""

from __future__ import annotations

import pytest
from bounded import bounded

from notify.markup.cid import css_with_parts, data_urls, part_of, with_parts

URLS = data_urls({"logo@x": ("image/png", b"abc"), "a%b": ("image/gif; name=x", b""), "odd": ('"><script>', b"x")})
LOGO = "data:image/png;base64,YWJj"


def test_a_part_becomes_a_data_url() -> None:
    """The media type goes without parameters; what is none becomes octets."""
    assert {
        "logo@x": LOGO,
        "a%b": "data:image/gif;base64,",
        "odd": "data:application/octet-stream;base64,eA==",
    } == URLS


@pytest.mark.parametrize("url", ["cid:logo@x", "CID:logo@x", " cid:logo%40x\n", "cid:%6cogo@x"])
def test_a_part_is_found_by_its_name(url: str) -> None:
    """The name may be percent-encoded, the scheme in capitals."""
    assert LOGO == part_of(url, URLS)


@pytest.mark.parametrize("url", ["cid:nobody", "cid:LOGO@x", "logo@x", "http://cid:logo@x", ""])
def test_what_names_no_part_finds_none(url: str) -> None:
    """Names are compared as they are."""
    assert part_of(url, URLS) is None


def test_a_name_with_a_percent_sign_is_found() -> None:
    """A name is first taken as it is written."""
    assert URLS["a%b"] == part_of("cid:a%b", URLS) == part_of("cid:a%25b", URLS)


@pytest.mark.parametrize("name", ["src", "background", "poster"])
def test_an_attribute_that_is_a_url(name: str) -> None:
    """The whole value is replaced."""
    assert LOGO == with_parts(name, "cid:logo@x", URLS)


def test_each_candidate_of_a_srcset() -> None:
    """Those that there is a part for are replaced."""
    value = "cid:logo@x 1x,cid:logo%40x 2x, cid:none 3x, http://x/cid:logo@x 4x, cid:logo@x"

    assert f"{LOGO} 1x,{LOGO} 2x, cid:none 3x, http://x/cid:logo@x 4x, {LOGO}" == with_parts("srcset", value, URLS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("url(cid:logo@x)", f"url({LOGO})"),
        ("URL( 'CID:logo@x' )", f"URL( '{LOGO}' )"),
        ('a{b:url("cid:logo%40x") c}', f'a{{b:url("{LOGO}") c}}'),
        ("url(cid:none)", "url(cid:none)"),
        ('content:"cid:logo@x"', 'content:"cid:logo@x"'),
        ("url(x?cid:logo@x)", "url(x?cid:logo@x)"),
    ],
)
def test_urls_in_css(before: str, after: str) -> None:
    """In style sheets and `style`, each `url()` of a part is replaced."""
    assert after == css_with_parts(before, URLS) == with_parts("style", before, URLS)


@pytest.mark.parametrize(
    ("name", "value"),
    [("src", "cid:nobody"), ("href", "cid:logo@x"), ("alt", "cid:logo@x"), ("src", "x.png"), ("style", "color:red")],
)
def test_other_values_stay(name: str, value: str) -> None:
    """A link to a part, a text, and a part that is missing are left as they are."""
    assert value == with_parts(name, value, URLS)


@pytest.mark.parametrize("piece", ["url(", "url(  ", "cid:,", "url('  cid:"])
def test_hostile_values_take_linear_time(piece: str) -> None:
    """A megabyte of beginnings takes about a second."""
    with bounded(10):
        for name in ("srcset", "style", "src"):
            with_parts(name, piece * (1_000_000 // len(piece)) + "cid:", URLS)
