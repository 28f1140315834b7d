"""The file of `--recipients` as octets: read several times, the same each time."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import IO, Self, cast

from notify.cli.failure import Wrong

BOM = b"\xef\xbb\xbf"
_CSV = frozenset({".csv", ".tsv"})
_JSON = frozenset({".jsonl", ".ndjson", ".json"})
_BEGINNING = 4096
_BLOCK = 1 << 20


class Source:
    """A file; a context manager. What can be read only once, such as stdin, is kept in a temporary file.

    Args:
        name: its path; `-` is stdin.

    Attributes:
        name: what to call it.

    Raises:
        Wrong: it cannot be read.
    """

    def __init__(self, name: str) -> None:
        self.name = "<stdin>" if name == "-" else name
        try:
            self._file = _kept(sys.stdin.buffer) if name == "-" else _opened(Path(name))
        except OSError as error:
            raise Wrong(f"{self.name}: {error.strerror or error}") from error
        self._state = self._now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def is_csv(self) -> bool:
        """Whether it is CSV; where its name does not say, JSON Lines begin with a brace."""
        suffix = Path(self.name).suffix.lower()
        if suffix in _CSV | _JSON:
            return suffix in _CSV
        return not self.open().read(_BEGINNING).removeprefix(BOM).lstrip().startswith(b"{")

    def open(self) -> IO[bytes]:
        """The octets from the beginning; what was opened before is not to be read further."""
        self._file.seek(0)
        return io.BufferedReader(io.FileIO(self._file.fileno(), closefd=False))

    def digest(self) -> str:
        """The SHA-256 of the octets."""
        return hashlib.file_digest(self.open(), "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed wants more

    def lines(self) -> int:
        """How many lines there are, about."""
        file = self.open()
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))

    def check_unchanged(self) -> None:
        """See that the file is what it was.

        Raises:
            Wrong: it was written to since.
        """
        if self._now() != self._state:
            raise Wrong(f"{self.name} was changed while it was read; nothing more was sent of it")

    def _now(self) -> tuple[int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns


def _opened(path: Path) -> IO[bytes]:
    file = path.open("rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    with file:
        return _kept(file)


def _kept(given: IO[bytes]) -> IO[bytes]:
    file = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 - closed with the source
    shutil.copyfileobj(given, file)
    file.flush()
    return file
