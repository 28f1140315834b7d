"""What a browser makes of the document that shows a mail."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from notify.preview.frame import frame_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]

DARK = "(prefers-color-scheme: dark)"
QUERIES = [
    DARK,
    "(prefers-color-scheme: light)",
    "(prefers-color-scheme)",
    f"not {DARK}",
    f"not screen and {DARK}",
    f"not print and {DARK}",
    f"print, {DARK}",
    f"(not {DARK}) and (min-width: 1px)",
    f"({DARK}) or (prefers-color-scheme: light)",
    "(prefers-color-scheme: no-preference)",
    "not (prefers-color-scheme: no-preference)",
    "(prefers-color-scheme: dark light)",
    f"{DARK} and",
]
SHEETS = [
    *(f"@media {query} {{#x{{color:rgb(2,2,2)}}}}" for query in QUERIES),
    f"@supports {DARK} {{#x{{color:rgb(2,2,2)}}}}",
    f"@supports not {DARK} {{#x{{color:rgb(2,2,2)}}}}",
    f"@supports (color:red) {{@media {DARK} {{#x{{color:rgb(2,2,2)}}}}}}",
    "#x{color:light-dark(rgb(1,1,1),rgb(2,2,2))}",
    ":root{color-scheme:light dark}#x{color:light-dark(rgb(1,1,1),rgb(2,2,2))}",
    "html,body{color-scheme:dark light}#x{color:light-dark(rgb(1,1,1),rgb(2,2,2))}",
]


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[str, Page]]:
    """A page of a reader who likes it light, and one of a reader who likes it dark."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield {
            "light": browser.new_page(color_scheme="light"),
            "dark": browser.new_page(color_scheme="dark"),
        }
        browser.close()


def color(page: Page, html: str) -> str:
    """The colour of the paragraph."""
    page.set_content(html)
    return str(page.evaluate("getComputedStyle(document.getElementById('x')).color"))


@pytest.mark.parametrize("css", SHEETS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_reader_sees_the_scheme_that_was_asked_for(
    pages: dict[str, Page], css: str, scheme: Literal["light", "dark"]
) -> None:
    """The document looks, to anybody, as the mail looks to a reader who likes that scheme."""
    html = f"<!doctype html><title>x</title><style>#x{{color:rgb(1,1,1)}}{css}</style><p id=x>x"
    expected = color(pages[scheme], html)
    document = frame_document(html, inline={}, scheme=scheme)

    assert [expected, expected] == [color(pages[reader], document) for reader in ("light", "dark")]


def test_nothing_runs_and_nothing_is_loaded(pages: dict[str, Page]) -> None:
    """Scripts, handlers and remote files do nothing, though the page itself is in no sandbox."""
    html = (
        "<html onclick='document.title=1'><p id=x>x</p><script>document.title=2</script>"
        "<img src=http://127.0.0.1:9/x onerror='document.title=3'><link rel=stylesheet href=http://127.0.0.1:9/y>"
        "<meta http-equiv=refresh content='0;url=about:blank#gone'><iframe src=http://127.0.0.1:9/z></iframe>"
    )
    page = pages["light"]
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.set_content(frame_document(html, inline={}))
    page.click("#x")
    page.wait_for_timeout(200)

    assert "" == page.title()
    assert [] == asked
    assert "gone" not in page.url


def test_texts_take_the_place_of_images(pages: dict[str, Page]) -> None:
    """Without images, an image keeps its declared size, and no background is there."""
    html = '<p id=x style="background:url(cid:a)"><img alt="A long text" width=200 height=60 src=cid:a>'
    page = pages["light"]
    page.set_content(frame_document(html, inline={"a": ("image/png", b"")}, images=False))
    box = page.locator("img").bounding_box()

    assert box is not None
    assert (200, 60) == (box["width"], box["height"])
