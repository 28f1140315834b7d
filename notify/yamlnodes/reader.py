"""Reading a file's nodes as what they should be, noting every fault on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from notify.errors import Fault, Location
from notify.suggest import did_you_mean
from notify.yamlnodes.composing import compose
from notify.yamlnodes.nodes import MappingNode, ScalarNode, SequenceNode, describe

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from notify.yamlnodes.nodes import Node

MAX_BYTES = 1_000_000
_SHOWN = 80
_COMMA = "text with a comma needs quotes inside {...}"


class Reader:
    """Collects the faults of one or several files.

    The methods that take a node take None as well, for a key that is not given, and return None (or nothing) for it
    without a fault. For a node of the wrong kind they note a fault and return the same, so that reading goes on. `what`
    is how messages call the value.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults so far, by file and place, none twice."""
        return tuple(sorted(dict.fromkeys(self._faults), key=lambda fault: fault.location))

    def fault(self, at: Node | Location, message: str, hint: str = "") -> None:
        """Note a fault at a node or a place."""
        self._faults.append(Fault(at if isinstance(at, Location) else at.location, message, hint))

    def load(self, path: Path, shown: str) -> MappingNode | None:
        """The mapping that a file holds; `shown` is the path for messages."""
        try:
            with path.open("rb") as file:
                return self.read(file, shown)
        except OSError as error:
            self.fault(Location(shown, 1), f"the file cannot be read: {error.strerror}")
            return None

    def read(self, file: BinaryIO, shown: str) -> MappingNode | None:
        """The mapping that an open file holds; `shown` is the path for messages."""
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            self.fault(Location(shown, 1), f"the file is larger than {MAX_BYTES:,} bytes")
            return None
        try:
            return self.parse(data.decode("utf-8-sig"), shown)
        except UnicodeDecodeError as error:
            line_start = data.rfind(b"\n", 0, error.start) + 1
            column = len(data[line_start : error.start].decode("utf-8", "replace")) + 1
            place = Location(shown, data.count(b"\n", 0, error.start) + 1, column)
            self.fault(place, "the file is not UTF-8", "save it as UTF-8")
            return None

    def parse(self, text: str, shown: str) -> MappingNode | None:
        """The mapping that `text` holds; `shown` is the path for messages."""
        root, faults = compose(text, shown)
        self._faults += faults
        if faults and root is None:
            return None
        if root is None or (isinstance(root, ScalarNode) and root.value is None):
            self.fault(Location(shown, 1), "the file is empty")
            return None
        if isinstance(root, ScalarNode):  # whatever it is, it may be secret: it is not shown
            self.fault(root, "the file: expected a mapping, got text")
            return None
        return self.mapping(root, "the file")

    def mapping(self, node: Node | None, what: str) -> MappingNode | None:
        """A mapping."""
        if isinstance(node, MappingNode):
            return node
        self._wrong(node, what, "a mapping", "write {} for none" if _is_null(node) else "")
        return None

    def known_keys(self, node: MappingNode, known: Collection[str], what: str = "key") -> None:
        """Note every key that is not among `known`."""
        for key, location in node.keys.items():
            if key not in known:
                hint = _COMMA if _is_rest_of_text(key, node.entries[key]) else did_you_mean(key[:_SHOWN], known)
                self.fault(location, f"unknown {what} {key[:_SHOWN]!r}", hint)

    def sequence(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The items of a list."""
        if isinstance(node, SequenceNode):
            return node.items
        self._wrong(node, what, "a list", "write [] for none" if _is_null(node) else "")
        return ()

    def text_node(self, node: Node | None, what: str) -> ScalarNode | None:
        """Text, as the node, for those who need its place."""
        if isinstance(node, ScalarNode):
            if isinstance(node.value, str):
                return node
            if node.value is not None:
                self._wrong(node, what, "text", f'put it in quotes: "{node.source}"')
                return None
        self._wrong(node, what, "text", 'write "" for empty text' if _is_null(node) else "")
        return None

    def text(self, node: Node | None, what: str) -> str | None:
        """Text."""
        found = self.text_node(node, what)
        return None if found is None else found.source

    def duration(self, node: Node | None, what: str) -> str | None:
        """The text of what is to be a duration; a number lacks its unit, rather than quotation marks."""
        if isinstance(node, ScalarNode) and type(node.value) in {int, float}:
            number = f"{node.source:.20}"
            self.fault(node, f"{what}: expected a number and a unit, got {number}", f"such as {number} days")
            return None
        return self.text(node, what)

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """One text, or a list of them."""
        nodes = node.items if isinstance(node, SequenceNode) else (node,)
        found = (self.text_node(item, what) for item in nodes)
        return tuple(item.source for item in found if item is not None)

    def choice(self, node: Node | None, what: str, choices: Collection[str]) -> str | None:
        """One of several words."""
        found = self.text(node, what)
        if node is None or found is None or found in choices:
            return found
        self.fault(node, f"{what}: {found!r} is not one of {', '.join(choices)}", did_you_mean(found, choices))
        return None

    def boolean(self, node: Node | None, what: str) -> bool | None:
        """The values true and false; the words of YAML 1.1 are not."""
        if isinstance(node, ScalarNode):
            if isinstance(node.value, bool):
                return node.value
            if re.fullmatch("yes|no|on|off|y|n|true|false", node.source, re.IGNORECASE):
                self._wrong(node, what, "true or false", "write true or false, without quotes")
                return None
        self._wrong(node, what, "true or false")
        return None

    def integer(self, node: Node | None, what: str, *, at_least: int | None = None) -> int | None:
        """A whole number."""
        expected = "a whole number" if at_least is None else f"a whole number of at least {at_least}"
        if (
            isinstance(node, ScalarNode)
            and isinstance(node.value, int)
            and not isinstance(node.value, bool)
            and (at_least is None or node.value >= at_least)
        ):
            return node.value
        self._wrong(node, what, expected)
        return None

    def number(self, node: Node | None, what: str) -> float | None:
        """A number."""
        if isinstance(node, ScalarNode) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return node.value
        self._wrong(node, what, "a number")
        return None

    def _wrong(self, node: Node | None, what: str, expected: str, hint: str = "") -> None:
        if node is not None:
            got = repr(node.source) if isinstance(node, ScalarNode) and isinstance(node.value, str) else describe(node)
            self.fault(node, f"{what}: expected {expected}, got {got[:_SHOWN]}", hint)


def _is_null(node: Node | None) -> bool:
    return isinstance(node, ScalarNode) and node.value is None


def _is_rest_of_text(key: str, value: Node) -> bool:
    """Whether `{description: One, two.}` was written: the text ends at the comma, and a key without a value begins."""
    return _is_null(value) and isinstance(value, ScalarNode) and not value.source and (" " in key or key.endswith("."))
