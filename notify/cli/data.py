"""The options by which `render` and `send` are given params, and what comes of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from notify.cli.assignments import assign, steps_of
from notify.cli.failure import Wrong
from notify.errors import ConfigError
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Address, Definition
    from notify.yamlnodes import MappingNode

_Function = TypeVar("_Function", bound=Callable[..., Any])

DEFAULT_SAMPLE = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataOptions:
    """What a person wrote behind `--sample --params --set --locale --theme`."""

    sample: str | None = None
    params_file: str | None = None
    assignments: tuple[str, ...] = ()
    locale: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What a message is made of; `sample` names the sample that the params begin with, if any.

    `node` is where the params of the sample and the file are written, and `assigned` the way to each single one.
    """

    params: Mapping[str, Any]
    locale: str | None
    theme: str | None
    to: Address | None
    sample: str | None
    node: MappingNode | None
    assigned: tuple[tuple[str, ...], ...]


def data_options(command: _Function) -> _Function:
    """Add `--sample --params --set --locale --theme` to a command, which takes them as the fields of `DataOptions`."""
    options: list[Callable[[_Function], _Function]] = [
        click.option("--sample", metavar="NAME", help="Begin with the params of this sample of the notification."),
        click.option("--params", "params_file", metavar="FILE", help="Params in YAML or JSON; - reads stdin."),
        click.option(
            "--set",
            "assignments",
            multiple=True,
            metavar="NAME=VALUE",
            help="One param, over all others; a.b=1 goes deeper; numbers, true, null and quotes are as in YAML.",
        ),
        click.option("--locale", metavar="LOCALE", help="The locale, such as fr or pt-BR."),
        click.option("--theme", metavar="NAME", help="One of the themes of notify.yaml."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def gather(definition: Definition, options: DataOptions, *, production: bool) -> Data:
    """The params that the options describe: the sample's, over them the file's, over them the single ones.

    Where neither a sample nor a file is named, the sample `default` is taken, but not in production.

    Raises:
        Wrong: there is no such sample, or an assignment is not NAME=VALUE.
        ConfigError: the file is wrong.
    """
    from notify.yamlnodes import plain

    name, samples = options.sample, definition.samples
    if name is None and options.params_file is None and not production and DEFAULT_SAMPLE in samples:
        name = DEFAULT_SAMPLE
    if name is not None and name not in samples:
        known = did_you_mean(name, samples) or "it has none"
        raise Wrong(f"{definition.id} has no sample {name!r} ({known})")
    sample = samples[name] if name is not None else None
    node = sample.node if sample else None
    params: Mapping[str, Any] = sample.params if sample else {}
    if options.params_file is not None:
        given = _read(options.params_file)
        node = given if node is None else _on_top(node, given)
        params = plain(node)
    for assignment in options.assignments:
        params = assign(params, assignment, definition.contract)
    return Data(
        params=params,
        locale=options.locale or (sample.locale if sample else None),
        theme=options.theme,
        to=sample.to if sample else None,
        sample=name,
        node=node,
        assigned=tuple(steps_of(assignment) for assignment in options.assignments),
    )


def _on_top(base: MappingNode, over: MappingNode) -> MappingNode:
    from notify.yamlnodes import MappingNode, merge

    merged = merge(base, over)
    return merged if isinstance(merged, MappingNode) else over


def _read(name: str) -> MappingNode:
    from notify.yamlnodes import Reader

    reader = Reader()
    root = reader.read(sys.stdin.buffer, "<stdin>") if name == "-" else reader.load(Path(name), name)
    if root is None or reader.faults:
        raise ConfigError(faults=reader.faults)
    return root
