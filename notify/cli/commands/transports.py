"""`notify transports`: what the environment can send through, and what each type of transport can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from notify.cli.failure import exit_code
from notify.cli.output import as_json, heading, table
from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify import Notifier, Transport
    from notify.cli.project import Project
    from notify.settings import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class _Configured:
    """A transport of the environment: built, or with the error that says why it cannot be used."""

    name: str
    default: bool
    transport: Transport | None
    error: NotifyError | None


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
        configured = [_configured(notifier, name, verify=verify) for name in notifier.transports]
        types = notifier.plugins.transports()
        if json_wanted:
            as_json({
                "environment": notifier.environment,
                "configured": [_document(each, types) for each in configured],
                "types": {name: _type_document(types[name]) for name in sorted(types)},
            })  # fmt: skip
        else:
            _print(notifier.environment, configured, types, verified=verify)
    failed = next((each.error for each in configured if each.default and each.error is not None), None)
    if verify and failed is not None:
        ctx.exit(exit_code(failed))


def _configured(notifier: Notifier, name: str, *, verify: bool) -> _Configured:
    transport = error = None
    try:
        transport = notifier.transports[name]
        if verify:
            transport.verify()
    except NotifyError as caught:
        error = caught
    default = name == notifier.transports.names[0]
    return _Configured(name=name, default=default, transport=transport, error=error)


def _print(
    environment: str, configured: list[_Configured], types: dict[str, type[Transport]], *, verified: bool
) -> None:
    heading(f"Transports of the environment {environment}")
    rows = []
    for each in configured:
        settings = " ".join(f"{name}={value}" for name, value in _settings(each.transport).items())
        state = f"not usable: {each.error}" if each.error else f"works; {settings}" if verified else settings
        rows.append((each.name, "default" if each.default else "", _type_of(each, types), state))
    table(("NAME", "", "TYPE", "SETTINGS"), rows)
    for name in sorted(types):
        click.echo()
        heading(f"{name}: {_summary(types[name])}")
        settings_rows = [
            (setting.name, setting.expected, _default(setting), setting.doc)
            for setting in types[name].declared_settings().values()
        ]
        if settings_rows:
            table(("SETTING", "VALUE", "DEFAULT", "MEANING"), settings_rows)


def _settings(transport: Transport | None) -> dict[str, Any]:
    """The settings that differ from their defaults; secrets print as `***`."""
    if transport is None:
        return {}
    values = {name: (getattr(transport, name), setting) for name, setting in transport.declared_settings().items()}
    return {name: value for name, (value, setting) in values.items() if value != setting.default}


def _type_of(each: _Configured, types: dict[str, type[Transport]]) -> str:
    return next((name for name, cls in types.items() if cls is type(each.transport)), "")


def _summary(cls: type[Transport]) -> str:
    return (cls.__doc__ or "").strip().partition("\n")[0]


def _default(setting: Setting) -> str:
    if setting.required:
        return "required"
    return "" if setting.default in {None, ()} else str(setting.default)


def _document(each: _Configured, types: dict[str, type[Transport]]) -> dict[str, Any]:
    return {
        "name": each.name,
        "default": each.default,
        "type": _type_of(each, types) or None,
        "settings": _settings(each.transport),
        "error": str(each.error) if each.error else None,
    }


def _type_document(cls: type[Transport]) -> dict[str, Any]:
    return {
        "description": _summary(cls),
        "settings": {
            setting.name: {
                "type": setting.expected,
                "required": setting.required,
                "default": None if setting.required else setting.default,
                "description": setting.doc,
            }
            for setting in cls.declared_settings().values()
        },
    }
