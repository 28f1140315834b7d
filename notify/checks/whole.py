"""The project as a whole: what rules about all of it look at, and what rules about a mail may ask."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

from notify.configuration import Transports
from notify.definition.walk import shown_path
from notify.errors import ConfigError, Location
from notify.limits import Limited
from notify.transport import Transport
from notify.yamlnodes import MappingNode, Reader, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from notify.configuration import Configuration, Environment
    from notify.definition import Definition
    from notify.notifier import Notifier
    from notify.rendering import Sources

_NEEDED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class Whole:
    """A project in one environment.

    Attributes:
        notifier: what would send.
        definitions: those that can be used.
    """

    notifier: Notifier
    definitions: tuple[Definition, ...] = ()
    _roots: dict[str, MappingNode | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, notifier: Notifier, definitions: Iterable[Definition] = ()) -> Self:
        """That of a notifier, with what it sends."""
        return cls(notifier, tuple(definitions))

    @property
    def configuration(self) -> Configuration:
        """What notify.yaml says."""
        return self.notifier.configuration

    @cached_property
    def sources(self) -> Sources:
        """Where the bodies of notifications come from."""
        return self.notifier.sources()

    @property
    def root(self) -> MappingNode | None:
        """What notify.yaml holds, with the places; None if there is none."""
        path = self.configuration.path
        return None if path is None else self._read(path, path.name)

    @cached_property
    def environment(self) -> Environment:
        """The environment, in which a variable that is needed and not set stands for its own name."""
        return self.configuration.environment(self.notifier.environment, self._variables)

    @cached_property
    def transport(self) -> Transport | None:
        """What carries mails in the environment, as it is configured; None if it cannot be made.

        No secret has to be there, so that it may not be able to send.
        """
        try:
            transports = Transports(
                self.environment.transports(),
                types=self.notifier.plugins.transports(),
                base=self.configuration.base,
                environ=self._variables,
            )
            return transports[transports.names[0]]
        except ConfigError:
            return None

    @property
    def carriers(self) -> tuple[Transport, ...]:
        """That transport, or those that it is made of."""
        return () if self.transport is None else tuple(_carriers(self.transport))

    def unsubscribing(self, definition: Definition) -> str:
        """What a definition's category says of unsubscribing: required, allowed or never."""
        return self.configuration.categories.get(definition.category, "allowed")

    def at(self, *steps: str | int) -> Location:
        """Where a key of notify.yaml stands, or the last one on the way that exists; else the file's first line."""
        path = self.configuration.path
        return _place(self.root, steps, Location(path.name if path else "notify.yaml", 1))

    def place(self, definition: Definition, *steps: str | int) -> Location:
        """Where a key of a definition's file stands, likewise."""
        return _place(self.file(definition), steps, definition.location)

    def file(self, definition: Definition) -> MappingNode | None:
        """What a definition's file holds, with the places."""
        shown = definition.location.path
        return self._read(self.configuration.base / shown, shown)

    def shown(self, path: Path) -> str:
        """A path as messages show it."""
        return shown_path(path, self.configuration.base)

    @cached_property
    def _variables(self) -> Mapping[str, str]:
        path = self.configuration.path
        text = path.read_text(encoding="utf-8", errors="replace") if path else ""
        return {name: name for name in _NEEDED.findall(text)} | os.environ

    def _read(self, path: Path, shown: str) -> MappingNode | None:
        if shown not in self._roots:
            self._roots[shown] = Reader().load(path, shown)
        return self._roots[shown]


def _place(node: object, steps: Iterable[str | int], place: Location) -> Location:
    for step in steps:
        if isinstance(node, MappingNode) and step in node.entries:
            place, node = node.keys[str(step)], node.entries[str(step)]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.location
        else:
            break
    return place


def _carriers(transport: Transport) -> Iterable[Transport]:
    transport = transport.inner if isinstance(transport, Limited) else transport
    members = getattr(transport, "transports", ())
    inner = [each for each in members if isinstance(each, Transport)] if isinstance(members, tuple) else []
    return [one for each in inner for one in _carriers(each)] if inner else [transport]
