"""`notify suppress list`: who is not written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.output import table
from notify.cli.paging import page_options, print_page
from notify.cli.suppress.opening import opened
from notify.cli.suppress.options import REASONS, scope_option
from notify.cli.times import time_option
from notify.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
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
@page_options
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
    print_page(found, limit, document=_document, show=_show, nothing="Nobody is found.", json_wanted=json_wanted)


def _show(page: Sequence[Suppression]) -> None:
    table(_HEADER, [tuple(map(visible, _row(each))) for each in page])


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
