"""The document that shows a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from notify.preview.frame import frame_document, policy

if TYPE_CHECKING:
    from notify.preview.frame import Scheme

INLINE = {"logo": ("image/png", b"abc")}
LOGO = "data:image/png;base64,YWJj"
HEAD = re.compile(
    r'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy".*?<base target="_blank"><style>.*?</style>'
)


def shown(html: str, *, scheme: Scheme = "light", images: bool = True, remote: bool = False) -> str:
    """The document."""
    return frame_document(html, inline=INLINE, scheme=scheme, images=images, remote=remote)


def without_head(document: str) -> str:
    """The document without what was put into its head, which has to be there once."""
    result, count = HEAD.subn("", document)
    assert 1 == count
    return result


def put_in(document: str) -> str:
    """The CSS that was put in."""
    found = HEAD.search(document)
    assert found
    return found[0].partition("<style>")[2].removesuffix("</style>")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        "\ufeff \n<!DOCTYPE html> \n<html>",
        "<!DOCTYPE html>",
        "<!-- c -->\n<!doctype html>\n<!-- d -->",
        "<html lang=en>",
        "<!DOCTYPE html>\n<HTML>\n<HEAD profile='>'>",
        "<head>",
    ],
)
@pytest.mark.parametrize("after", ["<title>x</title><p>x", "x<html><head>", "</p>", "<a", "<!-- x", ""])
def test_the_policy_comes_first(before: str, after: str) -> None:
    """It is put where the head begins, before anything that could show or run, and leaves the rest alone."""
    document = shown(before + after)

    assert before + after == without_head(document)
    assert document[len(before) :].startswith('<meta charset="utf-8">')


def test_browsers_find_the_policy_in_the_head() -> None:
    """Also where the mail has no head, or a late one."""
    for html in ("<p>x</p><head><title>y</title></head>", "x", "<!doctype html><body>"):
        meta = LexborHTMLParser(shown(html, remote=True)).css_first('head > meta[http-equiv="Content-Security-Policy"]')

        assert meta is not None
        assert policy(remote=True) == meta.attributes["content"]


@pytest.mark.parametrize("start", ["<html onclick=x>", "<head onclick=x>", "<html><head ONCLICK=x>"])
def test_handlers_come_after_the_policy(start: str) -> None:
    """A handler of the root itself is not read before the policy that forbids it."""
    assert shown(start).index("Content-Security-Policy") < shown(start).lower().index("onclick")


def test_a_mail_is_left_as_it_is() -> None:
    """Mistakes, conditional comments, odd spaces and quotes stay what they are."""
    html = (
        "<!DOCTYPE html>\r\n<html><head><STYLE>a > b {color : RED}</STYLE>"
        "<!--[if mso]><style>@media (prefers-color-scheme:dark){}</style><base href=x><![endif]--></head>\n"
        "<body BGCOLOR=#fff><table><p>x &nbsp &amp;copy; < y<td width = '10'>\t<img src=x.png ></b><b"
    )

    assert html == without_head(shown(html))


@given(st.text(alphabet="<>/!-='\" abhredsytl\n&;:(){}#"))
def test_any_html_can_be_shown(html: str) -> None:
    """It never fails, and has its policy once."""
    for scheme, images in (("dark", True), ("invert", False)):
        document = shown(html, scheme=scheme, images=images)  # type: ignore[arg-type]

        assert 1 == document.count("Content-Security-Policy")


@pytest.mark.parametrize(
    "tag",
    [
        '<meta http-equiv="refresh" content="0;url=http://x">',
        "<META CONTENT=0 HTTP-EQUIV=' Refresh '>",
        "<base href='http://x/'>",
        "<link rel='x preconnect' href=http://x>",
        "<link rel=DNS-prefetch href=//x>",
    ],
)
def test_what_leads_elsewhere_is_removed(tag: str) -> None:
    """Refreshes and bases, and links that reach other hosts in spite of the policy."""
    assert "<head><title>x</title>" == without_head(shown(f"<head>{tag}<title>x</title>"))


def test_remote_links_stay_where_they_are_allowed() -> None:
    """A preconnect is harmless where remote content is shown; a meta element without a refresh always."""
    html = "<link rel=preconnect href=http://x><meta name=x content=refresh><link>"

    assert html == without_head(shown(html, remote=True))


def test_links_open_elsewhere() -> None:
    """Whatever target and relation they have themselves; what is no link stays."""
    html = '<A href="http://x" target=_top rel=opener>x</A><area href=y><a name=z>'
    kept = ' target="_blank" rel="noopener noreferrer"'

    assert f'<A{kept} href="http://x" target=_top rel=opener>x</A><area{kept} href=y><a name=z>' == without_head(
        shown(html)
    )


def test_links_within_the_mail_stay_in_it() -> None:
    """A table of contents opens no window."""
    assert '<a target="_self" rel="noopener noreferrer" href=" #x">' == without_head(shown('<a href=" #x">'))


def test_inline_parts_are_put_in() -> None:
    """In attributes, `style` and style sheets, each escaped as its place needs."""
    html = (
        '<style>a{b:url(cid:logo)}</style><td background=cid:logo style=\'b:url("cid:logo");c:"&amp;"\'>'
        "<img alt='&lt;' src='cid:logo' srcset='cid:logo 2x'><img src=cid:none>"
    )

    assert (
        f"<style>a{{b:url({LOGO})}}</style>"
        f'<td background="{LOGO}" style="b:url(&quot;{LOGO}&quot;);c:&quot;&amp;&quot;">'
        f'<img alt=\'&lt;\' src="{LOGO}" srcset="{LOGO} 2x"><img src=cid:none>'
    ) == without_head(shown(html))


@pytest.mark.parametrize(
    ("scheme", "condition"), [("dark", "(min-color:0)"), ("light", "(min-color:999)"), ("invert", "(min-color:999)")]
)
def test_queries_are_settled_everywhere(scheme: Scheme, condition: str) -> None:
    """In style sheets, in `media` of any element, in `sizes` and in `style`; inversion begins with the light mail."""
    html = (
        "<style media='screen and {0}'>@media {0}{{a{{b:c}}}}</style><link media='{0}'>"
        "<source media='{0}'><img sizes='{0} 1px'><p style='color:if(media{0}:red)'><p title='{0}'>"
    )
    before = "(prefers-color-scheme: dark)"
    result = without_head(shown(html.format(before), scheme=scheme)).replace('"', "'")

    assert html.format(condition).replace(f"title='{condition}'", f"title='{before}'") == result


@pytest.mark.parametrize(
    ("html", "scheme", "expected"),
    [
        ("<meta name=color-scheme content='light dark'>", "dark", "dark"),
        ("<meta name=color-scheme content='light dark'>", "light", "light"),
        ("<meta name=color-scheme content='light dark'>", "invert", "light"),
        ("<p>", "dark", "light"),
    ],
)
def test_the_canvas_is_dark_only_where_the_mail_can_be(html: str, scheme: Scheme, expected: str) -> None:
    """A mail that does not say that it can be dark has a white canvas in dark clients, too."""
    assert f"color-scheme:{expected}!important" in put_in(shown(html, scheme=scheme))


def test_inversion_is_css() -> None:
    """Colours are turned over, images turned back; the other schemes have no filter."""
    css = put_in(shown("<p>", scheme="invert"))

    assert "html{background:#fff!important;filter:invert(1) hue-rotate(180deg)!important}" in css
    assert "img,video" in css
    assert "filter" not in put_in(shown("<p>", scheme="dark"))


def test_without_images_their_texts_are_shown() -> None:
    """Images lose their sources and keep sizes and texts; the policy keeps away all other images."""
    html = (
        "<picture><source srcset='x 1x' media=print><img width=10 alt=Logo src=cid:logo SRCSET=y></picture>"
        "<td background=cid:logo style='b:url(cid:logo)'><video src=z poster=cid:logo>"
    )
    document = shown(html, images=False, remote=True)

    assert (
        "<picture><source  media=print><img width=10 alt=Logo  ></picture>"
        "<td background=cid:logo style='b:url(cid:logo)'><video src=z poster=cid:logo>"
    ) == without_head(document)
    assert policy(remote=True, images=False) in document
    assert "outline:1px solid" in put_in(document)
    assert "outline" not in put_in(shown(html))
