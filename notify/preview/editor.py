"""Links that open a file in an editor."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path

    from notify.errors import Location

PATTERNS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "windsurf": "windsurf://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
}
"""Editors that `NOTIFY_EDITOR` may name; anything with {path} in it is a pattern of one's own."""


def editor_link(base: Path, place: Location) -> str:
    """The URL that opens a place in the editor of `NOTIFY_EDITOR`, by default Visual Studio Code."""
    wanted = os.environ.get("NOTIFY_EDITOR", "")
    pattern = wanted if "{path}" in wanted else PATTERNS.get(wanted, PATTERNS["vscode"])
    path = quote((base / place.path).as_posix())
    values = {"{path}": path if path.startswith("/") else f"/{path}", "{line}": place.line, "{column}": place.column}
    # A pattern of one's own may have other braces, so that it is no format.
    return re.sub(r"\{(?:path|line|column)\}", lambda found: str(values[found[0]]), pattern)
