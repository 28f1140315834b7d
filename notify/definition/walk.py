"""Finding the files of definitions below a folder, without leaving it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import ConfigError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.yamlnodes import Reader

SUFFIXES = (".yaml", ".yml")


def shown_path(path: Path, shown_from: Path | None) -> str:
    """A path as messages show it: relative to `shown_from` if it lies below, with forward slashes."""
    if shown_from is not None and path.is_relative_to(shown_from):
        return path.relative_to(shown_from).as_posix()
    return path.as_posix()


class Walk:
    """Iterates over the YAML files below a folder, each with its path below it, in the order of the alphabet.

    Hidden entries and other files are passed over. A link that leads out of the folder is a fault.

    Raises:
        ConfigError: the folder, or one below it, cannot be read.
    """

    def __init__(self, reader: Reader, folder: Path, shown_from: Path | None) -> None:
        self._reader = reader
        self._folder = folder
        self._shown_from = shown_from

    def __iter__(self) -> Iterator[tuple[Path, Path]]:
        try:
            self._root = self._folder.resolve(strict=True)
            self._seen = {self._root}
            yield from self._below(Path())
        except OSError as error:
            at = shown_path(Path(error.filename or self._folder), self._shown_from)
            raise ConfigError(f"the folder of notifications {at} cannot be read: {error.strerror}") from None

    def _below(self, below: Path) -> Iterator[tuple[Path, Path]]:
        with os.scandir(self._folder / below) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        for entry in entries:
            path = Path(entry.path)
            is_folder = entry.is_dir()
            is_ours = is_folder or (path.suffix in SUFFIXES and (entry.is_file() or entry.is_symlink()))
            if entry.name.startswith(".") or not is_ours or (entry.is_symlink() and not self._may_follow(path)):
                continue
            if is_folder:
                self._seen.add(path.resolve())
                yield from self._below(below / entry.name)
            else:
                yield path, below / entry.name

    def _may_follow(self, link: Path) -> bool:
        """Whether a link leads to something in the folder that does not contain the link."""
        target = link.resolve()
        if target.is_relative_to(self._root):
            return target not in self._seen
        at = Location(shown_path(link, self._shown_from), 1)
        where = shown_path(target, self._shown_from)
        message = f"this is a link to {where}, outside of {shown_path(self._folder, self._shown_from)}"
        self._reader.fault(at, message, "copy it, or name its folder as well")
        return False
