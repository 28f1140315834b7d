"""Where the values of a YAML file stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.yamlnodes import MappingNode, Reader, SequenceNode

if TYPE_CHECKING:
    from pathlib import Path

    from notify.errors import Location
    from notify.yamlnodes import Node


class Written:
    """A YAML file that was read before without faults.

    Args:
        path: the file; None for none.
        shown: its path for messages.
    """

    def __init__(self, path: Path | None, shown: str) -> None:
        self._root = None if path is None else Reader().load(path, shown)

    def at(self, *steps: str | int) -> Location | None:
        """Where the value that the keys and numbers of items lead to stands; None where there is none."""
        node = self.node(*steps)
        return None if node is None else node.location

    def node(self, *steps: str | int) -> Node | None:
        """The value that the keys and numbers of items lead to."""
        node: Node | None = self._root
        for step in steps:
            if isinstance(node, MappingNode):
                node = node.get(str(step))
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node
