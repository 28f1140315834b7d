"""Where the system's Chromium is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from notify.errors import ConfigError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""What the browser may be called on PATH."""
_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> Path | None:
    """The browser that `NOTIFY_CHROMIUM` names, else the first of the usual names on PATH, else macOS's application."""
    chosen = os.environ.get("NOTIFY_CHROMIUM")
    found = (shutil.which(name) for name in ([chosen] if chosen else [*NAMES, *_MACOS]))
    return next((Path(path) for path in found if path is not None), None)


def require_chromium() -> Path:
    """The browser.

    Raises:
        ConfigError: there is none.
    """
    if (path := find_chromium()) is not None:
        return path
    if chosen := os.environ.get("NOTIFY_CHROMIUM"):
        raise ConfigError(f"NOTIFY_CHROMIUM names {chosen!r}, which is no program that can be run")
    raise ConfigError(
        f"screenshots need Chromium or Chrome, and none was found: looked for {', '.join(NAMES)} on PATH; install one, "
        "or name another in NOTIFY_CHROMIUM"
    )
