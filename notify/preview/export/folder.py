"""The folder of a site: it is replaced as a whole, and only if nothing in it is anybody else's."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = "notifications.json"
GENERATOR = "notify export"
"""What the list of an export says that wrote it."""
_OURS = frozenset({"index.html", LIST, "assets", "n"})
_ANYBODYS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave behind wherever a person looks."""


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of `folder` at the end; after any error all is as it was.

    Raises:
        ConfigError: `folder` holds what no export wrote, or it cannot be written.
    """
    folder = Path(os.path.realpath(folder))
    try:
        _check(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = folder.with_name(f".{folder.name[:64]}.{os.urandom(4).hex()}.tmp")
        try:
            new.mkdir()
            yield new
            _swap(folder, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror or error}") from error


def _check(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ConfigError(f"{folder} is a file; an export needs a folder of its own")
    present = {path.name for path in folder.iterdir()} - _ANYBODYS
    foreign = sorted(present - _OURS) or sorted(present)
    if present and not (present <= _OURS and _is_export(folder)):
        raise ConfigError(
            f"{folder} holds what no export wrote, such as {foreign[0]!r}, and was left as it is; name a folder that "
            "is new, empty or an earlier export"
        )


def _is_export(folder: Path) -> bool:
    try:
        document = json.loads((folder / LIST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("generator") == GENERATOR


def _swap(folder: Path, new: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    old = new.with_suffix(".old")
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
