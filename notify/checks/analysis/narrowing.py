"""What is known of values where a condition holds, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.checks.analysis.scope import path_of
from notify.checks.analysis.values import (
    ANY,
    Instance,
    ListOf,
    MappingOf,
    Missing,
    Nothing,
    Record,
    Row,
    Scalar,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.checks.analysis.scope import Scope
    from notify.checks.analysis.values import Arm

    Look = Callable[[nodes.Node], Value | None]
    """The value of a path in the scope; None if it is not defined."""

_ALWAYS_TRUE = frozenset({"date", "datetime", "time"})
_NUMBERS = frozenset({"int", "float", "Decimal", "bool"})
_TESTS_OF_NONE = frozenset({"none", "defined", "sameas", "eq", "equalto", "==", "in", "callable", "ne", "!="})
_MEASURES = frozenset({"length", "count", "trim", "list", "string", "upper", "lower", "title", "capitalize"})
"""Filters that make something true of what is true only."""
_EQUAL = frozenset({"eq", "equalto", "==", "sameas"})
_UNEQUAL = frozenset({"ne", "!="})


def assume(node: nodes.Node, scope: Scope, look: Look, *, holds: bool) -> None:
    """Take note in the scope of what follows from a condition that holds, or does not."""
    _Assuming(scope, look).take(node, holds=holds)


class _Assuming:
    def __init__(self, scope: Scope, look: Look) -> None:
        self._scope = scope
        self._look = look
        self._seen: set[str] = set()

    def take(self, node: nodes.Node, *, holds: bool) -> None:
        if isinstance(node, nodes.Not):
            self.take(node.node, holds=not holds)
        elif isinstance(node, nodes.And if holds else nodes.Or):
            self.take(node.left, holds=holds)
            self.take(node.right, holds=holds)
        elif isinstance(node, nodes.Test):
            self._test(node, holds=holds)
        elif isinstance(node, nodes.Compare):
            self._compare(node, holds=holds)
        elif isinstance(node, nodes.Filter) and node.node is not None:
            if holds and (node.name in _MEASURES or (node.name in {"default", "d"} and _is_false(node.args[:1]))):
                self.take(node.node, holds=True)
        elif isinstance(node, nodes.Or):
            if _is_false([node.right]):  # else it would be the left or the right
                self.take(node.left, holds=True)
        else:
            self._truth(node, holds=holds)

    def _truth(self, node: nodes.Node, *, holds: bool) -> None:
        self._known(node, _is_there if holds else _may_be_false)
        if isinstance(node, nodes.Name) and node.name in self._scope.conditions and node.name not in self._seen:
            self._seen.add(node.name)
            self.take(self._scope.conditions[node.name], holds=holds)

    def _compare(self, node: nodes.Compare, *, holds: bool) -> None:
        if len(node.ops) != 1:
            return
        operator, other = node.ops[0].op, node.ops[0].expr
        if operator in {"eq", "ne"}:
            same = (operator == "eq") is holds
            for one, another in ((node.expr, other), (other, node.expr)):
                self._equal(one, another, same=same)
        elif operator == "in" and holds:
            if isinstance(other, (nodes.List, nodes.Tuple)) and any(map(_is_none, other.items)):
                return
            self._known(node.expr, _is_there)
        elif operator in {"gt", "gteq", "lt", "lteq"}:
            self._known(node.expr, _is_there)
            self._known(other, _is_there)
            if operator == "gt" and holds and _is_false([other]):
                self.take(node.expr, holds=True)

    def _equal(self, one: nodes.Node, other: nodes.Node, *, same: bool) -> None:
        if _is_none(other):
            self._known(one, _is_none_arm if same else _is_there)
        elif isinstance(other, nodes.Const) and same:
            self._known(one, _is_there)

    def _test(self, node: nodes.Test, *, holds: bool) -> None:
        name = node.name
        if name in {"defined", "undefined"}:
            self._defined(node.node, holds=(name == "defined") is holds)
        elif name == "none":
            self._known(node.node, _is_none_arm if holds else _is_not_none)
        elif name in _EQUAL | _UNEQUAL and node.args:
            self._equal(node.node, node.args[0], same=(name in _EQUAL) is holds)
        elif name in _KINDS:
            kind = _KINDS[name]
            self._known(node.node, kind if holds else lambda arm: not _surely(kind, arm))
        elif holds and name not in _TESTS_OF_NONE:
            self._known(node.node, _is_there)

    def _defined(self, node: nodes.Node, *, holds: bool) -> None:
        path = path_of(node)
        if path is None:
            return
        value = self._look(node)
        if holds:
            known = ANY if value is None else value.only(lambda arm: not isinstance(arm, Missing))
            self._scope.learn(path, known)
            self._owners(node)
        elif value is not None and value.missing is not None:
            self._scope.learn(path, value.only(lambda arm: isinstance(arm, Missing)))

    def _known(self, node: nodes.Node, wanted: Callable[[Arm], bool]) -> None:
        path = path_of(node)
        value = self._look(node) if path is not None else None
        if path is not None and value is not None:
            self._scope.learn(path, value.only(wanted))
            self._owners(node)

    def _owners(self, node: nodes.Node) -> None:
        """A field was looked at without a fault, so that its owner is there."""
        if isinstance(node, (nodes.Getattr, nodes.Getitem)):
            self._known(node.node, _is_not_none)


def _is_false(expressions: list[nodes.Expr]) -> bool:
    """Whether it is one that is written out, and never true: '', 0, []."""
    only = expressions[0] if len(expressions) == 1 else None
    return (isinstance(only, nodes.Const) and not only.value) or (
        isinstance(only, (nodes.List, nodes.Tuple, nodes.Dict)) and not only.items
    )


def _is_none(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and node.value is None


def _is_there(arm: Arm) -> bool:
    return not isinstance(arm, (Nothing, Missing))


def _is_not_none(arm: Arm) -> bool:
    return not isinstance(arm, Nothing)


def _is_none_arm(arm: Arm) -> bool:
    return isinstance(arm, (Nothing, Missing))


def _may_be_false(arm: Arm) -> bool:
    if isinstance(arm, Scalar):
        return arm.name not in _ALWAYS_TRUE
    return not isinstance(arm, Instance)


def _scalar(arm: Arm) -> str | None:
    return arm.name if isinstance(arm, Scalar) else None


def _is_mapping(arm: Arm) -> bool:
    return isinstance(arm, (MappingOf, Record))


def _is_text(arm: Arm) -> bool:
    name = _scalar(arm)
    return name is not None and name not in _NUMBERS | _ALWAYS_TRUE | {"bytes", "timedelta"}


def _is_number(arm: Arm) -> bool:
    return _scalar(arm) in _NUMBERS


def _is_sequence(arm: Arm) -> bool:
    return isinstance(arm, (ListOf, Row)) or _is_mapping(arm) or _is_text(arm) or _scalar(arm) == "bytes"


def _surely(kind: Callable[[Arm], bool], arm: Arm) -> bool:
    return not isinstance(arm, Unknown) and kind(arm)


_KINDS: dict[str, Callable[[Arm], bool]] = {
    "mapping": _is_mapping,
    "string": _is_text,
    "number": _is_number,
    "sequence": _is_sequence,
    "iterable": _is_sequence,
    "boolean": lambda arm: _scalar(arm) == "bool",
}
