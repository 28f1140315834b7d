"""Expressions with their names replaced by what they stand for, and computed as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jinja2 import nodes

from notify.rendering.direct.bindings import CHANGING, Loop, Missing, Module, Same, UnfitError, Variable, is_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify.rendering.direct.bindings import Binding, Scope
    from notify.rendering.direct.folding import Folder

_OF_LOOP: dict[str, Callable[[Loop], Any]] = {
    "index": lambda loop: loop.index + 1,
    "index0": lambda loop: loop.index,
    "revindex": lambda loop: loop.length - loop.index,
    "revindex0": lambda loop: loop.length - loop.index - 1,
    "first": lambda loop: loop.index == 0,
    "last": lambda loop: loop.index == loop.length - 1,
    "length": lambda loop: loop.length,
    "depth": lambda _: 1,
    "depth0": lambda _: 0,
}
OF_LOOP = frozenset(_OF_LOOP)
"""The attributes of `loop` that are known where a loop is written out."""


class Expressions:
    """Rebuilds expressions.

    Args:
        folder: computes constants.
        known: gives an expression for a value that is too large to be written into the code.
        called: gives one for a call of a macro; None if it calls something else.
    """

    def __init__(
        self,
        folder: Folder,
        known: Callable[[Any], nodes.Expr],
        called: Callable[[nodes.Call, Scope], nodes.Expr | None],
    ) -> None:
        self._folder = folder
        self._known = known
        self._called = called

    def rebuilt(self, node: nodes.Node, scope: Scope) -> nodes.Expr:
        """The expression in this scope; it shares no node with the one that it was made of.

        Raises:
            UnfitError: it uses a name in a way that cannot be followed.
        """
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if not isinstance(node, nodes.Expr):
            raise UnfitError(f"it holds a {type(node).__name__}")
        special = self._special(node, scope)
        if special is not None:
            return special
        fields = {name: self._field(getattr(node, name), scope) for name in node.fields}
        made = type(node)(*fields.values())
        for name in node.attributes:
            setattr(made, name, getattr(node, name, None))
        return self._folder.folded(made)

    def chosen(self, node: nodes.Expr, scope: Scope) -> nodes.Expr | None:
        """The expression that is printed for `a if b else c` where `b` is known; None if that is none."""
        found: nodes.Expr | None = node
        while isinstance(found, nodes.CondExpr) and isinstance(test := self.rebuilt(found.test, scope), nodes.Const):
            found = found.expr1 if test.value else found.expr2
        return found

    def residual(self, node: nodes.Expr) -> nodes.Expr:
        """The expression with its lists and mappings in variables, for code to be made of it."""
        if isinstance(node, nodes.Const):
            return node if is_scalar(node.value) else self._known(node.value)
        for name in node.fields:
            value = getattr(node, name)
            if isinstance(value, nodes.Expr):
                setattr(node, name, self.residual(value))
            elif isinstance(value, list):
                setattr(node, name, [self._residual_item(each) for each in value])
        return node

    def _residual_item(self, value: Any) -> Any:
        if isinstance(value, nodes.Expr):
            return self.residual(value)
        if isinstance(value, (nodes.Keyword, nodes.Pair)):
            value.value = self.residual(value.value)
        elif isinstance(value, nodes.Operand):
            value.expr = self.residual(value.expr)
        return value

    def _field(self, value: Any, scope: Scope) -> Any:
        if isinstance(value, nodes.Expr):
            return self.rebuilt(value, scope)
        if isinstance(value, nodes.Node):
            return type(value)(*(self._field(getattr(value, name), scope) for name in value.fields))
        return [self._field(each, scope) for each in value] if isinstance(value, list) else value

    @staticmethod
    def _name(node: nodes.Name, scope: Scope) -> nodes.Expr:
        held = scope.find(node.name)
        if isinstance(held, Same):
            return _copy(held.node)
        if isinstance(held, (Variable, Missing)):
            return nodes.Name(held.name, "load")
        raise UnfitError(f"{node.name} is used inside an expression")

    def _special(self, node: nodes.Expr, scope: Scope) -> nodes.Expr | None:
        """`loop.index` of a loop that is written out, a variable of a module, and what is said of a missing name."""
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self._attribute(scope.find(node.node.name), node.attr)
        if isinstance(node, nodes.Call):
            return self._called(node, scope)
        if isinstance(node, (nodes.Test, nodes.Filter)) and isinstance(node.node, nodes.Name):
            return self._of_missing(node, scope)
        if isinstance(node, nodes.CondExpr):
            return self._conditional(node, scope)
        return self._junction(node, scope) if isinstance(node, (nodes.And, nodes.Or)) else None

    @staticmethod
    def _attribute(held: Binding, name: str) -> nodes.Expr | None:
        if isinstance(held, Loop) and name in _OF_LOOP:
            return nodes.Const(_OF_LOOP[name](held))
        if isinstance(held, Module):
            inner = held.scope.names.get(name)
            if isinstance(inner, Same):
                return _copy(inner.node)
            raise UnfitError(f"{name} of a module is used inside an expression")
        return None

    def _junction(self, node: nodes.And | nodes.Or, scope: Scope) -> nodes.Expr:
        left = self.rebuilt(node.left, scope)
        if not isinstance(left, nodes.Const):
            return type(node)(left, self.rebuilt(node.right, scope))
        return self.rebuilt(node.right, scope) if bool(left.value) is isinstance(node, nodes.And) else left

    def _conditional(self, node: nodes.CondExpr, scope: Scope) -> nodes.Expr:
        test = self.rebuilt(node.test, scope)
        if isinstance(test, nodes.Const):
            chosen = node.expr1 if test.value else node.expr2
            if chosen is not None:
                return self.rebuilt(chosen, scope)
        otherwise = None if node.expr2 is None else self.rebuilt(node.expr2, scope)
        return nodes.CondExpr(test, self.rebuilt(node.expr1, scope), otherwise)

    def _of_missing(self, node: nodes.Test | nodes.Filter, scope: Scope) -> nodes.Expr | None:
        held = scope.find(cast("nodes.Name", node.node).name)
        asks = isinstance(node, nodes.Test) and node.name in {"defined", "undefined"}
        if asks and not isinstance(held, (Same, Variable)):
            return nodes.Const((node.name == "undefined") is isinstance(held, Missing))
        if not isinstance(held, Missing):
            return None
        if node.name in {"default", "d"} and not node.kwargs and not node.dyn_args and not node.dyn_kwargs:
            return self.rebuilt(node.args[0], scope) if node.args else nodes.Const("")
        return None


def literal(node: nodes.Expr) -> bool:
    """Whether an expression may stand wherever its value is used: it costs nothing, and is the same there."""
    if isinstance(node, nodes.Const):
        return True
    if isinstance(node, nodes.Name):
        return CHANGING not in node.name
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return all(map(literal, node.items))
    return False


def items_of(node: nodes.Expr) -> list[nodes.Expr] | None:
    """The items of a list that is known, or whose items are."""
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return list(node.items)
    if isinstance(node, nodes.Const) and type(node.value) in (list, tuple):
        return [nodes.Const(each) for each in node.value]
    return None


def assigned(body: Iterable[nodes.Node]) -> set[str]:
    """The names that statements set, those in branches of an `if` too, but not those of inner scopes."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, (nodes.Assign, nodes.AssignBlock)):
            names = [node.target, *node.target.find_all(nodes.Name)]
            found.update(each.name for each in names if isinstance(each, nodes.Name))
        elif isinstance(node, nodes.If):
            found |= assigned([*node.body, *node.elif_, *node.else_])
    return found


def _copy(node: nodes.Expr) -> nodes.Expr:
    """The same expression in nodes of its own; constants are shared."""
    if isinstance(node, nodes.Name):
        return nodes.Name(node.name, node.ctx)
    if isinstance(node, (nodes.List, nodes.Tuple)):
        items = [_copy(each) for each in node.items]
        return nodes.List(items) if isinstance(node, nodes.List) else nodes.Tuple(items, node.ctx)
    return node
