"""What a mail points to."""

from __future__ import annotations

import pytest

from notify.markup.links import Image, Link, images, links

GIF = b"GIF89a\x02\x00\x03\x00"


def test_links_have_words_and_lines() -> None:
    """A link is what its `href` says, its words what a reader sees; both may be written in odd ways."""
    html = (
        '<p>\n<A HREF=" https://a.example/?b=1&amp;c=2 ">Pay <b>now</b>,\n  please &amp; thanks</a>\n'
        "<area href=https://b.example alt='The shop'><area href=https://c.example><a name=x>no link</a>"
    )

    assert (
        Link("https://a.example/?b=1&c=2", "Pay now, please & thanks", 2, "html"),
        Link("https://b.example", "The shop", 4, "html"),
        Link("https://c.example", "", 4, "html"),
    ) == links(html, None)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<img alt='Our shop' src=x>", "Our shop"),
        ("<img src=x>", ""),
        ("See<br>more<td>here</td>now", "See more here now"),
        ("a<i>b</i>c<!-- d --><style>e{}</style>", "abc"),
        ("a &lt; b", "a < b"),
    ],
)
def test_words_are_what_is_seen(inside: str, words: str) -> None:
    """Texts of images count, comments and styles do not, and lines do not run together."""
    assert (Link("x", words, 1, "html"),) == links(f"<a href=x>{inside}</a>", None)


def test_links_do_not_nest() -> None:
    """A link ends where the next begins, or with the mail."""
    assert (Link("a", "x", 1, "html"), Link("b", "y", 2, "html")) == links("<a href=a>x\n<a href=b>y", None)


def test_an_empty_link_is_one() -> None:
    """Where the address is missing somebody has to see it."""
    assert (Link("", "x", 1, "html"),) == links("<a href>x</a>", None)


def test_what_is_commented_out_is_no_link() -> None:
    """Neither comments nor the text of other elements count."""
    assert () == links("<!-- <a href=x>x</a> --><title><a href=y>y</a></title>", "")


def test_links_of_the_text() -> None:
    """They have the lines of the text, and their own words."""
    assert (
        Link("https://a.example", "https://a.example", 2, "text"),
        Link("mailto:b@c.example", "b@c.example", 4, "text"),
    ) == links(None, "Pay:\nhttps://a.example\n\nor write to b@c.example.")


def test_equal_links_are_one() -> None:
    """With the same words in the same part they are counted; the first line stays."""
    html = "<a href=x>a</a>\n<a href=x>b</a>\n<a href=x> a </a>"

    assert (
        Link("x", "a", 1, "html", 2),
        Link("x", "b", 2, "html"),
        Link("http://x", "http://x", 1, "text", 2),
    ) == links(html, "http://x http://x")


def test_images_as_declared() -> None:
    """Text and size of an image, by attribute or by style; what is missing is None."""
    html = (
        "<img src=' a&amp;b ' alt='' width=100 height='50%'>\n"
        "<IMG style='max-width:9px; WIDTH : 10px;height:auto' width=20><img alt=x>"
    )

    assert (
        Image("a&b", "", "100", "50%", 1),
        Image("", None, "20", "auto", 2),
        Image("", "x", None, None, 2),
    ) == images(html, {})


def test_images_that_the_mail_brings_along() -> None:
    """Their octets and pixels are known, if it is a picture that is known."""
    inline = {"a@b": ("image/gif", GIF), "c": ("image/svg+xml", b"<svg/>")}

    assert (
        Image("cid:a%40b", None, "1", None, 1, len(GIF), (2, 3)),
        Image("cid:c", None, None, None, 1, 6, None),
        Image("cid:d", None, None, None, 1),
    ) == images("<img src=cid:a%40b style='width: 1'><img src=cid:c><img src=cid:d>", inline)


def test_a_mail_without_html_has_no_images() -> None:
    """Nor has a comment any."""
    assert () == images(None, {}) == images("<!-- <img src=x> --></img>", {})
