"""`notify list`: the notifications of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.output import as_json, say, table

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.command("list", short_help="List the notifications.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(project: Project, /, *, json_wanted: bool) -> None:
    """List the notifications: category, description, samples and locales of each."""
    notifier = project.notifier()
    catalog, sources = notifier.catalog, notifier.sources()
    definitions = [catalog[name] for name in catalog]
    if json_wanted:
        as_json([
            {
                "id": each.id,
                "category": each.category,
                "description": each.description,
                "samples": list(each.samples),
                "locales": sources.locales(each),
                "path": each.location.path,
            }
            for each in definitions
        ])  # fmt: skip
    elif definitions:
        rows = [
            (each.id, each.category, " ".join(each.samples), " ".join(sources.locales(each)), each.description)
            for each in definitions
        ]
        table(("ID", "CATEGORY", "SAMPLES", "LOCALES", "DESCRIPTION"), rows)
    else:
        say("No notification is defined yet; `notify new NAME` writes one.")
