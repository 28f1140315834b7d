"""`notify log`: what became of mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.log import counting, listing, purging, showing
from notify.cli.log.filters import filter_options
from notify.cli.paging import page_options
from notify.cli.project import global_options
from notify.records import require_database

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.group("log", invoke_without_command=True, short_help="Show what became of mails.")
@filter_options
@page_options
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """List what became of mails, the newest first; a subcommand does something else.

    An entry is a message for one recipient. WHEN is when it came to its status.
    """
    require_database()
    project: Project = ctx.obj
    if ctx.invoked_subcommand is None:
        listing.list_entries(project, **options)
        return
    given = [
        parameter.opts[0]
        for parameter in ctx.command.params
        if parameter.name in options
        and ctx.get_parameter_source(parameter.name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"{given[0]} is for the list: put it behind {ctx.invoked_subcommand}, if that takes it")


for each in (showing.command, counting.command, purging.command):
    each.params += global_options(hidden=True)
    command.add_command(each)
