"""Macros and `call` blocks, written out where they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.rendering.direct.bindings import Caller, MacroDefinition, Missing, Module, Scope, UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify.rendering.direct.assigning import Assigner
    from notify.rendering.direct.bindings import Binding
    from notify.rendering.direct.expressions import Expressions

_DEEPEST = 24


class Macros:
    """Writes out what macros print.

    Args:
        expressions: rebuilds their arguments.
        assigner: gives the arguments their names.
        statements: flattens their bodies.
    """

    def __init__(
        self,
        expressions: Expressions,
        assigner: Assigner,
        statements: Callable[[Iterable[nodes.Node], Scope], list[nodes.Node]],
    ) -> None:
        self._expressions = expressions
        self._assigner = assigner
        self._statements = statements
        self._depth = 0

    def printed(self, macro: MacroDefinition | Caller, call: nodes.Call, scope: Scope) -> list[nodes.Node]:
        """The body of a macro, or of a `call` block, with the arguments of a call in place.

        Raises:
            UnfitError: the arguments do not fit, or macros call one another too deeply.
        """
        return self._written(macro, call, scope, Missing("caller"))

    def around(self, node: nodes.CallBlock, scope: Scope) -> list[nodes.Node]:
        """The body of the macro that a `call` block calls, which may print the block.

        Raises:
            UnfitError: it calls something else, the arguments do not fit, or macros call one another too deeply.
        """
        macro = macro_of(node.call.node, scope)
        if not isinstance(macro, MacroDefinition):
            raise UnfitError("a call block calls something that is no macro")
        return self._written(macro, node.call, scope, Caller(node, scope))

    def _written(
        self, macro: MacroDefinition | Caller, call: nodes.Call, scope: Scope, caller: Binding
    ) -> list[nodes.Node]:
        if call.dyn_args or call.dyn_kwargs or self._depth >= _DEEPEST or len(call.args) > len(macro.node.args):
            raise UnfitError("a macro is called in a way that is hard to follow")
        inner = macro.scope.inner()
        inner.names["caller"] = caller
        found = self._arguments(macro.node, call, scope, inner)
        if isinstance(macro, Caller):
            del inner.names["caller"]  # that of the macro around the block is meant
        self._depth += 1
        found += self._statements(macro.node.body, inner)
        self._depth -= 1
        return found

    def _arguments(
        self, macro: nodes.Macro | nodes.CallBlock, call: nodes.Call, scope: Scope, inner: Scope
    ) -> list[nodes.Node]:
        """Statements that set the arguments in the scope of the macro's body."""
        given = dict(zip((arg.name for arg in macro.args), call.args, strict=False))
        for pair in call.kwargs:
            if pair.key in given or all(arg.name != pair.key for arg in macro.args):
                raise UnfitError("a macro gets arguments that it does not name")
            given[pair.key] = pair.value
        defaults = dict(zip((arg.name for arg in macro.args[::-1]), macro.defaults[::-1], strict=False))
        found: list[nodes.Node] = []
        for arg in macro.args:
            if arg.name in given:
                value = self._expressions.rebuilt(given[arg.name], scope)
            elif arg.name in defaults:
                value = self._expressions.rebuilt(defaults[arg.name], Scope(outside=_refuse_names))
            else:
                raise UnfitError(f"a macro does not get its argument {arg.name}")
            found += self._assigner.assign(nodes.Name(arg.name, "store"), value, inner)
        return found


def macro_of(called: nodes.Expr, scope: Scope) -> MacroDefinition | Caller | None:
    """The macro, or the `call` block, that is called by an expression; None if that is something else."""
    held: Binding | None = None
    if isinstance(called, nodes.Name):
        held = scope.given(called.name)
    elif isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
        module = scope.given(called.node.name)
        held = module.scope.names.get(called.attr) if isinstance(module, Module) else None
    return held if isinstance(held, (MacroDefinition, Caller)) else None


def _refuse_names(name: str) -> Binding:
    raise UnfitError(f"a default of a macro uses {name}")
