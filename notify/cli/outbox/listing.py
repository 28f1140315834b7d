"""`notify outbox list`: jobs, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.outbox.filters import filter_of, filter_options
from notify.cli.outbox.opening import opened
from notify.cli.output import table
from notify.cli.paging import page_options, print_page
from notify.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.cli.project import Project
    from notify.outbox.job import Job

_HEADER = ("ID", "STATE", "NOTIFICATION", "TO", "WHEN", "ATTEMPTS", "REASON")


@click.command("list", short_help="List jobs, newest first.")
@filter_options()
@page_options
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
    print_page(jobs, limit, document=job_document, show=show, nothing="No job is found.", json_wanted=json_wanted)


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
