"""`notify log show`: what became of one message, with all that was told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.failure import Wrong
from notify.cli.log.opening import opened
from notify.cli.output import as_json, heading
from notify.cli.times import local
from notify.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.cli.project import Project
    from notify.log import Entry, Happening, Log

_MOST = 1000
_FACTS = ("id", "status", "notification", "category", "person", "message_id", "transport", "provider_id", "job")
_WIDTH = 14
_LONGEST_NUMBER = 18


@click.command("show", short_help="Show what became of a message.")
@click.argument("identifier", metavar="MESSAGE_ID|ID")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(project: Project, /, *, identifier: str, json_wanted: bool) -> None:
    """Show an entry by its number, or all entries of a message by its Message-ID, with their events in order.

    In JSON they are a list, also where there is one.
    """
    from notify.documents.log import entry_document

    entries = _found(opened(project), identifier.strip())
    if not entries:
        raise Wrong(f"the log has no {visible(identifier)!r:.100}; `notify log` shows what there is")
    if json_wanted:
        as_json([entry_document(entry) for entry in entries])
        return
    for number, entry in enumerate(entries):
        if number:
            click.echo("\n")
        _show(entry)


def _found(log: Log, identifier: str) -> Sequence[Entry]:
    if not (identifier.isascii() and identifier.isdigit()):
        return log.find(message_id=identifier, limit=_MOST)[::-1]
    found = log.get(int(identifier)) if len(identifier) <= _LONGEST_NUMBER else None
    return [] if found is None else [found]


def _show(entry: Entry) -> None:
    for line in _facts(entry):
        click.echo(visible(line))
    for event in entry.events:
        click.echo("")
        heading(visible(f"{local(event.at)}: {event.kind}{f', {event.bounce}' if event.bounce else ''}"))
        for line in _details(event):
            click.echo(visible(line))


def _facts(entry: Entry) -> Iterator[str]:
    """What the entry is, a line for each thing that there is."""
    for name in _FACTS:
        if (value := getattr(entry, name)) is not None:
            yield _line({"person": "to"}.get(name, name), value)
    yield _line("logged", local(entry.created_at))
    yield _line("since", local(entry.changed_at))
    if entry.attempts:
        yield _line("attempts", entry.attempts)
    if entry.reason:
        yield _line("reason", entry.reason)


def _details(event: Happening) -> Iterator[str]:
    yield f"  {event.provider} {event.event_id}"
    for name in ("reason", "code", "enhanced_code", "classification", "group", "url"):
        if value := getattr(event, name):
            yield f"  {name}: {value}"
    if event.machine is not None:
        yield f"  by a machine: {'yes' if event.machine else 'no'}"


def _line(name: str, value: object) -> str:
    return f"{name + ':':<{_WIDTH}} {value}"
