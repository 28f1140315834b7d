"""`notify suppress list`: who is not written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.outbox.times import time_option
from notify.cli.outbox.visible import visible
from notify.cli.output import as_json, say, table
from notify.cli.suppress.opening import opened
from notify.cli.suppress.options import REASONS, scope_option

if TYPE_CHECKING:
    from datetime import datetime

    from notify.cli.project import Project
    from notify.consent import Scope
    from notify.suppression import Suppression

_HEADER = ("ID", "PERSON", "REASON", "SCOPE", "SINCE", "SOURCE", "NOTE")


@click.command("list", short_help="List who is not written to, the last change first.")
@click.option("--to", metavar="ADDRESS|GLOB", help="Of this address or hash, or those such as '*@acme.example'.")
@click.option(
    "--reason", "reasons", type=click.Choice(REASONS), multiple=True, help="For this reason. May be repeated."
)
@click.option(
    "--scope", metavar="SCOPE", callback=scope_option, help="Of this scope: all, category:NAME or notification:ID."
)
@click.option(
    "--since", metavar="TIME", callback=time_option, help="Said since: 2030-12-31, 2030-12-31T18:00, or '2 days' ago."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@click.option("--before", type=int, metavar="ID", help="Only those of smaller ids: the next page.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    project: Project,
    /,
    *,
    to: str | None,
    reasons: tuple[str, ...],
    scope: Scope | None,
    since: datetime | None,
    limit: int,
    before: int | None,
    json_wanted: bool,
) -> None:
    """List who is not written to, the last change first. Where addresses are hashed, the list shows hashes."""
    from notify.suppression import Reason

    suppressions = opened(project).suppressions
    wanted = tuple(map(Reason, reasons))
    found = suppressions.find(to=to, reasons=wanted, scope=scope, since=since, limit=limit + 1, before=before)
    page = found[:limit]
    if json_wanted:
        as_json([_document(each) for each in page])
    elif page:
        table(_HEADER, [tuple(map(visible, _row(each))) for each in page])
    else:
        say("Nobody is found.")
    if len(found) > limit:
        say(f"There are more; --before {page[-1].number} goes on.")


def _row(each: Suppression) -> tuple[str, ...]:
    since = f"{each.at.astimezone():%Y-%m-%d %H:%M:%S}"
    return str(each.number), each.person, str(each.reason), str(each.scope), since, each.source, each.note


def _document(each: Suppression) -> dict[str, Any]:
    return {
        "id": each.number,
        "person": each.person,
        "reason": str(each.reason),
        "scope": str(each.scope),
        "at": each.at.isoformat(),
        "source": each.source,
        "note": each.note,
    }
