"""Templates that hold one another: what extends, includes and imports others, and the blocks that they override."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound, nodes

from notify.rendering.direct.bindings import Module, Scope, UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from notify.rendering.direct.expressions import Expressions
    from notify.rendering.direct.naming import Names
    from notify.rendering.direct.sources import Sources

_DEEPEST = 24


class Joiner:
    """Puts other templates where a template asks for them.

    Args:
        sources: loads them.
        names: what their names stand for.
        expressions: rebuilds the expressions that name them.
        statements: flattens what they hold.
    """

    def __init__(
        self,
        sources: Sources,
        names: Names,
        expressions: Expressions,
        statements: Callable[[Iterable[nodes.Node], Scope], list[nodes.Node]],
    ) -> None:
        self._sources = sources
        self._names = names
        self._expressions = expressions
        self._statements = statements
        self._modules: dict[str, Module] = {}
        self._inheritances: list[_Inheritance] = []

    def whole(self, tree: nodes.Template, scope: Scope) -> list[nodes.Node]:
        """A template with all that it extends.

        Raises:
            UnfitError: what it extends is not known, or something beside its blocks cannot be followed.
            jinja2.TemplateError: a template is not there, or is wrong.
        """
        inheritance = _Inheritance(scope)
        self._inheritances.append(inheritance)
        found: list[nodes.Node] = []
        for _ in range(_DEEPEST):
            for block in tree.find_all(nodes.Block):
                inheritance.blocks.setdefault(block.name, []).append(block)
            extends = [node for node in tree.body if isinstance(node, nodes.Extends)]
            if tree.find(nodes.Extends) is not (extends[0] if extends else None) or len(extends) > 1:
                raise UnfitError("what it extends depends on something")
            if not extends:
                found += self._statements(tree.body, scope)
                self._inheritances.pop()
                return found
            found += self._top_of_child(tree.body, extends[0], scope)
            tree = self._sources.loaded(self._template_name(extends[0].template, scope))
        raise UnfitError("it extends too many templates")

    def _top_of_child(self, body: list[nodes.Node], extends: nodes.Extends, scope: Scope) -> list[nodes.Node]:
        """What a template that extends another does outside its blocks: what it prints after `extends` is dropped."""
        found: list[nodes.Node] = []
        printing = True
        for node in body:
            if node is extends:
                printing = False
            elif isinstance(node, nodes.Output) or (isinstance(node, nodes.Block) and not printing):
                found += self._statements([node], scope) if printing else []
            elif isinstance(node, (nodes.Import, nodes.FromImport, nodes.Macro, nodes.Assign, nodes.AssignBlock)):
                found += self._statements([node], scope)
            else:
                raise UnfitError(f"a {type(node).__name__} stands beside the blocks")
        return found

    def _template_name(self, node: nodes.Expr, scope: Scope) -> str:
        wanted = self._expressions.rebuilt(node, scope)
        if not isinstance(wanted, nodes.Const) or not isinstance(wanted.value, str):
            raise UnfitError("the name of a template depends on something")
        return wanted.value

    def block(self, node: nodes.Block, scope: Scope) -> list[nodes.Node]:
        """What stands in the place of a block.

        Raises:
            UnfitError: it is scoped or required.
        """
        if node.scoped and scope is not self._inheritances[-1].scope:
            raise UnfitError(f"the block {node.name} is scoped")
        return self._block(node.name, 0)

    def overridden(self, call: nodes.Call) -> list[nodes.Node]:
        """What `super()` prints: the block that the present one overrides.

        Raises:
            UnfitError: there is none, or it is required.
        """
        inheritance = self._inheritances[-1]
        name, level = inheritance.current[-1] if inheritance.current else ("", 0)
        if call.args or call.kwargs or level + 1 >= len(inheritance.blocks.get(name, ())):
            raise UnfitError("super() is called where there is none")
        return self._block(name, level + 1)

    def _block(self, name: str, level: int) -> list[nodes.Node]:
        inheritance = self._inheritances[-1]
        found = inheritance.blocks[name][level]
        if found.required:
            raise UnfitError(f"the block {name} is required")
        inheritance.current.append((name, level))
        body = self._statements(found.body, inheritance.scope.inner())
        inheritance.current.pop()
        return body

    def included(self, node: nodes.Include, scope: Scope) -> list[nodes.Node]:
        """The template that is included, whole.

        Raises:
            UnfitError: which it is is not known, it may be missing, or it sees nothing of the context.
            jinja2.TemplateError: it is not there, or is wrong.
        """
        if not node.with_context:
            raise UnfitError("it includes without context")
        name = self._template_name(node.template, scope)
        try:
            tree = self._sources.loaded(name)
        except TemplateNotFound as error:
            if node.ignore_missing and error.name == name:
                raise UnfitError(f"{name} is not there") from None
            raise
        if len(self._inheritances) > _DEEPEST:
            raise UnfitError("it includes too many templates in one another")
        return self.whole(tree, scope.inner())

    def module(self, node: nodes.Import | nodes.FromImport, scope: Scope) -> Module:
        """The template that is imported; each is flattened once.

        Raises:
            UnfitError: which it is is not known, it sees the context, or holds more than macros and constants.
            jinja2.TemplateError: it is not there, or is wrong.
        """
        if node.with_context:
            raise UnfitError("it imports with context")
        name = self._template_name(node.template, scope)
        module = self._modules.get(name)
        if module is None:
            module = self._modules[name] = Module(Scope(outside=self._names.of_globals))
            self._fill(module.scope, name)
        return module

    def _fill(self, scope: Scope, name: str) -> None:
        """Give the scope of a module what the template of that name sets."""
        tree = self._sources.loaded(name)
        self._inheritances.append(_Inheritance(scope))
        for each in tree.body:
            if isinstance(each, (nodes.Import, nodes.FromImport, nodes.Macro, nodes.Assign)):
                if self._statements([each], scope):
                    raise UnfitError(f"what {name} sets is not constant")
            elif not isinstance(each, nodes.Output):
                raise UnfitError(f"{name}, which is imported, holds a {type(each).__name__}")
        self._inheritances.pop()


class _Inheritance:
    """The blocks of a template and of those that it extends, the nearest first."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.blocks: dict[str, list[nodes.Block]] = {}
        self.current: list[tuple[str, int]] = []
