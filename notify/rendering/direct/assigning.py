"""How values get names: by `set`, `with`, loops and macros, and in the branches of an `if`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jinja2 import nodes

from notify.rendering.direct.bindings import CHANGING, Missing, Same, UnfitError, Variable
from notify.rendering.direct.expressions import assigned, items_of, literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.rendering.direct.bindings import Scope
    from notify.rendering.direct.expressions import Expressions
    from notify.rendering.direct.naming import Names


class Assigner:
    """Gives values to names, by statements only where the value is not known.

    Args:
        expressions: rebuilds the values for code to be made of them.
        names: gives the names of variables.
    """

    def __init__(self, expressions: Expressions, names: Names) -> None:
        self._expressions = expressions
        self._names = names

    def assign(self, target: nodes.Node, value: nodes.Expr, scope: Scope) -> list[nodes.Node]:
        """The statements that set a target to a value, which is rebuilt already; the scope knows it from here on.

        Raises:
            UnfitError: the target is something else than variables that can be followed.
        """
        if isinstance(target, nodes.NSRef):
            holder = scope.find(target.name)
            if not isinstance(holder, Same) or not isinstance(holder.node, nodes.Name):
                raise UnfitError("a namespace is hard to follow")
            return [nodes.Assign(nodes.NSRef(holder.node.name, target.attr), value)]
        if isinstance(target, nodes.Tuple):
            return self._assign_several(target, value, scope)
        if not isinstance(target, nodes.Name):
            raise UnfitError(f"it sets a {type(target).__name__}")
        if literal(value) and target.name not in scope.merged:
            scope.names[target.name] = Same(value)
            return []
        name = self.variable(target.name, scope)
        return [nodes.Assign(nodes.Name(name, "store"), self._expressions.residual(value))]

    def _assign_several(self, target: nodes.Tuple, value: nodes.Expr, scope: Scope) -> list[nodes.Node]:
        items = items_of(value)
        if items is not None and len(items) == len(target.items):
            found: list[nodes.Node] = []
            for each, item in zip(target.items, items, strict=True):
                found += self.assign(each, item, scope)
            return found
        stores: list[nodes.Expr] = []
        for each in target.items:
            if not isinstance(each, nodes.Name) or each.name in scope.merged:
                raise UnfitError("it sets several variables in a way that is hard to follow")
            stores.append(nodes.Name(self.variable(each.name, scope), "store"))
        return [nodes.Assign(nodes.Tuple(stores, "store"), self._expressions.residual(value))]

    def variable(self, name: str, scope: Scope) -> str:
        """The variable that a name is from here on: a new one, or that of an `if` around, which sets it."""
        if name in scope.merged:
            return scope.merged[name]
        fresh = self._names.fresh(name)
        scope.names[name] = Same(nodes.Name(fresh, "load"))
        return fresh

    def loop_target(self, target: nodes.Node, scope: Scope) -> nodes.Node:
        """The target of a loop with variables of its own; `scope` is that of the loop.

        Raises:
            UnfitError: it is something else than variables.
        """
        if isinstance(target, nodes.Tuple):
            items = [cast("nodes.Expr", self.loop_target(each, scope)) for each in target.items]
            return nodes.Tuple(items, "store")
        if not isinstance(target, nodes.Name):
            raise UnfitError(f"a loop sets a {type(target).__name__}")
        return nodes.Name(self.variable(target.name, scope), "store")

    def merge(self, bodies: Iterable[Iterable[nodes.Node]], scope: Scope) -> list[nodes.Node]:
        """Make variables of what branches set, so that it has a value after them whichever was taken.

        Returns:
            The statements that give the variables the values that the names have before the branches.

        Raises:
            UnfitError: a name stands for a macro, a module or the like before.
        """
        found: list[nodes.Node] = []
        for name in sorted({name for body in bodies for name in assigned(body)} - scope.merged.keys()):
            before = scope.find(name)
            fresh = self._names.fresh(name, CHANGING)
            if isinstance(before, Same):
                value = self._expressions.residual(before.node)
            elif isinstance(before, (Variable, Missing)):
                value = nodes.Name(before.name, "load")
            else:
                raise UnfitError(f"{name} is more than a variable")
            found.append(nodes.Assign(nodes.Name(fresh, "store"), value))
            scope.names[name] = Variable(fresh)
            scope.merged[name] = fresh
        return found
