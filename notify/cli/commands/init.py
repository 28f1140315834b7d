"""`notify init`: a project that works at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from notify.cli.failure import Wrong
from notify.cli.output import say
from notify.cli.scaffold import create, scaffold

CONFIGURATION = "notify.yaml"


@click.command("init", short_help="Start a project in a folder.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def command(folder: Path) -> None:
    """Start a project in FOLDER (by default here): configuration, a first notification and its template.

    Nothing that exists is overwritten.
    """
    if (folder / CONFIGURATION).exists():
        raise Wrong(f"{folder / CONFIGURATION} exists: this is a project already")
    for name, text in scaffold("project"):
        path = folder / name
        if create(path, text):
            click.echo(f"wrote  {path}")
        else:
            say(f"kept   {path}, which exists", fg="yellow")
    say("\nNext:")
    if folder != Path():
        say(f"  cd {shlex.quote(str(folder))}")
    say("  notify list\n  notify render welcome\n  notify send welcome --to a@example.com")
