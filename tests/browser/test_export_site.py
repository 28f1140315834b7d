"""An export, opened in a browser as files on a disk and over HTTP below a path."""

from __future__ import annotations

import functools
import re
import threading
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notify import Catalog, Notifier
from notify.configuration import Configuration
from notify.preview.chromium import find_chromium
from notify.preview.export import export
from notify.preview.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
HOSTILE = """\
subject: "<script>top.ran = 1</script>"
html: |
  <script>top.ran = 1; document.title = 'ran'</script>
  <p onclick='top.ran = 1'>Hi</p><img src=https://a.example/x alt=x>
text: "<script>top.ran = 1</script>"
samples: {one: {}}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@dataclass(slots=True)
class Opened:
    """A page, with what it asked for and complained about."""

    page: Page
    root: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(f"{self.root}/{path}")
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shop, in a folder whose name has a blank."""
    folder = tmp_path_factory.mktemp("export") / "the site"
    export(_project(SHOP), folder)
    return folder


@pytest.fixture(params=["file", "http"])
def site(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Opened]:
    """The site in a new window; nothing may leave, and nothing may be complained of."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder.parent)))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        root = folder.as_uri() if request.param == "file" else f"{host}/the%20site"
        opened = Opened(context.new_page(), root)
        opened.page.on("request", lambda each: opened.requests.append(each.url))
        opened.page.on("console", lambda each: opened.complaints.append(each.text))
        opened.page.on("pageerror", lambda each: opened.complaints.append(str(each)))
        yield opened
    server.shutdown()
    server.server_close()

    assert [] == opened.complaints
    assert opened.requests
    assert [] == [url for url in opened.requests if not url.startswith((f"{root}/", "data:"))]


def _project(folder: Path) -> Project:
    configuration = Configuration.load(folder / "notify.yaml")
    return Project(Notifier(configuration=configuration, catalog=Catalog(()), environment="test"))


def shown(page: Page) -> list[str]:
    """The notifications that can be seen in the index."""
    return page.locator("[data-row]:visible [data-first]").all_inner_texts()


def sections(page: Page) -> list[str | None]:
    """The views that can be seen."""
    return [each.get_attribute("data-section") for each in page.locator("[data-section]:visible").all()]


def test_the_filter(site: Opened) -> None:
    """The filter looks into ids, descriptions, categories, subjects and texts; all words must be there."""
    page = site.go("index.html")
    found = {}
    for words in ("invoice", "PARCEL", "marketing", "mot de passe", "darjeeling", "security  fr", "nowhere"):
        page.get_by_label("Filter notifications").fill(words)
        found[words] = shown(page)

    assert {
        "invoice": ["invoice"],
        "PARCEL": ["order_shipped"],
        "marketing": ["weekly_digest"],
        "mot de passe": ["password_reset"],
        "darjeeling": ["order_confirmation"],
        "security  fr": found["security  fr"],
        "nowhere": [],
    } == found
    assert "password_reset" in found["security  fr"]
    assert page.get_by_text("None has all of these words.").is_visible()
    assert "0 of 7" == page.locator("[data-count]").inner_text()


def test_keys_of_the_index(site: Opened) -> None:
    """`/` filters, `j` and `k` go up and down what is shown, Enter opens it, Escape shows all again, `?` the keys."""
    page = site.go("index.html")

    page.keyboard.press("/")
    page.keyboard.type("order")
    page.keyboard.press("Escape")
    assert 7 == len(shown(page))
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    assert "new_sign_in" == page.evaluate("document.activeElement.innerText")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/n/new_sign_in/default/en/index.html")


def test_the_tabs(site: Opened) -> None:
    """One view is shown at a time, chosen by click or number, and the URL says which; a reload shows the same."""
    page = site.go("n/invoice/default/en/index.html")
    assert ["html"] == sections(page)

    page.get_by_role("link", name="MIME", exact=True).click()
    assert ["mime"] == sections(page)
    page.keyboard.press("2")
    assert ["text"] == sections(page)
    assert page.url.endswith("#show=text")
    page.reload()

    assert ["text"] == sections(page)
    assert page.locator(".text-view").is_visible()
    assert 0 == page.evaluate("scrollY")


def test_lines_of_the_source(site: Opened) -> None:
    """A link to a line shows the source with that line in sight."""
    page = site.go("n/invoice/default/en/index.html")

    page.get_by_role("link", name=re.compile(r"line \d\d")).first.click()

    assert ["source"] == sections(page)
    page.wait_for_function("scrollY > 0")
    assert page.locator(".line:target").evaluate("each => each.getBoundingClientRect().top > 100")


def test_the_frame(site: Opened) -> None:
    """The frame shows the mail; its colours and its width are chosen by click or key, and stay from mail to mail."""
    page = site.go("n/password_reset/default/fr/index.html")
    frame = page.frame_locator("iframe")
    assert frame.get_by_role("heading", name="Réinitialisez votre mot de passe").is_visible()
    steps = page.evaluate("history.length")

    page.keyboard.press("d")
    page.keyboard.press("m")
    page.wait_for_function("document.querySelector('iframe').getAttribute('src') === 'render.dark.html'")
    assert 375 == page.locator("iframe").bounding_box()["width"]  # type: ignore[index]
    assert steps == page.evaluate("history.length")
    page.keyboard.press("j")
    page.wait_for_url("**/n/password_reset/french/en/index.html#show=dark,375")

    assert "render.dark.html" == page.locator("iframe").get_attribute("src")
    assert "true" == page.get_by_role("button", name="Dark").get_attribute("aria-pressed")
    page.get_by_role("button", name="Wide").click()
    assert 600 < page.locator("iframe").bounding_box()["width"]  # type: ignore[index]


def test_going_around(site: Opened) -> None:
    """Keys lead to other samples and locales, around in a ring, to the index, and to its filter."""
    page = site.go("n/password_reset/default/en/index.html")

    for key, place in (("[", "short_lived/en"), ("]", "default/en"), ("l", "default/fr"), ("L", "default/en")):
        page.keyboard.press(key)
        page.wait_for_url(f"**/n/password_reset/{place}/index.html")
    page.keyboard.press("Escape")
    page.wait_for_url(f"{site.root}/index.html")
    site.go("n/password_reset/default/en/index.html").keyboard.press("/")
    page.wait_for_url(f"{site.root}/index.html#filter")

    assert "filter" == page.evaluate("document.activeElement.id")


def test_dark_differs_from_light(site: Opened) -> None:
    """The two documents have different colours by themselves, whatever the browser prefers."""
    colours = {}
    for scheme in ("", ".dark"):
        for preferred in ("light", "dark"):
            site.page.emulate_media(color_scheme=preferred)
            page = site.go(f"n/welcome/default/en/render{scheme}.html")
            colours[scheme, preferred] = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert colours["", "light"] == colours["", "dark"]
    assert colours[".dark", "light"] == colours[".dark", "dark"]
    assert colours["", "light"] != colours[".dark", "light"]


def test_without_scripts(browser: Browser, folder: Path) -> None:
    """Where no script runs, all views stand below each other, tabs lead to them, and no control is dead."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{folder.as_uri()}/n/invoice/default/en/index.html")

        assert ["html", "text", "source", "headers", "mime", "inbox"] == sections(page)
        assert 0 == page.locator("button:visible").count()
        page.get_by_role("link", name="MIME", exact=True).click()
        assert page.url.endswith("#mime")


