"""Environment variables, whose value may also lie in a file."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def variable(name: str, environ: Mapping[str, str]) -> str | None:
    """The value of a variable: its own, or the content of the file that `NAME_FILE` names; None if neither is set.

    Raises:
        OSError, UnicodeDecodeError: the file that `NAME_FILE` names cannot be read.
    """
    if name in environ:
        return environ[name]
    if path := environ.get(f"{name}_FILE"):
        file = Path(path)
        if not file.is_file() and file.exists():
            raise OSError(errno.EINVAL, "it is no regular file", path)
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    return None
