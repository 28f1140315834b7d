"""`notify transports`: what the environment can send through, and what each type of transport can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.failure import exit_code
from notify.cli.output import as_json, heading, table
from notify.documents.transports import configured, limit_settings, summary, transport_document, type_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify import Transport
    from notify.cli.project import Project
    from notify.documents import Configured
    from notify.settings import Setting


@click.command("transports", short_help="List the transports and their settings.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.option("--verify", is_flag=True, help="Connect and log in with each configured one, without sending.")
@click.pass_context
def command(ctx: click.Context, /, *, json_wanted: bool, verify: bool) -> None:
    """List the transports of the environment and, below, all types of transport with their settings.

    Secrets are never shown. With --verify, the exit code says whether the environment's default could send now.
    """
    project: Project = ctx.obj
    with project.notifier(definitions=False) as notifier:
        found = [configured(notifier, name, verify=verify) for name in notifier.transports]
        types = notifier.plugins.transports()
        if json_wanted:
            as_json({
                "environment": notifier.environment,
                "configured": [transport_document(each) for each in found],
                "types": {name: type_document(types[name]) for name in sorted(types)},
            })  # fmt: skip
        else:
            _print(notifier.environment, found, types, verified=verify)
    failed = next((each.error for each in found if each.default and each.error is not None), None)
    if verify and failed is not None:
        ctx.exit(exit_code(failed))


def _print(environment: str, found: list[Configured], types: dict[str, type[Transport]], *, verified: bool) -> None:
    heading(f"Transports of the environment {environment}")
    rows = []
    for each in found:
        settings = " ".join(f"{name}={_words(value)}" for name, value in each.settings.items())
        state = f"not usable: {each.error}" if each.error else f"works; {settings}" if verified else settings
        rows.append((each.name, "default" if each.default else "", each.type, state, each.status))
    header, width = ("NAME", "", "TYPE", "SETTINGS", "NOW"), 5 if any(each.status for each in found) else 4
    table(header[:width], [row[:width] for row in rows])
    for name in sorted(types):
        _print_settings(f"{name}: {summary(types[name])}", types[name].declared_settings().values())
    _print_settings("Settings of every transport", limit_settings())


def _print_settings(title: str, settings: Iterable[Setting]) -> None:
    click.echo()
    heading(title)
    rows = [(setting.name, setting.expected, _default(setting), setting.doc) for setting in settings]
    if rows:
        table(("SETTING", "VALUE", "DEFAULT", "MEANING"), rows)


def _words(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _default(setting: Setting) -> str:
    if setting.required:
        return "required"
    return "" if setting.default in {None, ()} else str(setting.default)
