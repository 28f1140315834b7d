"""`notify log stats`: how mail is doing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from notify.cli.log.opening import opened
from notify.cli.output import as_json, count, table
from notify.cli.times import time_option
from notify.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.cli.project import Project
    from notify.log import Stats

_PARTS = {
    "NOT SENT": ("suppressed", "failed", "retrying"),
    "SENT": ("uncertain", "sent", "queued", "deferred"),
    "ARRIVED": ("delivered", "opened", "clicked"),
    "REFUSED": ("rejected", "bounced"),
    "COMPLAINED": ("complained",),
}
"""The columns by notification: there are too many statuses for one each."""


@click.command("stats", short_help="Count entries by status and notification.")
@click.option(
    "--since", metavar="TIME", callback=time_option, help="Only what was logged since: 2030-12-31, or '2 days' ago."
)
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(project: Project, /, *, since: datetime | None, json_wanted: bool) -> None:
    """Count entries by status and by notification, and events of messages that nobody knows."""
    from notify.documents.log import log_stats_document

    found = opened(project).stats(since=since)
    if json_wanted:
        as_json(log_stats_document(found))
        return
    everything = sum(found.statuses.values())
    rows = [
        (str(status), f"{number:,}", f"{number / everything:.1%}" if everything else "")
        for status, number in found.statuses.items()
        if number or not everything
    ]
    table(("STATUS", "ENTRIES", "SHARE"), rows)
    if found.notifications:
        click.echo("")
        table(
            ("NOTIFICATION", "ENTRIES", *_PARTS), [_row(name, counts) for name, counts in found.notifications.items()]
        )
    click.echo("")
    click.echo(visible(_events(found)))


def _row(name: str | None, counts: Mapping[Any, int]) -> tuple[str, ...]:
    parts = [sum(counts.get(status, 0) for status in statuses) for statuses in _PARTS.values()]
    return visible(name or "-"), f"{sum(counts.values()):,}", *(f"{number:,}" for number in parts)


def _events(found: Stats) -> str:
    from notify.documents.jobs import ago

    if found.last_event is None:
        return "No event came yet."
    unknown = ", ".join(f"{number:,} of {provider}" for provider, number in found.unknown.items())
    return (
        f"{count(found.events, 'event')}, the last {ago(found.last_event, datetime.now(UTC))}"
        f"{f'; about messages that are not in the log: {unknown}' if unknown else ''}."
    )
