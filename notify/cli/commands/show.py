"""`notify show`: what a notification takes, and where its parts are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from notify.cli.names import name_argument
from notify.cli.output import as_json, heading, shown
from notify.cli.params_table import default, print_params

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from notify import Definition, Notifier
    from notify.cli.project import Project
    from notify.definition.model import InPlace
    from notify.rendering import Source


@click.command("show", short_help="Show what a notification takes and where its parts are.")
@name_argument
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON, with a JSON Schema of the params.")
@click.pass_obj
def command(project: Project, /, name: str, *, json_wanted: bool) -> None:
    """Show what a notification takes, its samples, and where its parts are."""
    notifier = project.notifier()
    definition = notifier.catalog[name]
    parts = dict(_parts(definition, notifier))
    if json_wanted:
        as_json(_document(definition, parts))
        return
    heading(f"{definition.id} ({definition.category})")
    if definition.description:
        click.echo(definition.description)
    click.echo()
    lines = {**parts, **({"samples": ", ".join(definition.samples)} if definition.samples else {})}
    width = max(map(len, lines)) + 2
    for label, what in lines.items():
        click.echo(f"{label + ':':<{width}}{what}")
    click.echo()
    print_params(definition.contract)


def _parts(definition: Definition, notifier: Notifier) -> Iterator[tuple[str, str]]:
    """What each part is called, and where it stands."""
    yield "defined in", str(definition.location)
    yield from _localized("subject", definition.subject)
    yield from _localized("preheader", definition.preheader)
    bodies = notifier.sources().of(definition)
    for source in bodies:
        yield f"{source.part} {source.locale}".rstrip(), _place(source, notifier.configuration.templates)
    if not any(source.part == "text" for source in bodies):
        yield "text", f"derived from the {'HTML' if definition.markdown is None else 'Markdown'}"


def _place(source: Source, folders: Sequence[Path]) -> str:
    if source.name is None:
        return f"in place, {source.location}"
    if not source.found:
        return f"{source.name}, which is not there"
    if source.path is None or not any(source.path.is_relative_to(folder) for folder in folders):
        return f"{source.name}, which a plugin or notify itself brings"
    return shown(source.path)


def _localized(label: str, values: Mapping[str, InPlace]) -> Iterator[tuple[str, str]]:
    for locale, template in values.items():
        yield f"{label} {locale}".rstrip(), template.source.strip()


def _document(definition: Definition, parts: Mapping[str, str]) -> dict[str, Any]:
    contract = definition.contract
    return {
        "id": definition.id,
        "category": definition.category,
        "description": definition.description,
        "parts": dict(parts),
        "params": None
        if contract is None
        else [
            {
                "name": param.name,
                "type": param.annotation,
                "required": param.required,
                "default": default(param),
                "description": param.description,
                "sensitive": param.sensitive,
            }
            for param in contract.params.values()
        ],
        "schema": None if contract is None else contract.json_schema(),
        "samples": {name: dict(sample.params) for name, sample in definition.samples.items()},
    }
