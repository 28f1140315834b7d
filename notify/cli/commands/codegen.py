"""`notify codegen`: a typed Python module of the notifications."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.generated import check, write

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.command("codegen", short_help="Write a typed Python module of the notifications.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where it goes; by default it is printed.",
)
@click.option("--stub", is_flag=True, help="Write a stub (.pyi): signatures only.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; the exit code is 1 if FILE is not current.")
@click.pass_context
def command(ctx: click.Context, /, *, output: Path | None, stub: bool, only_check: bool) -> None:
    r"""Write a Python module in which each notification is a callable whose keywords are its params.

    A type checker then finds a param that is missing, unknown or of another type:

    \b
      mail = Notifications(notifier)
      mail.order_shipped(order_number="A-1001", items=[...]).send(to="ada@example.com")
    """
    from notify.cli.failure import Wrong
    from notify.codegen.module import module_text

    project: Project = ctx.obj
    configuration = project.configuration()
    shared = configuration.path.name if configuration.path else "notify.yaml"
    text = module_text(configuration.catalog(), shared=shared, stub=stub)
    if output is None:
        if only_check:
            raise Wrong("--check needs --output FILE: the file that is to be current")
        click.echo(text, nl=False)
        return
    if only_check:
        words = ["notify", "codegen", "--output", str(output), *(["--stub"] if stub else [])]
        ctx.exit(check({output: text}, shlex.join(words)))
    write({output: text})
