"""`notify outbox cancel`: take queued jobs back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from notify.cli.asking import confirm
from notify.cli.failure import FAILED
from notify.cli.outbox.filters import filter_options, meant
from notify.cli.outbox.opening import opened
from notify.cli.outbox.others import tell_others
from notify.cli.output import as_json, count, say

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.command("cancel", short_help="Take queued jobs back.")
@click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
@filter_options(("queued",))
@click.option("--all", "everything", is_flag=True, help="Take back all that is queued.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context, /, *, ids: tuple[int, ...], everything: bool, yes: bool, json_wanted: bool, **options: Any
) -> None:
    """Take back queued jobs by their ids, those that options describe, or all.

    What a worker has already goes on. `notify outbox retry` queues again what was taken back.
    """
    from notify.outbox.operating import cancel
    from notify.outbox.operating import count as counted

    project: Project = ctx.obj
    filter_ = meant(options, ids, everything=everything)
    database = opened(project).database
    if not ids and not yes:
        number = counted(database, replace(filter_, states=("queued",)))
        if number:
            confirm(ctx, f"take back {count(number, 'queued job')}")
    outcome = cancel(database, filter_)
    if json_wanted:
        as_json(outcome._asdict())
    say(f"Took back {count(outcome.taken_back, 'job')}.")
    if ids and tell_others(database, ids, wanted="cancelled"):
        ctx.exit(FAILED)
    if outcome.in_work and not ids:
        say(f"Left alone, since a worker has it already: {count(outcome.in_work, 'job')}.")