def test_scripts_of_mails_are_dead(browser: Browser, tmp_path: Path) -> None:
    """Scripts of a mail run neither in its frame nor where its document is opened alone, and it loads nothing."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notify.yaml").write_text("sender: a@example.com\n")
    (tmp_path / "notifications" / "bad.yaml").write_text(HOSTILE)
    export(_project(tmp_path), tmp_path / "site")
    root = (tmp_path / "site").as_uri()
    loaded: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("requestfinished", lambda each: loaded.append(each.url))
        page.on("requestfailed", lambda each: loaded.append(f"{each.failure} {each.url}"))
        page.goto(f"{root}/n/bad/one/en/index.html")
        page.frame_locator("iframe").get_by_text("Hi").click()
        assert page.evaluate("window.ran === undefined")
        page.goto(f"{root}/n/bad/one/en/render.html")
        page.get_by_text("Hi").click()

        assert page.evaluate("window.ran === undefined")
        assert "ran" != page.title()
        assert {"csp https://a.example/x"} == {url for url in loaded if not url.startswith(f"{root}/")}


def test_small_windows(browser: Browser, folder: Path) -> None:
    """On a phone no page is wider than the window."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        for path in ("index.html", *(f"n/invoice/default/en/index.html#show={view}" for view in ("html", "headers"))):
            page.goto(f"{folder.as_uri()}/{path}")
            assert 390 == page.evaluate("document.documentElement.scrollWidth"), path
