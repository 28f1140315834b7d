"""Taking pictures."""

from __future__ import annotations

import contextlib
import math
import threading
from typing import TYPE_CHECKING, Self

from notify.errors import ConfigError
from notify.preview.chromium.browser import Browser
from notify.preview.chromium.finding import require_chromium
from notify.preview.chromium.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WIDEST, TALLEST = 4_000, 16_000
"""The most pixels of a picture; beyond 16,384 Chromium repeats what it has drawn."""
_SCREEN = 800  # the height of the window where the whole document is wanted


class Chromium:
    """Takes pictures. The browser is started when first needed, and again after it died; it serves one at a time.

    A context manager that ends the browser. Safe to share between threads.

    Args:
        path: the browser; by default the one that is found.
        timeout: seconds for one picture, and for the start.
    """

    def __init__(self, path: Path | None = None, *, timeout: float = 20.0) -> None:
        self._path = path
        self._timeout = timeout
        self._lock = threading.Lock()
        self._browser: Browser | None = None

    def screenshot(
        self, html: str, *, width: int, height: int | None = None, scale: float = 1.0, dark: bool = False
    ) -> bytes:
        """A PNG of a document, without its scripts and without anything from a network.

        Args:
            html: the document; its images are `data:` URLs.
            width: of the window, in CSS pixels.
            height: likewise; None for the whole document, of which more than 16,000 pixels are cut off.
            scale: how many pixels of the picture make a CSS pixel.
            dark: whether the reader prefers a dark scheme.

        Raises:
            ConfigError: there is no browser, it cannot be started, or a size cannot be had.
            BrowserError: it died or did not answer in time; the next call starts it again.
        """
        if scale <= 0 or not (1 <= width * scale <= WIDEST and (height is None or 1 <= height * scale <= TALLEST)):
            size = f"{width} x {height or 'auto'} at scale {scale:g}"
            raise ConfigError(f"a screenshot has at most {WIDEST:,} x {TALLEST:,} pixels, and at least one; got {size}")
        with self._conversation() as browser, Tab(browser, html) as tab:
            tab.resize(width, height or _SCREEN, scale, dark=dark)
            tab.load()
            return tab.picture(width, height or min(tab.height(), math.floor(TALLEST / scale)))

    def close(self) -> None:
        """End the browser; another picture starts it again."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _conversation(self) -> Iterator[Browser]:
        """The running browser, for this thread alone; after any failure nobody knows what it would say next."""
        with self._lock:
            try:
                if self._browser is None:
                    self._browser = Browser(self._path or require_chromium())
                    self._browser.greet(self._timeout)
                self._browser.answer_within(self._timeout)
                yield self._browser
            except BaseException:
                self._end()
                raise

    def _end(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            browser.end()
