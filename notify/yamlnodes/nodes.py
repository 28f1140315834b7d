"""The values of a YAML file, each with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.yamlnodes.scalars import Plain


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """Text, a number, true, false or null.

    `source` is the text before it became a number, and `content` where its first character stands: after a quote, or
    on the line below a `|`. `by_line` says that every line of `source` is a line of the file, from `content` on;
    `indent` is how far a literal block is indented.
    """

    location: Location
    value: Plain
    source: str
    content: Location
    by_line: bool = True
    indent: int = 0

    def at(self, offset: int) -> Location:
        """The place of a character of `source`; the beginning where lines or escapes hide it."""
        if not self.by_line:
            return self.content
        lines = self.source[:offset].split("\n")
        first = self.content.column if len(lines) == 1 else self.indent + 1
        return Location(self.content.path, self.content.line + len(lines) - 1, first + len(lines[-1]))


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    location: Location
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping from text, in the order of the file; `keys` has the place of each key."""

    location: Location
    entries: Mapping[str, Node]
    keys: Mapping[str, Location]

    def get(self, key: str) -> Node | None:
        """The value of `key`, or None where it is not given. A null is a `ScalarNode`."""
        return self.entries.get(key)

    def without(self, *names: str) -> MappingNode:
        """The same without some keys."""
        entries = {key: value for key, value in self.entries.items() if key not in names}
        return MappingNode(self.location, entries, {key: self.keys[key] for key in entries})


Node = ScalarNode | SequenceNode | MappingNode


def plain(node: Node) -> Any:
    """The node as Python values: dict, list, str, int, float, bool, None."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


def merge(base: Node, over: Node) -> Node:
    """`over` on top of `base`: mappings merge, all else is replaced."""
    if not (isinstance(base, MappingNode) and isinstance(over, MappingNode)):
        return over
    entries = dict(base.entries)
    for key, value in over.entries.items():
        entries[key] = merge(entries[key], value) if key in entries else value
    return MappingNode(over.location, entries, {**base.keys, **over.keys})


def nearest_location(node: Node, steps: Sequence[str | int]) -> Location:
    """Where the value that `steps` lead to stands, or the last one on the way that exists."""
    for step in steps:
        child: Node | None = None
        if isinstance(node, MappingNode):
            child = node.entries.get(str(step))
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            child = node.items[step]
        if child is None:
            break
        node = child
    return node.location


def describe(node: Node) -> str:
    """What a node is, in words: `a list`, `the number 5`."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return node.source.lower()
    return "text" if isinstance(node.value, str) else f"the number {node.source}"
