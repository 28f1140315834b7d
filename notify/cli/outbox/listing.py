"""`notify outbox list`: jobs, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.outbox.filters import filter_of, filter_options
from notify.cli.outbox.opening import opened
from notify.cli.outbox.visible import visible
from notify.cli.output import as_json, say, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.cli.project import Project
    from notify.outbox.job import Job

_HEADER = ("ID", "STATE", "NOTIFICATION", "TO", "WHEN", "ATTEMPTS", "REASON")


@click.command("list", short_help="List jobs, newest first.")
@filter_options()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@click.option("--before", type=int, metavar="ID", help="Only those of smaller ids: the next page.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(project: Project, /, *, limit: int, before: int | None, json_wanted: bool, **options: Any) -> None:
    """List jobs, the newest first; without options, of any state.

    WHEN is when a job is due or, if it has ended, when it did.
    """
    from notify.documents.jobs import job_document
    from notify.outbox.operating import find

    outbox = opened(project)
    jobs = find(outbox.database, filter_of(options), limit=limit + 1, before=before, whole=False)
    page = jobs[:limit]
    if json_wanted:
        as_json([job_document(job) for job in page])
    elif page:
        show(page)
    else:
        say("No job is found.")
    if len(jobs) > limit:
        say(f"There are more; --before {page[-1].id} goes on.")


def show(jobs: Sequence[Job]) -> None:
    """Print a line for each."""
    rows = [
        (
            str(job.id),
            job.state,
            job.notification or "-",
            job.recipient,
            f"{when.astimezone():%Y-%m-%d %H:%M:%S}",
            str(job.attempts),
            job.reason or "",
        )
        for job in jobs
        for when in (job.due_at if job.state in {"queued", "leased"} else job.changed_at,)
    ]
    table(_HEADER, [tuple(map(visible, row)) for row in rows])
