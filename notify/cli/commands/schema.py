"""`notify schema`: JSON Schemas of definitions and of notify.yaml, for editors."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.generated import check, write

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.command("schema", short_help="Write JSON Schemas of definitions and of notify.yaml, for editors.")
@click.argument("kind", metavar="[definition|configuration]", required=False)
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go; by default the folder schemas beside notify.yaml.",
)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; the exit code is 1 if a file is not current.")
@click.pass_context
def command(ctx: click.Context, /, *, kind: str | None, output: Path | None, only_check: bool) -> None:
    """Write the JSON Schemas (draft-07) of definition files and of notify.yaml, with the names of this project.

    With a kind, and neither --output nor --check, that schema is printed.
    """
    from notify.cli.failure import Wrong
    from notify.plugins import Plugins
    from notify.schemas import FILES, FOLDER, schema_texts
    from notify.suggest import did_you_mean

    if kind is not None and kind not in FILES:
        raise Wrong(f"there is no schema {kind!r} ({did_you_mean(kind, FILES)})")
    project: Project = ctx.obj
    configuration = project.configuration()
    texts = schema_texts(configuration, Plugins(configuration.plugins))
    if kind is not None:
        texts = {FILES[kind]: texts[FILES[kind]]}
    if kind is not None and output is None and not only_check:
        click.echo(texts[FILES[kind]], nl=False)
        return
    folder = output or configuration.base / FOLDER
    files = {folder / name: text for name, text in texts.items()}
    if only_check:
        words = ["notify", "schema", *([kind] if kind else []), *(["--output", str(folder)] if kind or output else [])]
        ctx.exit(check(files, shlex.join(words)))
    write(files)
