"""Follows how templates are put together: what they extend, include and import, and their blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.adopting.slots import OWN, Val
from notify.adopting.state import Here, Source
from notify.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.adopting.state import State


class Composing:
    """Goes from template to template; `body` follows statements, `used` an expression whose value counts."""

    def __init__(
        self,
        state: State,
        body: Callable[[Sequence[nodes.Node], Here], None],
        used: Callable[[nodes.Node, Here], Val],
    ) -> None:
        self._state = state
        self._body = body
        self._used = used

    def root(self, source: Source, scope: dict[str, Val], *, is_closed: bool = False) -> None:
        """Follow a template and those that it extends, as they are rendered together."""
        blocks: dict[str, list[tuple[Source, nodes.Block]]] = {}
        seen: set[str] = set()
        current: Source | None = source
        while current is not None and current.name not in seen:
            seen.add(current.name)
            for block in current.tree.find_all(nodes.Block):
                blocks.setdefault(block.name, []).append((current, block))
            extends = current.tree.find(nodes.Extends)
            here = Here(current, scope, blocks, root=scope, is_silent=extends is not None, is_closed=is_closed)
            self._body(current.tree.body, here)
            current = self._parent(extends, here) if extends is not None else None

    def block(self, node: nodes.Block, here: Here) -> None:
        """Follow the innermost definition of a block, where the outermost template has it."""
        if not here.is_silent and node.name in here.blocks:
            self._definition(node.name, 0, here if node.scoped else replace(here, scope=here.root or {}))

    def above(self, here: Here) -> None:
        """Follow what `super()` stands for."""
        if here.block is None:
            return
        name, number = here.block
        if number + 1 < len(here.blocks[name]):
            with self._state.entering() as may:
                if may:
                    self._definition(name, number + 1, replace(here, is_silent=False))

    def include(self, node: nodes.Include, here: Here) -> None:
        """Follow a template that is included."""
        if here.is_silent:
            return
        constants = node.template.items if isinstance(node.template, (nodes.Tuple, nodes.List)) else [node.template]
        names = [str(each.value) for each in constants if isinstance(each, nodes.Const)]
        if len(names) < len(constants):
            self._used(node.template, here)
            self._state.note(here, node.lineno, "only a param tells which template is included: it is not followed")
        there = [name for name in names if self._state.exists(name)]
        if names and not there and len(names) == len(constants) and not node.ignore_missing:
            self._found(names[0], node, here)
        source = self._state.source(there[0]) if there else None
        if source is not None:
            with self._state.entering() as may:
                if may:
                    scope = dict(here.scope) if node.with_context else {}
                    self.root(source, scope, is_closed=here.is_closed or not node.with_context)

    def import_(self, node: nodes.Import, here: Here) -> None:
        """Give a name to what a template defines."""
        here.scope[node.target] = Val(special=("module", self._module(node, here)))

    def from_import(self, node: nodes.FromImport, here: Here) -> None:
        """Give names to some of what a template defines."""
        module = self._module(node, here)
        for each in node.names:
            name, alias = each if isinstance(each, tuple) else (each, each)
            if name not in module:
                hint = f"there is {', '.join(nearest(name, module)[:3])}" if module else ""
                self._state.problem(here, node.lineno, f"there is no {name!r} to import", hint)
            here.scope[alias] = module.get(name, OWN)

    def _parent(self, node: nodes.Extends, here: Here) -> Source | None:
        if not isinstance(node.template, nodes.Const):
            self._used(node.template, here)
            self._state.note(here, node.lineno, "only a param tells which template is extended: it is not followed")
            return None
        return self._found(str(node.template.value), node, here)

    def _found(self, name: str, node: nodes.Node, here: Here) -> Source | None:
        source = self._state.source(name)
        if source is None and not self._state.exists(name):
            hint = "put it below the templates folder, or beside the file"
            self._state.problem(here, node.lineno, f"there is no template {name!r}", hint)
        return source

    def _definition(self, name: str, number: int, here: Here) -> None:
        source, block = here.blocks[name][number]
        # A block may stand in other places than where a question was asked.
        known, self._state.known = self._state.known, frozenset()
        self._body(block.body, replace(here, source=source, scope=dict(here.scope), block=(name, number)))
        self._state.known = known

    def _module(self, node: nodes.Import | nodes.FromImport, here: Here) -> dict[str, Val]:
        scope: dict[str, Val] = dict(here.scope) if node.with_context else {}
        if not isinstance(node.template, nodes.Const):
            self._used(node.template, here)
            return scope
        source = self._found(str(node.template.value), node, here)
        if source is not None:
            with self._state.entering() as may:
                if may:
                    closed = here.is_closed or not node.with_context
                    there = Here(source, scope, {}, root=scope, is_silent=True, is_closed=closed)
                    self._body(source.tree.body, there)
        return scope
