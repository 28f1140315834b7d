"""What a condition says about the values that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.adopting.slots import Slot

    Peek = Callable[[nodes.Node], tuple[Slot, ...]]

_NONE: frozenset[Slot] = frozenset()


def known_if(node: nodes.Node, peek: Peek, *, holds: bool) -> frozenset[Slot]:
    """The values that are surely not None where a condition holds, or does not; rather too few than too many."""
    if isinstance(node, nodes.Not):
        return known_if(node.node, peek, holds=not holds)
    if isinstance(node, (nodes.And, nodes.Or)):
        if isinstance(node, nodes.And) is not holds:
            return _NONE
        return known_if(node.left, peek, holds=holds) | known_if(node.right, peek, holds=holds)
    if isinstance(node, nodes.Test) and node.name == "none":
        return _NONE if holds else _sure(node.node, peek)
    if isinstance(node, nodes.Compare):
        return _compared(node, peek, holds=holds)
    return _sure(node, peek) if holds else _NONE


def _compared(node: nodes.Compare, peek: Peek, *, holds: bool) -> frozenset[Slot]:
    if len(node.ops) != 1 or not isinstance(node.ops[0].expr, nodes.Const):
        return _NONE
    operator, other = node.ops[0].op, node.ops[0].expr.value
    is_same = operator == "eq"
    if operator not in {"eq", "ne"} or (is_same is holds) is (other is None):
        return _NONE
    return _sure(node.expr, peek)


def _sure(node: nodes.Node, peek: Peek) -> frozenset[Slot]:
    # One name may stand for several values, of which only one is there.
    slots = peek(node)
    if len(slots) != 1:
        return _NONE
    owners = _sure(node.node, peek) if isinstance(node, (nodes.Getattr, nodes.Getitem)) else _NONE
    return frozenset(slots) | owners
