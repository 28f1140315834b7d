"""What the tests of the command share besides fixtures."""

from __future__ import annotations

import os
import pty
import select
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from click.testing import Result


class Run(Protocol):
    """Runs the command in this process: `run("list", "--json")`."""

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        """The result, with stdout and stderr apart."""


def mails(folder: Path) -> list[Path]:
    """What the file transport wrote below a project, oldest first."""
    return sorted((folder / ".notify" / "mail").glob("*.eml"))


class Terminal:
    """What a person types at a terminal, and sees there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def type(self, text: str) -> None:
        """Type something, ahead of the question."""
        os.write(self._descriptor, text.encode())

    def seen(self) -> str:
        """What is to be seen so far."""
        text = b""
        while select.select([self._descriptor], [], [], 0.2)[0]:
            text += os.read(self._descriptor, 100_000)
        return text.decode()


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Stdin, stdout and stderr of this process are a terminal of 60 columns."""
    parent, child = pty.openpty()
    with (
        os.fdopen(child, "r", encoding="utf-8") as stdin,
        open(os.dup(child), "w", encoding="utf-8") as stdout,  # noqa: PTH123 - a descriptor
        open(os.dup(child), "w", encoding="utf-8") as stderr,  # noqa: PTH123 - a descriptor
        monkeypatch.context() as patch,
    ):
        patch.setenv("COLUMNS", "60")
        patch.setenv("TERM", "xterm-256color")
        patch.setattr(sys, "stdin", stdin)
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        yield Terminal(parent)
    os.close(parent)
