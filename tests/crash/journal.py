"""A file to which several processes append what happens, a line each; what one wrote before it died stays."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class Journal:
    """The file; each entry has `at`, in seconds of a clock that all processes of the machine share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, event: str, **details: Any) -> None:
        """Append an entry, in one call of the system."""
        os.write(self._file, json.dumps({"at": time.monotonic(), "event": event, **details}).encode() + b"\n")

    def read(self, event: str) -> list[dict[str, Any]]:
        """The entries of one kind, oldest first."""
        mark = f'"event": "{event}"'
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if mark in line]

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
