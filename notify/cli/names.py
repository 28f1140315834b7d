"""The argument that names a notification, and how a shell completes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The ids that begin so. They come from the names of the files, which is quick and needs no correct file."""
    try:
        folders = ctx.ensure_object(Project).configuration().notifications
    except Exception:  # noqa: BLE001 - a shell that completes wants names or nothing
        return []
    return sorted({name for folder in folders for name in _ids(folder) if name.startswith(incomplete)})


name_argument = click.argument("name", shell_complete=complete)


def _ids(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.y*ml"):
        if path.suffix in {".yaml", ".yml"}:
            yield ".".join(path.relative_to(folder).with_suffix("").parts)
