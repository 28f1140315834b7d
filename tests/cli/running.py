"""What the tests of the command share besides fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


class Run(Protocol):
    """Runs the command in this process: `run("list", "--json")`."""

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        """The result, with stdout and stderr apart."""


def mails(folder: Path) -> list[Path]:
    """What the file transport wrote below a project, oldest first."""
    return sorted((folder / ".notify" / "mail").glob("*.eml"))
