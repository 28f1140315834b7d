"""Follows comparisons and arithmetic, which tell whether values are numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.adopting.filters import items_of
from notify.adopting.slots import MISSING, TEXT, Val, either
from notify.adopting.state import constant_of
from notify.adopting.telling import compared, formatted

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.adopting.state import Here, State

_ORDERS = frozenset({"gt", "gteq", "lt", "lteq"})


class Operators:
    """Gives operations their values; `value` gives those of the operands."""

    def __init__(self, state: State, value: Callable[[nodes.Node, Here], Val]) -> None:
        self._state = state
        self._value = value

    def value(self, node: nodes.Compare | nodes.BinExpr | nodes.UnaryExpr, here: Here) -> Val:
        """What an operation gives."""
        if isinstance(node, nodes.Compare):
            return self._compare(node, here)
        if isinstance(node, nodes.BinExpr):
            return self._binary(node, here)
        inner = self._value(node.node, here)
        self._state.use(inner, "number")
        return Val(numbers=(*inner.slots, *inner.numbers))

    def _compare(self, node: nodes.Compare, here: Here) -> Val:
        left = self._value(node.expr, here)
        for operand in node.ops:
            right = self._value(operand.expr, here)
            if operand.op in _ORDERS:
                self._order(left, right)
            elif operand.op in {"in", "notin"}:
                self._within(left, right, operand.expr)
            else:
                self._equal(left, right)
            left = right
        return Val(kind="bool")

    def _order(self, left: Val, right: Val) -> None:
        for one, other in ((left, right), (right, left)):
            is_text = isinstance(other.constant, str) or (other.kind == "text" and other.constant is MISSING)
            is_number = (
                other.numbers or other.kind == "int" or not (is_text or other.slots or one.constant is not MISSING)
            )
            self._state.use(one, *(["number"] if is_number or _is_number(other.constant) else []))
            for slot in one.slots:
                slot.peers.update(other.slots)
            if is_text and isinstance(other.constant, str):
                for slot in one.slots:
                    slot.constants.append(other.constant)

    def _within(self, left: Val, right: Val, node: nodes.Expr) -> None:
        constants = [constant_of(each) for each in node.items] if isinstance(node, (nodes.List, nodes.Tuple)) else []
        for constant in constants:
            if constant is not None:
                compared(left, constant, self._state)
        self._state.use(right, "container", shown=False)
        for slot in left.slots:
            slot.is_shown = True

    def _equal(self, left: Val, right: Val) -> None:
        for one, other in ((left, right), (right, left)):
            if other.constant is not MISSING:
                compared(one, other.constant, self._state)
            else:
                for slot in one.slots:
                    slot.is_shown = True
                    if other.kind == "int":
                        slot.marks.add("int")

    def _binary(self, node: nodes.BinExpr, here: Here) -> Val:
        left, right = self._value(node.left, here), self._value(node.right, here)
        if isinstance(node, nodes.Mod) and isinstance(left.constant, str):
            for each in right.row or (right,):
                formatted(node.left, each, self._state)
            return TEXT
        if isinstance(node, nodes.Add) and "text" in {left.kind, right.kind}:
            for each in (left, right):
                self._state.use(each, "text")
            return TEXT
        if isinstance(node, nodes.Add) and (left.items is not None or right.items is not None):
            return Val(items=either(items_of(left, self._state), items_of(right, self._state)))
        for each in (left, right):
            self._state.use(each, "number")
        _linked(left, right)
        return Val(numbers=tuple(dict.fromkeys((*left.slots, *left.numbers, *right.slots, *right.numbers))), kind="")


def _is_number(constant: object) -> bool:
    return isinstance(constant, (int, float)) and not isinstance(constant, bool)


def _linked(left: Val, right: Val) -> None:
    """Note that values are computed with one another: a Decimal and a float can be compared, but not added."""
    slots = {*left.slots, *left.numbers, *right.slots, *right.numbers}
    is_float = "float" in {left.kind, right.kind} or any(isinstance(each.constant, float) for each in (left, right))
    for slot in slots:
        slot.numbers |= slots
        if is_float:
            slot.marks.add("float")
