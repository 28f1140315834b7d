"""`notify outbox retry`: send again what ended without being sent."""

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
    from notify.database import Database
    from notify.outbox.operating import Filter
    from notify.outbox.outbox import Filters


@click.command("retry", short_help="Send again what failed, is dead, or was cancelled.")
@click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
@filter_options(("failed", "dead", "cancelled"))
@click.option("--all", "everything", is_flag=True, help="Send again all that failed or is dead.")
@click.option("--unknown", is_flag=True, help="Also what may have arrived, and may so arrive twice.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    ids: tuple[int, ...],
    everything: bool,
    unknown: bool,
    yes: bool,
    json_wanted: bool,
    **options: Any,
) -> None:
    """Queue jobs again by their ids, those that options describe, or all that failed or are dead.

    They are due at once and have all their attempts before them; who was served before is not served again. Cancelled
    ones are meant only by id or by --state cancelled.
    """
    project: Project = ctx.obj
    filter_ = meant(options, ids, everything=everything)
    outbox = opened(project)
    if not ids and not yes and (number := _number(outbox.database, filter_, unknown=unknown)):
        confirm(ctx, f"send {count(number, 'job')} again")
    outcome = outbox.retry(*ids, unknown=unknown, **({} if ids else _keywords(filter_)))
    if json_wanted:
        as_json(outcome._asdict())
    say(f"Queued {count(outcome.queued, 'job')} again.")
    if outcome.held:
        say(f"Left alone, since they may have arrived: {count(outcome.held, 'job')}; --unknown sends them again.")
    if ids and tell_others(outbox.database, ids, wanted="queued"):
        ctx.exit(FAILED)


def _keywords(filter_: Filter) -> Filters:
    from notify.outbox.operating import retriable

    return {
        "states": retriable(filter_),
        "notification": filter_.notification,
        "to": filter_.to,
        "key": filter_.key,
        "since": filter_.since,
        "until": filter_.until,
        "due_before": filter_.due_before,
        "priority": filter_.priority,
    }


def _number(database: Database, filter_: Filter, *, unknown: bool) -> int:
    from notify.outbox.operating import count as counted
    from notify.outbox.operating import held, retriable

    number = counted(database, replace(filter_, states=retriable(filter_)))
    return number if unknown else number - held(database, filter_)
