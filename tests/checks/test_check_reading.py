"""What rules read of a mail: colours, lengths, style sheets, and pages with the places of their elements."""

from __future__ import annotations

import pytest

from notify.checks.reading.colours import BLACK, WHITE, Colour, attribute_colour, background, colour, contrast
from notify.checks.reading.css import declarations, effective, sheet
from notify.checks.reading.lengths import font_size, pixels, sides
from notify.checks.reading.page import Page
from notify.markup.tokens import tokens


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#0f8", "#00ff88"), ("Red", "#ff0000"), ("rgb(1, 2, 3)", "#010203"), ("hsl(120 50% 50%)", "#40bf40"),
        ("currentcolor", None), ("inherit", None), ("oklch(0.5 0.1 20)", None), ("blurple", None), ("", None),
    ],
)  # fmt: skip
def test_colours_are_read(value: str, expected: str | None) -> None:
    """In all the usual forms; what depends on others is none."""
    found = colour(value)

    assert expected == (None if found is None else str(found))


def test_a_colour_of_an_attribute_may_lack_its_sign() -> None:
    """As in the HTML of old."""
    assert colour("#f2f4f6") == attribute_colour(" F2F4F6 ")
    assert colour("navy") == attribute_colour("navy")


def test_contrast_is_that_of_the_standard() -> None:
    """From 1 to 21, whichever is darker; a colour that is not opaque is mixed with what is below."""
    grey = Colour(0, 0, 0, 0.4).over(WHITE)

    assert 21 == pytest.approx(contrast(WHITE, BLACK))
    assert 1 == contrast(grey, grey)
    assert "#999999" == str(grey)
    assert 4.54 == pytest.approx(contrast(WHITE, attribute_colour("767676") or BLACK), abs=0.01)


def test_a_background_has_a_colour_or_a_picture() -> None:
    """Or both."""
    assert (colour("#fff"), True) == background("url(x.png) no-repeat #fff")
    assert (None, True) == background("linear-gradient(red, blue)")
    assert (None, False) == background("none")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("10px", 10), ("12pt", 16), ("1.5em", 30), ("2rem", 32), ("50%", 300), (".5in", 48), ("7", 7), ("auto", None)],
)
def test_lengths_are_read(value: str, expected: float | None) -> None:
    """In pixels."""
    assert expected == pixels(value, 20, 600)


def test_sizes_of_fonts_depend_on_the_one_around() -> None:
    """By share or by word."""
    assert [10, 24, 16, 13, None] == [font_size(each, 20) for each in ("50%", "larger", "medium", "small", "x")]


def test_sides_are_read_from_the_shorthand_and_their_own() -> None:
    """The number of values says which is which."""
    assert {"top": 1, "right": 2, "bottom": 3, "left": 2} == sides({"padding": "1px 2px 3px"}, "padding", 16)
    assert {"top": 4, "right": 4, "bottom": 9, "left": 4} == sides(
        {"padding": "4px", "padding-bottom": "9px"}, "padding", 16
    )
    assert {0} == set(sides({}, "padding", 16).values())


def test_a_style_sheet_knows_its_places() -> None:
    """Whatever ends its lines; what is in an at-rule says so."""
    css = (
        "a, .b > c { color: RED !important }\r\n/* x */\r\n@media (prefers-color-scheme: dark) {\r\n .x { top: 0 }\r\n}"
    )
    found = sheet(css)

    first, second = found.rules
    assert ("a", ".b > c") == first.selectors
    assert ["color", "top"] == [
        css[each.start :].partition(":")[0] for each in (first.declarations + second.declarations)
    ]
    assert (".x { top", "@media") == (css[second.start :][:8], css[second.within[0].start :][:6])
    assert (False, True) == (first.is_dark, second.is_dark)


def test_the_style_that_counts_is_the_last_important_one() -> None:
    """A shorthand sets what it is short for."""
    found = declarations(
        "color: RED !important; color: blue; background-color: white; background: none; padding-top: 1px"
    )

    assert {"color": "red", "background": "none", "padding-top": "1px"} == effective(found)


def test_a_page_knows_where_its_elements_are_written() -> None:
    """Also where the HTML that is sent has more of them, and where they come in another order."""
    document = "<p>one</p><table><tr><td>two</td></tr></table><p>three</p>"
    sent = "<html><head></head><body><p>one</p><table><tbody><tr><td>two</td></tr></tbody></table><p>three</p></body>"
    page = Page(sent, tuple(tokens(document)))

    places = {each.tag: each.offset for each in page.elements}
    assert {"html": 0, "head": 0, "body": 0, "p": 46, "table": 10, "tbody": 10, "tr": 17, "td": 21} == places
    assert ["three"] == [each.words for each in page.matching("table + p")]
    assert [] == page.matching("p::before")


def test_words_of_blocks_do_not_run_together() -> None:
    """As they are seen; what is read of a link names its images."""
    page = Page("<a href=x title=t><p>one<b>two</b></p><p>three</p><style>p {}</style><img alt=four></a>", ())
    (link,) = page.matching("a")

    assert ("onetwo three", "onetwo three four") == (link.words, link.name)
