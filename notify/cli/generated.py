"""Files that a command generates: writing them where they differ, and checking that they are current."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from notify.atomic import write_atomically
from notify.cli.failure import DONE, FAILED
from notify.cli.output import say, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST = 20
"""Lines of a difference that are shown."""


def write(files: Mapping[Path, str]) -> None:
    """Write each file that is not there, or says something else.

    Raises:
        click.ClickException: a file cannot be written.
    """
    for path, text in files.items():
        if _text(path) == text:
            say(f"kept   {shown(path)}, which is current")
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text.encode())
        except OSError as error:
            raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
        click.echo(f"wrote  {shown(path)}")


def check(files: Mapping[Path, str], command: str) -> int:
    """Say which files are not current, and how; the exit code. `command` writes them."""
    stale = [path for path, text in files.items() if _text(path) != text]
    for path in stale:
        before = _text(path)
        if before is None:
            say(f"{shown(path)} is not there", fg="red")
            continue
        say(f"{shown(path)} is not current", fg="red")
        lines = list(
            difflib.unified_diff(before.splitlines(), files[path].splitlines(), "file", "current", n=1, lineterm="")
        )
        for line in lines[:_MOST]:
            click.echo(line)
        if len(lines) > _MOST:
            click.echo(f"... and {len(lines) - _MOST:,} more lines")
    if stale:
        say(f"`{command}` writes what is current.")
        return FAILED
    say("Everything is current.")
    return DONE


def _text(path: Path) -> str | None:
    """What a file says; None if it is not there or is no text."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
