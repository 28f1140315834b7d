"""Files that go into mail, read so that nothing else can be read instead."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from notify.errors import ConfigError

LIMIT = 25 * 2**20
"""Octets that one file may have; base64 makes a third more of them."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read_below(root: Path, relative: str, limit: int = LIMIT) -> bytes:
    """The content of the file at `relative` below the folder `root`, of at most `limit` octets.

    Raises:
        ConfigError: the path is no relative one, leaves the root (through a link, too), or is no readable regular file
            of that size.
    """
    if _URL.match(relative):
        raise ConfigError(f"attachment {relative!r}: expected a path below {root}, not a URL or a drive")
    path = Path(relative)
    if not path.name or path.is_absolute() or ".." in path.parts or "\\" in relative or "\0" in relative:
        raise ConfigError(f"attachment {relative!r}: expected a relative path below {root}, without '..'")
    try:
        base, target = root.resolve(strict=True), (root / path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"attachment {relative!r}: cannot be read below {root}: {_words(error)}") from None
    if not target.is_relative_to(base):
        raise ConfigError(f"attachment {relative!r}: a link leads out of {root}, to {target}")
    return _read(target, f"attachment {relative!r}", limit)


def read_file(path: Path, limit: int = LIMIT) -> bytes:
    """The content of the regular file at `path`, which the application chose itself, of at most `limit` octets.

    Raises:
        ConfigError: it is no readable regular file of that size.
    """
    what = f"attachment {str(path)!r}"
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"{what}: cannot be read: {_words(error)}") from None
    return _read(target, what, limit)


def _read(path: Path, what: str, limit: int) -> bytes:
    """Open without following a link or waiting for a pipe, and check what was opened, not what was there before."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ConfigError(f"{what}: {path} is not a regular file")
            content = file.read(limit + 1) if status.st_size <= limit else None
    except OSError as error:
        raise ConfigError(f"{what}: cannot be read: {_words(error)}") from None
    if content is None or len(content) > limit:
        raise ConfigError(f"{what}: has {status.st_size} octets, more than the limit of {limit}")
    return content


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
