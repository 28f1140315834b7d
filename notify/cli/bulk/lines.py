"""A file of JSON Lines that only grows."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, Self

from notify.cli.failure import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 65536
_FOLDERS = 3
"""`.notify/bulk` may be new in a folder that is not."""


class Lines:
    """The file, open for this process alone; a context manager.

    What is written is there when this process is killed, and after `sync` also when the power fails. A last line that
    does not end, as a crash leaves it, is cut off when the file is opened.

    Args:
        path: the file; it and its folder are made if they are not there.

    Raises:
        Wrong: another process has it open.
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        try:
            _lock(self._descriptor, path)
            os.ftruncate(self._descriptor, whole(self._descriptor))
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def read(self) -> Iterator[dict[str, Any]]:
        """The documents.

        Raises:
            Wrong: a line is none.
        """
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    document = json.loads(line)
                except ValueError:
                    document = None
                if not isinstance(document, dict):
                    raise Wrong(f"{self.path}:{number}: the file is damaged: expected a JSON object")
                yield document

    def write(self, document: dict[str, Any]) -> None:
        """Add a document.

        Raises:
            OSError: it cannot be written, or not wholly.
        """
        data = f"{json.dumps(document, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")
        before = os.fstat(self._descriptor).st_size
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except OSError:
                os.ftruncate(self._descriptor, before)
                raise

    def sync(self) -> None:
        """Flush to the disk what was written.

        Raises:
            OSError: the disk cannot take it.
        """
        os.fsync(self._descriptor)

    def sync_name(self) -> None:
        """Flush the names of the file and of its folders to the disk; Windows does so by itself."""
        if os.name == "posix":
            for folder in self.path.absolute().parents[:_FOLDERS]:
                descriptor = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)


def whole(descriptor: int) -> int:
    """Where the last whole line ends."""
    place = os.lseek(descriptor, 0, os.SEEK_END)
    while place > 0:
        start = max(0, place - _CHUNK)
        os.lseek(descriptor, start, os.SEEK_SET)
        found = os.read(descriptor, place - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        place = start
    return 0


def _lock(descriptor: int, path: Path) -> None:
    try:
        if sys.platform == "win32":  # pragma: no cover
            import msvcrt

            os.lseek(descriptor, 1 << 40, os.SEEK_SET)  # a place where nobody reads
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Wrong(f"{path} is in use: another process is at these rows") from error
