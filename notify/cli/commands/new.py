"""`notify new`: a notification and its template, to be filled in."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click

from notify.cli.failure import Wrong
from notify.cli.output import say, shown
from notify.cli.scaffold import create, fill, modeline, scaffold

if TYPE_CHECKING:
    from pathlib import Path

    from notify.cli.project import Project

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@click.command("new", short_help="Write a new notification from a scaffold.")
@click.argument("name")
@click.pass_obj
def command(project: Project, /, name: str) -> None:
    """Write a definition and an HTML template for a new notification NAME, such as billing.paid."""
    if not _ID.fullmatch(name):
        raise Wrong(f"{name!r} cannot be a name: small letters, digits and _, in words set apart by dots")
    from notify.schemas import FILES, FOLDER

    configuration = project.configuration()
    stem = name.replace(".", "/")
    texts = dict(scaffold("notification"))
    definition = _first(configuration.notifications, "notifications") / f"{stem}.yaml"
    values = {
        "title": name.rpartition(".")[2].replace("_", " ").capitalize(),
        "modeline": modeline(definition, configuration.base / FOLDER / FILES["definition"]),
    }
    files = {
        definition: texts["definition.yaml"],
        _first(configuration.templates, "templates") / f"{stem}.html": texts["template.html"],
    }
    for path in (*files, *(path.with_suffix(".yml") for path in files if path.suffix == ".yaml")):
        if os.path.lexists(path):
            raise Wrong(f"{path} exists; nothing was written")
    written: list[Path] = []
    try:
        for path, text in files.items():
            create(path, fill(text, values))
            written.append(path)
    except click.ClickException:
        for path in written:
            path.unlink()
        raise
    for path in written:
        click.echo(f"wrote  {shown(path)}")
    say(f"\nNext:\n  notify render {name}")


def _first(folders: tuple[Path, ...], key: str) -> Path:
    if not folders:
        raise Wrong(f"notify.yaml names no folder under `{key}`")
    return folders[0]
