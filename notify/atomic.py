"""Files that appear whole or not at all."""

from __future__ import annotations

import logging
import os
from pathlib import Path

_log = logging.getLogger("notify.atomic")


def write_atomically(path: Path, data: bytes, *, temporary: Path | None = None, mode: int = 0o666) -> None:
    """Write `data` so that `path` holds either all of it, durably, or what it held before.

    The bytes go to a temporary file (hidden, in the same folder, unless `temporary` names another place on the same
    file system), are flushed to the disk, and take the name `path` in one step. Where `path` is a symbolic link, the
    file that it points to is replaced; a device or a pipe is written to as it is. `mode` is subject to the umask.

    Once the file has its name, nothing fails any more: where the folder then cannot be flushed, a warning is logged,
    for an error would say that there is no file, and a second try would make a second one. The file is whole all the
    same, but its name may be lost if the power fails within moments.

    Raises:
        OSError: it could not be written; nothing is left behind.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return
    temporary = temporary or path.with_name(f".{path.name[:64]}.{os.urandom(4).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too, if it can be; Windows cannot open a folder, and does it by itself."""
    if os.name != "posix":  # pragma: no cover
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        _log.warning("%s: a new file is there, but its name is not flushed to the disk: %s", folder, error)
