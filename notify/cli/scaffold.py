"""Writing the files that a project, or a notification, begins with; nothing that exists is ever overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import click

from notify.atomic import write_atomically
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def scaffold(kind: str) -> Iterator[tuple[str, str]]:
    """The files of `project` or `notification`: relative path and text; `dot_env` stands for `.env`."""
    root = templates_folder() / "scaffold" / kind
    for path in sorted(root.rglob("*")):
        if path.is_file():
            relative = path.relative_to(root)
            name = relative.with_name(relative.name.replace("dot_", ".", 1)) if path.name[:4] == "dot_" else relative
            yield name.as_posix(), path.read_text(encoding="utf-8")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with `$name` replaced."""
    return Template(text).substitute(values)


def modeline(path: Path, schema: Path) -> str:
    """The comment by which editors find the schema of a YAML file; nothing if there is no schema.

    It is that of yaml-language-server, which takes a path relative to the file.
    """
    if not schema.is_file():
        return ""
    return f"# yaml-language-server: $schema={Path(os.path.relpath(schema, path.parent)).as_posix()}\n"


def create(path: Path, text: str) -> bool:
    """Write a new file, and the folders that it needs; False, and nothing written, if there is one already.

    Raises:
        click.ClickException: it cannot be written; nothing is left of it.
    """
    if os.path.lexists(path):
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
    return True
