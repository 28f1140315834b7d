"""`notify init`: a project that works at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from notify.cli.failure import Wrong
from notify.cli.output import say
from notify.cli.scaffold import create, scaffold
from notify.errors import NotifyError

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
        _create(folder / name, text)
    _write_schemas(folder)
    say("\nNext:")
    if folder != Path():
        say(f"  cd {shlex.quote(str(folder))}")
    say("  notify list\n  notify render welcome\n  notify preview\n  notify send welcome --to a@example.com")


def _create(path: Path, text: str) -> None:
    if create(path, text):
        click.echo(f"wrote  {path}")
    else:
        say(f"kept   {path}, which exists", fg="yellow")


def _write_schemas(folder: Path) -> None:
    """Write what the scaffold's modelines name; a plugin that is out of order keeps nobody from starting."""
    from notify.configuration import Configuration
    from notify.plugins import Plugins
    from notify.schemas import FOLDER, schema_texts

    try:
        texts = schema_texts(Configuration.load(folder), Plugins())
    except NotifyError as error:
        say(f"The schemas for editors were not written: {error}", fg="yellow")
        return
    for name, text in texts.items():
        _create(folder / FOLDER / name, text)
