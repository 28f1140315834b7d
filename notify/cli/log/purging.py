"""`notify log purge`: forget what was logged long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.asking import confirm
from notify.cli.log.opening import opened
from notify.cli.output import as_json, say
from notify.cli.times import duration_option

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.command("purge", short_help="Delete what was logged long ago.")
@click.option(
    "--older-than",
    metavar="DURATION",
    callback=duration_option,
    required=True,
    help="Logged so long ago or longer, such as '90 days'.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, /, *, older_than: int, yes: bool, json_wanted: bool) -> None:
    """Delete entries that were logged long ago, and events as old.

    `keep` under `feedback` in notify.yaml lets the worker do so by itself.
    """
    project: Project = ctx.obj
    log = opened(project)
    if not yes and (number := log.purgeable(older_than)):
        confirm(ctx, f"delete {_entries(number)}")
    deleted = log.purge(older_than)
    if json_wanted:
        as_json({"deleted": deleted})
    say(f"Deleted {_entries(deleted)}.")


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"
