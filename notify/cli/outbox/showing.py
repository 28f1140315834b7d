"""`notify outbox show`: one job, with all that happened to it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from notify.cli.failure import Wrong
from notify.cli.outbox.opening import opened
from notify.cli.output import as_json, heading
from notify.cli.times import local
from notify.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify import Definition
    from notify.cli.project import Project
    from notify.outbox.job import Job

_TIMES = ("created_at", "due_at", "dated_at", "changed_at", "lease_end", "begun_at")
_LATER = frozenset({"params", "call", "message", "history", "sealed", "may_have_arrived", "pending", "reason", *_TIMES})
_WIDTH = 14


@click.command("show", short_help="Show a job and what happened to it.")
@click.argument("identifier", metavar="ID", type=int)
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(project: Project, /, *, identifier: int, json_wanted: bool) -> None:
    """Show a job: what it is made of, without what is sensitive, and each attempt with its whole error."""
    from notify.documents.jobs import whole_job_document

    job = opened(project).get(identifier)
    if job is None:
        raise Wrong(f"there is no job {identifier}; `notify outbox list` shows which there are")
    document = whole_job_document(job, _definition(project, job))
    if json_wanted:
        as_json(document)
        return
    for line in _lines(job, document):
        click.echo(visible(line))
    for entry in document["history"]:
        click.echo("")
        heading(visible(f"{local(datetime.fromisoformat(entry['at']))}: {entry['event']}"))
        for line in _details({name: value for name, value in entry.items() if name not in {"at", "event"}}):
            click.echo(visible(line))


def _definition(project: Project, job: Job) -> Definition | None:
    """The definition as its file is now; None where there is none that is right."""
    if job.notification is None:
        return None
    file = project.configuration().catalog_files().read().files.get(job.notification)
    return file.definition if file is not None and not file.faults else None


def _lines(job: Job, document: Mapping[str, Any]) -> Iterator[str]:
    """What the job is, a line for each thing that there is."""
    yield from (_line(name, value) for name, value in document.items() if name not in _LATER and value not in (None, 0))
    yield from (_line(name.removesuffix("_at"), local(time)) for name in _TIMES if (time := getattr(job, name)))
    if document["pending"]:
        yield _line("left", ", ".join(document["pending"]))
    if document["reason"]:
        yield _line("reason", document["reason"])
    if document["may_have_arrived"]:
        yield _line("beware", "it may have arrived; `notify outbox retry --unknown` may send it twice")
    for name in ("params", "call", "message"):
        for key, value in (document[name] or {}).items():
            yield _line(f"{name}.{key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _line(name: str, value: object) -> str:
    return f"{name + ':':<{_WIDTH}} {value}"


def _details(entry: Mapping[str, Any], indent: str = "  ") -> Iterator[str]:
    """An entry's details, inner ones indented, a list's items each on a line."""
    for name, value in entry.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _details(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{name}:"
            yield from (f"{indent}  {item}" for item in value)
        else:
            lines = str(value).splitlines() or [""]
            yield f"{indent}{name}: {lines[0]}"
            yield from (f"{indent}  {line}" for line in lines[1:])
