"""`notify outbox purge`: delete what ended long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.asking import confirm
from notify.cli.outbox.opening import opened
from notify.cli.output import as_json, count, say
from notify.cli.times import duration_option

if TYPE_CHECKING:
    from notify.cli.project import Project

_ENDS = ("sent", "failed", "dead", "cancelled")


@click.command("purge", short_help="Delete jobs that ended long ago.")
@click.option(
    "--older-than",
    metavar="DURATION",
    callback=duration_option,
    required=True,
    help="Ended so long ago or longer, such as '30 days'.",
)
@click.option(
    "--state",
    "states",
    type=click.Choice(_ENDS),
    multiple=True,
    help="Of this state, instead of sent and cancelled. May be repeated.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, /, *, older_than: int, states: tuple[str, ...], yes: bool, json_wanted: bool) -> None:
    """Delete jobs that ended long ago, and contents of attachments that nothing refers to any more.

    `outbox_retention` in notify.yaml lets the worker do so by itself.
    """
    from notify.outbox.operating import PURGED, purge, purgeable

    project: Project = ctx.obj
    database = opened(project).database
    meant = states or PURGED
    if not yes and (number := purgeable(database, older_than, states=meant)):
        confirm(ctx, f"delete {count(number, 'job')}")
    deleted = purge(database, older_than, states=meant)
    if json_wanted:
        as_json({"deleted": deleted})
    say(f"Deleted {count(deleted, 'job')}.")
