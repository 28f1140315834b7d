"""`notify adopt`: a notification made of an existing template."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.atomic import write_atomically
from notify.cli.failure import Wrong
from notify.cli.output import count, say, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.cli.project import Project


@click.command("adopt", short_help="Make a notification of an existing template.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--id", "name", metavar="ID", help="The id of the notification; by default it is the file's name.")
@click.option("--subject", metavar="TEXT", help="The subject, a template; by default what <title> says.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the definition.")
@click.pass_obj
def command(
    project: Project, /, *, file: Path, name: str | None, subject: str | None, force: bool, dry_run: bool
) -> None:
    """Write a definition for the HTML template FILE: params with likely types, a subject and a sample.

    A template that lies elsewhere is copied below the templates folder, with those that it includes.
    """
    from notify.adopting import adopt
    from notify.schemas import FILES, FOLDER

    notifier = project.notifier(definitions=False)
    schema = f"{FOLDER}/{FILES['definition']}"
    is_there = (notifier.configuration.base / schema).is_file()
    modeline = f"# yaml-language-server: $schema={{}}/{schema}\n" if is_there else ""
    adoption = adopt(notifier, file, name=name, subject=subject, modeline=modeline)
    for note in adoption.notes:
        say(f"note: {note}")
    definition = next(iter(adoption.files))
    if dry_run:
        click.echo(adoption.files[definition], nl=False)
        for path in adoption.files:
            say(f"would write  {shown(path)}")
        return
    _write(adoption.files, force=force)
    say(f"\nLook at the types, which are likely and not sure. Next:\n  notify check {adoption.id}\n  notify preview")


def _write(files: Mapping[Path, str], *, force: bool) -> None:
    """Write all files, or none.

    Raises:
        Wrong: one exists that says something else.
        click.ClickException: one cannot be written.
    """
    definition = next(iter(files))
    if os.path.lexists(definition.with_suffix(".yml")):
        raise Wrong(f"{shown(definition.with_suffix('.yml'))} defines this notification already; nothing was written")
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    changed = {path: text.encode() for path, text in files.items() if before[path] != text.encode()}
    existing = [path for path in changed if os.path.lexists(path)]
    if existing and not force:
        what = ", ".join(map(shown, existing))
        raise Wrong(f"{count(len(existing), 'file')} would be overwritten: {what}; nothing was written (--force)")
    written: list[Path] = []
    try:
        for path, data in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)
            written.append(path)
    except OSError as error:
        for path in written:
            _restore(path, before[path])
        raise click.ClickException(f"cannot write {path}: {error.strerror}; nothing was written") from error
    for path in changed:
        click.echo(f"wrote  {shown(path)}")


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        write_atomically(path, data)
