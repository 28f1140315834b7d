"""A real browser, a real `notify preview`, and a copy of the example shop that tests may change."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE

from notify.preview.chromium import find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped, and say so."""
    if find_chromium() is None:
        here = Path(__file__).parent
        for item in items:
            if item.path.is_relative_to(here):
                item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))


class Preview:
    """A running preview.

    Attributes:
        folder: its project, which may be changed.
        url: where it answers, without a slash at the end.
        smtp: the port of its SMTP sink.
    """

    def __init__(self, folder: Path, url: str, smtp: int) -> None:
        self.folder = folder
        self.url = url
        self.smtp = smtp

    def read(self, name: str) -> str:
        """A file of the project."""
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Save a file, as an editor does."""
        (self.folder / name).write_text(text, encoding="utf-8")


class Window:
    """A page of the browser, and what it asked for and complained of."""

    def __init__(self, page: Page, preview: Preview) -> None:
        self.page = page
        self.preview = preview
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.refuses = False
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)

    def _failed(self, request: Any) -> None:
        # Chromium tells of requests that a policy kept from being made.
        if "csp" in (request.failure or "").lower():
            self.requests.remove(request.url)

    def _console(self, message: Any) -> None:
        # A refused param is answered with 422, which Chromium tells as an error; what a hostile mail may not do, too.
        if message.type in {"error", "warning"} and "422" not in message.text and not self.refuses:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        """Go to a page, and wait until it listens to changes and its frame is drawn."""
        self.page.goto(self.preview.url + path)
        self.page.wait_for_selector("html[data-listening]", state="attached")
        if self.page.query_selector("[data-frame]"):
            self.page.wait_for_selector("iframe[data-fitted]")
        return self.page

    def until(self, script: str, patience: float = 30) -> Any:
        """The value of an expression of the page as soon as it is true; the page's policy forbids it to poll itself."""
        end = time.monotonic() + patience
        while not (value := self.page.evaluate(script)):
            if time.monotonic() > end:
                raise AssertionError(f"it did not come true within {patience:g} s: {script}")
            time.sleep(0.02)
        return value

    def mail(self) -> str:
        """The text that the mail's frame shows."""
        return self.page.frame_locator("[data-frame] iframe:not(.coming)").locator("body").inner_text()

    def shows(self, words: str, patience: float = 30) -> None:
        """Wait until the mail's frame shows these words."""
        end = time.monotonic() + patience
        while words not in self.mail():
            if time.monotonic() > end:
                raise AssertionError(f"the frame does not show {words!r}:\n{self.mail()}")
            time.sleep(0.02)

    def style(self, selector: str, name: str) -> str:
        """A computed style of an element of the mail."""
        frame = self.page.frame_locator("[data-frame] iframe:not(.coming)")
        value: str = frame.locator(selector).first.evaluate(f"element => getComputedStyle(element)['{name}']")
        return value

    def _style_if_there(self, selector: str, name: str) -> str | None:
        """The same; None while the frame gives way to another."""
        from playwright.sync_api import Error

        try:
            return self.style(selector, name)
        except Error:
            return None

    def styled(self, selector: str, name: str, value: str, patience: float = 30) -> None:
        """Wait until an element of the mail has this computed style."""
        end = time.monotonic() + patience
        while (found := self._style_if_there(selector, name)) != value:
            if time.monotonic() > end:
                raise AssertionError(f"{name} of {selector} is {found}, not {value}")
            time.sleep(0.02)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; for one module, since Playwright keeps an event loop running in this thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """`notify preview` of a copy of the shop, with an SMTP sink."""
    folder = tmp_path_factory.mktemp("browser") / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns(".notify"))
    command = [sys.executable, "-m", "notify", "preview", "--port", "0", "--smtp", "0"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = [process.stderr.readline() for _ in range(2)]
    url, smtp = re.search(r"http://\S+", lines[0]), re.search(r"127\.0\.0\.1:(\d+)", lines[1])
    assert url is not None, lines
    assert smtp is not None, lines
    yield Preview(folder, url[0].rstrip("/"), int(smtp[1]))
    process.terminate()
    process.communicate(timeout=PATIENCE)


@pytest.fixture
def window(browser: Browser, preview: Preview) -> Iterator[Window]:
    """A window of 1440 x 900 pixels; nothing that a test opens may complain, or ask anybody else."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    found = Window(context.new_page(), preview)
    yield found
    foreign = [url for url in found.requests if not url.startswith((preview.url, "data:", "blob:"))]
    context.close()

    assert [] == foreign
    assert [] == found.complaints
