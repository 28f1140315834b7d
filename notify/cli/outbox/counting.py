"""`notify outbox stats`: how the outbox is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.outbox.opening import opened
from notify.cli.output import as_json, table
from notify.cli.visible import visible

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.outbox.operating import Stats

_UNSENT = ("queued", "leased", "failed", "dead", "cancelled")


@click.command("stats", short_help="Count jobs by state and notification.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(project: Project, /, *, json_wanted: bool) -> None:
    """Count jobs by state; those that are not sent by notification, too."""
    from notify.documents.jobs import stats_document

    found = opened(project).stats()
    if json_wanted:
        as_json(stats_document(found))
        return
    notes = {"queued": _queued(found), "leased": _leased(found), "sent": _sent(found)}
    rows = [(state, f"{number:,}", notes.get(state, "")) for state, number in found.states.items()]
    table(("STATE", "JOBS", ""), rows)
    if found.notifications:
        click.echo("")
        table(
            ("NOTIFICATION", *map(str.upper, _UNSENT)),
            [
                (visible(name or "-"), *(f"{counts.get(state, 0):,}" for state in _UNSENT))
                for name, counts in found.notifications.items()
            ],
        )


def _queued(found: Stats) -> str:
    from notify.documents.jobs import in_words

    parts = [f"{found.due:,} due"] if found.due else []
    parts += [f"the first for {in_words(found.oldest_due)}"] if found.oldest_due is not None else []
    parts += [f"the next is due in {in_words(found.next_due)}"] if found.next_due is not None else []
    parts += [f"{found.lost:,} of a worker that was lost"] if found.lost else []
    return ", ".join(parts)


def _leased(found: Stats) -> str:
    return f"{found.overdue:,} whose lease has ended" if found.overdue else ""


def _sent(found: Stats) -> str:
    if not found.sent_last_hour:
        return ""
    lately = f"{found.sent_last_hour:,} in the last hour, {found.sent_last_minute:,} in the last minute"
    return f"{lately}, {found.mean_attempts or 0:.2f} attempts each"
