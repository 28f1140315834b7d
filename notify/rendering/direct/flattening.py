"""One flat tree from a template and all that it extends, includes, imports and calls.

The tree holds text, expressions, assignments, conditions and loops, and nothing else. All variables have names of their
own, so that scopes need not be kept; what is constant is computed, and loops over constants are written out. Whatever
else a template does is refused with `UnfitError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jinja2 import nodes

from notify.rendering.direct.assigning import Assigner
from notify.rendering.direct.bindings import Captured, Loop, MacroDefinition, Same, Scope, UnfitError, is_scalar
from notify.rendering.direct.expressions import OF_LOOP, Expressions, assigned, items_of
from notify.rendering.direct.folding import Folder
from notify.rendering.direct.joining import Joiner
from notify.rendering.direct.macros import Macros, macro_of
from notify.rendering.direct.naming import Names
from notify.rendering.direct.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from notify.rendering.environment import TemplateEnvironment

_MOST_ITEMS = 24
_MOST_NODES = 6000


class Flattener:
    """Makes the flat tree of one body.

    It walks over the statements; its collaborators call it back for those that stand in others.

    Args:
        environment: the body's environment.
        constants: names whose values are the same in every message.
        fixed: names whose values are the same in nearly every message; `checked` holds those that were used.
        names: the names that a message's context holds, all these included.
        change: changes the text of the template itself.

    Attributes:
        extras: what the flat tree needs beside the context, by name.
        checked: the `fixed` names that the tree holds for.
        absent: names that were taken to stand for nothing, since no context has held them.
        templates: the names of the templates that went into the tree.
        freshness: functions that say whether their files are still the same.
    """

    def __init__(
        self,
        environment: TemplateEnvironment,
        constants: Mapping[str, Any],
        fixed: Mapping[str, Any],
        names: Iterable[str],
        change: Callable[[str], str] | None = None,
    ) -> None:
        self._environment = environment
        self._change = change
        self._names = Names(environment, constants, fixed, names)
        self._sources = Sources(environment)
        self._expressions = Expressions(Folder(environment), self._names.known, self._called_inside)
        self._assigner = Assigner(self._expressions, self._names)
        self._macros = Macros(self._expressions, self._assigner, self._statements)
        self._joiner = Joiner(self._sources, self._names, self._expressions, self._statements)
        self._before: list[nodes.Node] = []
        self._size = 0
        self.extras = self._names.extras
        self.checked = self._names.checked
        self.absent = self._names.absent
        self.templates = self._sources.templates
        self.freshness = self._sources.freshness

    def flat(self, source: str, name: str | None) -> list[nodes.Node]:
        """The flat tree of a template's source.

        Raises:
            UnfitError: it does something that cannot be followed.
            jinja2.TemplateError: a template is wrong.
        """
        tree = self._sources.parsed(source, name)
        if self._change is not None:
            for data in tree.find_all(nodes.TemplateData):
                data.data = self._change(data.data)
        return self._joiner.whole(tree, Scope(outside=self._names.of_context))

    def _statements(self, body: Iterable[nodes.Node], scope: Scope) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for node in body:
            self._size += 1
            if self._size > _MOST_NODES:
                raise UnfitError("it is too large when written out")
            visit = getattr(self, f"_on_{type(node).__name__.lower()}", None)
            if visit is None:
                raise UnfitError(f"it holds a {type(node).__name__}")
            outer, self._before = self._before, []
            statements = visit(node, scope)
            # What an expression needs is done before the statement that it is in.
            found += [*self._before, *statements]
            self._before = outer
        return found

    # Other templates, and macros

    def _on_macro(self, node: nodes.Macro, scope: Scope) -> list[nodes.Node]:
        scope.names[node.name] = MacroDefinition(node, scope)
        return []

    def _on_callblock(self, node: nodes.CallBlock, scope: Scope) -> list[nodes.Node]:
        return self._macros.around(node, scope)

    def _on_import(self, node: nodes.Import, scope: Scope) -> list[nodes.Node]:
        scope.names[node.target] = self._joiner.module(node, scope)
        return []

    def _on_fromimport(self, node: nodes.FromImport, scope: Scope) -> list[nodes.Node]:
        module = self._joiner.module(node, scope)
        for each in node.names:
            name, alias = each if isinstance(each, tuple) else (each, each)
            if name not in module.scope.names:
                raise UnfitError(f"{name} cannot be imported")
            scope.names[alias] = module.scope.names[name]
        return []

    def _on_include(self, node: nodes.Include, scope: Scope) -> list[nodes.Node]:
        return self._joiner.included(node, scope)

    def _on_block(self, node: nodes.Block, scope: Scope) -> list[nodes.Node]:
        return self._joiner.block(node, scope)

    # What sets names

    def _on_scope(self, node: nodes.Scope, scope: Scope) -> list[nodes.Node]:
        return self._statements(node.body, scope.inner())

    def _on_with(self, node: nodes.With, scope: Scope) -> list[nodes.Node]:
        inner = scope.inner()
        values = [self._expressions.rebuilt(value, scope) for value in node.values]
        found: list[nodes.Node] = []
        for target, value in zip(node.targets, values, strict=True):
            found += self._assigner.assign(target, value, inner)
        return found + self._statements(node.body, inner)

    def _on_assign(self, node: nodes.Assign, scope: Scope) -> list[nodes.Node]:
        return self._assigner.assign(node.target, self._expressions.rebuilt(node.node, scope), scope)

    def _on_assignblock(self, node: nodes.AssignBlock, scope: Scope) -> list[nodes.Node]:
        if not self._environment.autoescape:
            return self._captured(node, scope)
        if node.filter is not None or not isinstance(node.target, nodes.Name) or node.target.name in scope.merged:
            raise UnfitError("a set block is filtered, or stands in a condition")
        if assigned(node.body):
            raise UnfitError("a set block sets something")
        # What it sees is what there is now.
        frozen = scope.inner()
        frozen.names.update(scope.visible())
        scope.names[node.target.name] = Captured(node.body, frozen)
        return []

    def _captured(self, node: nodes.AssignBlock, scope: Scope) -> list[nodes.Node]:
        """A `set` block of text, which is a text like any other."""
        if not isinstance(node.target, nodes.Name):
            raise UnfitError("a set block sets several variables")
        body = self._statements(node.body, scope.inner())
        rebuilt = (
            None if node.filter is None else self._expressions.residual(self._expressions.rebuilt(node.filter, scope))
        )
        name = self._assigner.variable(node.target.name, scope)
        return [nodes.AssignBlock(nodes.Name(name, "store"), cast("nodes.Filter | None", rebuilt), body)]

    # Conditions and loops

    def _on_if(self, node: nodes.If, scope: Scope) -> list[nodes.Node]:
        branches = [(node.test, node.body), *((each.test, each.body) for each in node.elif_)]
        possible: list[tuple[nodes.Expr | None, Sequence[nodes.Node]]] = []
        for test, body in branches:
            wanted = self._expressions.rebuilt(test, scope)
            if not isinstance(wanted, nodes.Const):
                possible.append((wanted, body))
            elif wanted.value:
                possible.append((None, body))
                break
        else:
            possible.append((None, node.else_))
        if possible[0][0] is None:
            return self._statements(possible[0][1], scope)
        found = self._assigner.merge([body for _, body in possible], scope)
        blocks = [(test, self._branch(body, scope)) for test, body in possible]
        first, *others = [(test, body) for test, body in blocks if test is not None]
        last = blocks[-1][1] if blocks[-1][0] is None else []
        elifs = [nodes.If(self._expressions.residual(test), body, [], []) for test, body in others]
        residual = self._expressions.residual(first[0])
        return [*found, nodes.If(residual, first[1], elifs, last)]

    def _branch(self, body: Iterable[nodes.Node], scope: Scope) -> list[nodes.Node]:
        """A branch of an `if`: it has no scope of its own, but what only it defines is not seen beside it."""
        for each in body:
            unsure = isinstance(each, nodes.AssignBlock) and self._environment.autoescape
            if unsure or isinstance(each, (nodes.Macro, nodes.Import, nodes.FromImport)):
                raise UnfitError(f"a {type(each).__name__} stands in a condition")
        return self._statements(body, scope)

    def _on_for(self, node: nodes.For, scope: Scope) -> list[nodes.Node]:
        if node.recursive:
            raise UnfitError("a loop is recursive")
        iterable = self._expressions.rebuilt(node.iter, scope)
        items = items_of(iterable)
        if items is not None and len(items) <= _MOST_ITEMS and node.test is None and _may_unroll(node):
            return self._unrolled(node, items, scope)
        inner = scope.inner()
        target = self._assigner.loop_target(node.target, inner)
        inner.names["loop"] = Same(nodes.Name("loop", "load"))
        before = len(self._before)
        test = None if node.test is None else self._expressions.residual(self._expressions.rebuilt(node.test, inner))
        if len(self._before) > before:
            raise UnfitError("a macro is called for each item of a loop, to choose it")
        body = self._statements(node.body, inner)
        otherwise = self._statements(node.else_, scope.inner())
        return [nodes.For(target, self._expressions.residual(iterable), body, otherwise, test, False)]  # noqa: FBT003

    def _unrolled(self, node: nodes.For, items: Sequence[nodes.Expr], scope: Scope) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for index, item in enumerate(items):
            inner = scope.inner()
            found += self._assigner.assign(node.target, item, inner)
            inner.names["loop"] = Loop(index, len(items))
            found += self._statements(node.body, inner)
        return found if items else self._statements(node.else_, scope.inner())

    # What is printed, and other expressions

    def _on_exprstmt(self, node: nodes.ExprStmt, scope: Scope) -> list[nodes.Node]:
        return [nodes.ExprStmt(self._expressions.rebuilt(node.node, scope))]

    def _on_output(self, node: nodes.Output, scope: Scope) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for each in node.nodes:
            if isinstance(each, nodes.TemplateData):
                found.append(nodes.Output([nodes.TemplateData(each.data)]))
                continue
            chosen = self._expressions.chosen(each, scope)
            if chosen is None:
                continue
            expanded = self._expanded(chosen, scope)
            if expanded is not None:
                found += expanded
                continue
            value = self._expressions.rebuilt(chosen, scope)
            if isinstance(value, nodes.Const) and not is_scalar(value.value):
                value = self._expressions.residual(value)
            found.append(nodes.Output([value if isinstance(value, nodes.Const) else self._expressions.residual(value)]))
        return found

    def _expanded(self, node: nodes.Expr, scope: Scope) -> list[nodes.Node] | None:
        """What is printed by a call of a macro, of `caller` or of `super`, or by a name of a `set` block."""
        if isinstance(node, nodes.Name):
            held = scope.find(node.name)
            return self._statements(held.body, held.scope.inner()) if isinstance(held, Captured) else None
        if not isinstance(node, nodes.Call):
            return None
        if isinstance(node.node, nodes.Name) and node.node.name == "super":
            return self._joiner.overridden(node)
        macro = macro_of(node.node, scope)
        return None if macro is None else self._macros.printed(macro, node, scope)

    def _called_inside(self, node: nodes.Call, scope: Scope) -> nodes.Expr | None:
        """A variable that holds what a macro prints, where its call is part of an expression."""
        macro = macro_of(node.node, scope)
        if macro is None:
            return None
        if self._environment.autoescape:
            raise UnfitError("a macro is called inside an expression")
        name = self._names.fresh("printed")
        body = self._macros.printed(macro, node, scope)
        self._before.append(nodes.AssignBlock(nodes.Name(name, "store"), None, body))
        return nodes.Name(name, "load")


def _may_unroll(node: nodes.For) -> bool:
    """Whether the body looks at `loop` only for what is known of each item."""
    known = {
        id(each.node)
        for each in node.find_all(nodes.Getattr)
        if isinstance(each.node, nodes.Name) and each.node.name == "loop" and each.attr in OF_LOOP
    }
    return all(each.name != "loop" or id(each) in known for each in node.find_all(nodes.Name))
