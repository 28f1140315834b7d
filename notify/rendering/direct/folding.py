"""Expressions whose value is known before any message is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.exceptions import TemplateError

from notify.rendering.direct.bindings import is_plain

if TYPE_CHECKING:
    from notify.rendering.environment import TemplateEnvironment

_PURE = frozenset({
    "capitalize", "casefold", "count", "endswith", "find", "isalnum", "isalpha", "isdigit", "islower", "isupper",
    "lower", "lstrip", "partition", "removeprefix", "removesuffix", "rpartition", "rsplit", "rstrip", "split",
    "startswith", "strip", "swapcase", "title", "upper",
})  # fmt: skip
"""Methods of text that give the same each time."""
_FOLDABLE = (
    nodes.BinExpr, nodes.UnaryExpr, nodes.Filter, nodes.Test, nodes.Getattr, nodes.Getitem, nodes.Compare, nodes.Concat,
    nodes.Tuple, nodes.List, nodes.Dict, nodes.Slice,
)  # fmt: skip
_OF_LISTS = {
    "defined": True, "undefined": False, "mapping": False, "string": False, "none": False, "number": False,
    "sequence": True, "iterable": True, "boolean": False, "callable": False,
}  # fmt: skip
"""What tests say of a list whose items are not known."""


class Folder:
    """Computes constant expressions, as Jinja2 would for each message."""

    def __init__(self, environment: TemplateEnvironment) -> None:
        self._environment = environment
        self._context = nodes.EvalContext(environment)

    def folded(self, node: nodes.Expr) -> nodes.Expr:
        """The constant that the expression is, or the expression itself; its parts are folded already."""
        if isinstance(node, nodes.Getitem) and isinstance(node.node, (nodes.List, nodes.Tuple)):
            item = _item(node.node.items, node.arg)
            return node if item is None else item
        if isinstance(node, nodes.Test) and isinstance(node.node, (nodes.List, nodes.Tuple)) and not node.args:
            known = _OF_LISTS.get(node.name)
            return node if known is None else nodes.Const(known)
        try:
            if isinstance(node, nodes.Call):
                value = self._called(node)
            elif isinstance(node, _FOLDABLE) and node.find(nodes.Name) is None:
                value = self._value(node)
            else:
                return node
        except (nodes.Impossible, TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
            return node
        return nodes.Const(value) if is_plain(value) else node

    def _value(self, node: nodes.Expr) -> Any:
        if isinstance(node, nodes.BinExpr) and node.operator in self._environment.intercepted_binops:
            operands = node.left.as_const(self._context), node.right.as_const(self._context)
            return self._environment.binop_table[node.operator](*operands)
        return node.as_const(self._context)

    def _called(self, node: nodes.Call) -> Any:
        method = node.node
        if not isinstance(method, nodes.Getattr) or method.attr not in _PURE or node.kwargs:
            raise nodes.Impossible
        owner = method.node
        if node.dyn_args or node.dyn_kwargs or not isinstance(owner, nodes.Const) or type(owner.value) is not str:
            raise nodes.Impossible
        return getattr(owner.value, method.attr)(*(each.as_const(self._context) for each in node.args))


def _item(items: list[nodes.Expr], number: nodes.Expr) -> nodes.Expr | None:
    if isinstance(number, nodes.Const) and type(number.value) is int and -len(items) <= number.value < len(items):
        return items[number.value]
    return None
