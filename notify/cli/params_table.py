"""What a notification takes, as tables: its params, and the fields of the types that they use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from notify.cli.output import heading, table
from notify.params.types import AliasType, ObjectType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.params import Contract, Param


def print_params(contract: Contract | None) -> None:
    """Print the params of a contract, or that there is none."""
    if contract is None:
        click.echo("Takes any params, unchecked: the definition declares none.")
    elif not contract.params:
        click.echo("Takes no params.")
    else:
        table(("PARAM", "TYPE", "DEFAULT", "DESCRIPTION"), list(map(_row, contract.params.values())))
        for name, fields in _used_types(contract):
            click.echo()
            heading(name)
            table(("FIELD", "TYPE", "DEFAULT", "DESCRIPTION"), list(map(_row, fields)))


def default(param: Param) -> Any:
    """The default as it may be shown."""
    return "***" if param.sensitive and param.default is not None else param.default


def _row(param: Param) -> tuple[str, str, str, str]:
    shown = "required" if param.required else "none" if param.default is None else str(default(param))
    description = f"{param.description} (sensitive)".strip() if param.sensitive else param.description
    return param.name, param.annotation, shown, description


def _used_types(contract: Contract) -> Iterator[tuple[str, Iterable[Param]]]:
    """Every type with fields that an annotation leads to, in the order in which they are met."""
    waiting, met = list(contract.params.values()), set()
    while waiting:
        for name in re.findall(r"\w+", waiting.pop(0).annotation):
            kind = contract.types.get(name)
            if kind is None or name in met:
                continue
            met.add(name)
            if isinstance(kind, ObjectType):
                waiting += kind.fields.values()
                yield name, kind.fields.values()
            elif isinstance(kind, AliasType):
                waiting.append(kind.target)
                yield name, [kind.target]
