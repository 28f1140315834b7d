"""Templates that are made of others: extends and blocks, include, import."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.checks.analysis.frame import Module
from notify.checks.analysis.scope import Scope
from notify.checks.analysis.values import ANY, Special, Value, of, scalar
from notify.checks.analysis.written import Spot
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.checks.analysis.expressions import Expressions
    from notify.checks.analysis.frame import Frame
    from notify.checks.analysis.library import Parsed


class Composing:
    """Finds other templates and follows them; `follow` goes through a body."""

    def __init__(self, expressions: Expressions, follow: Callable[[Sequence[nodes.Node], Frame], bool]) -> None:
        self._expressions = expressions
        self._follow = follow

    def root(self, parsed: Parsed, frame: Frame) -> None:
        """Follow a template from its beginning, in a frame whose scope is the context."""
        run = frame.run
        if parsed.fault is not None:
            spot = Spot(parsed.written, parsed.fault.offset)
            run.notes.add("syntax", spot.location, parsed.fault.message)
            run.notes.is_complete = False
        if parsed.tree is None:
            return
        frame = replace(frame, written=parsed.written, is_top=True, is_silent=False, root=frame.scope)
        for block in parsed.tree.find_all(nodes.Block):
            frame.chain.setdefault(block.name, []).append((parsed.written, block))
        parents: list[Parsed | None] = []
        for number, node in enumerate(parsed.tree.body):
            if isinstance(node, nodes.Extends):
                parents.append(self._parent(node, frame))
                frame.is_silent = True
            elif self._follow(parsed.tree.body[number : number + 1], frame):
                break
        run.depth += 1
        for parent in parents[:1]:
            if parent is not None and run.may_enter():
                self.root(parent, frame)
            elif parent is None:
                self._orphaned(parsed, frame)
        run.depth -= 1

    def statement(self, node: nodes.Node, frame: Frame) -> bool:
        """Follow a statement that takes something from elsewhere; whether it is one."""
        if isinstance(node, nodes.Block):
            self._block(node, frame)
        elif isinstance(node, nodes.Include):
            self._include(node, frame)
        elif isinstance(node, nodes.Import):
            module = self._module(node, frame)
            frame.scope.bind(node.target, ANY if module is None else of(Special("module", module)))
        elif isinstance(node, nodes.FromImport):
            self._from(node, frame)
        elif isinstance(node, nodes.Extends):  # under a condition
            parent = self._parent(node, frame)
            frame.run.notes.is_complete = False
            if parent is not None and frame.run.may_enter():
                frame.run.depth += 1
                self.root(parent, replace(frame, scope=frame.scope.inner()))
                frame.run.depth -= 1
        else:
            return False
        return True

    def above(self, frame: Frame) -> Value:
        """What `super()` gives."""
        if frame.block is not None:
            name, number = frame.block
            self._enter(name, number + 1, frame, frame.scope.inner())
        return scalar("markup")

    def _parent(self, node: nodes.Extends, frame: Frame) -> Parsed | None:
        self._expressions.value(node.template, frame)
        found = self._templates(node.template, frame, required=True)
        return found[0] if len(found) == 1 else None

    def _orphaned(self, parsed: Parsed, frame: Frame) -> None:
        """The layout is not known: its blocks see what it sets, whatever that is."""
        frame.run.notes.is_complete = False
        inner = replace(frame, scope=frame.scope.inner(), is_silent=False)
        inner.scope.is_open = True
        for block in parsed.tree.find_all(nodes.Block) if parsed.tree is not None else ():
            self._block(block, inner)

    def _block(self, node: nodes.Block, frame: Frame) -> None:
        if frame.is_top and frame.is_silent:
            return
        if frame.is_top or node.scoped or frame.root is None:
            scope = frame.scope.inner()
        else:
            scope = frame.root.inner()
            scope.adopt(frame.scope)
        self._enter(node.name, 0, frame, scope)

    def _enter(self, name: str, number: int, frame: Frame, scope: Scope) -> None:
        definitions = frame.chain.get(name, [])
        if number >= len(definitions) or not frame.run.may_enter():
            return
        written, block = definitions[number]
        scope.names["super"] = of(Special("super"))
        frame.run.depth += 1
        inner = replace(
            frame, written=written, scope=scope, block=(name, number), is_top=False, is_silent=False, root=frame.root
        )
        self._follow(block.body, inner)
        frame.run.depth -= 1

    def _include(self, node: nodes.Include, frame: Frame) -> None:
        self._expressions.value(node.template, frame)
        for parsed in self._templates(node.template, frame, required=not node.ignore_missing):
            scope = frame.scope.inner() if node.with_context else Scope(frame.run.globals)
            scope.is_open = scope.is_open or (frame.scope.is_open and node.with_context)
            if frame.run.may_enter():
                frame.run.depth += 1
                self.root(parsed, replace(frame, scope=scope, chain={}, block=None))
                frame.run.depth -= 1

    def _module(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> Module | None:
        self._expressions.value(node.template, frame)
        found = self._templates(node.template, frame, required=True)
        if len(found) != 1 or not frame.run.may_enter():
            return None
        parsed = found[0]
        scope = frame.scope.inner() if node.with_context else Scope(frame.run.globals)
        scope.bound = set()
        tail, frame.run.tail = frame.run.tail, ""
        frame.run.depth += 1
        self.root(parsed, replace(frame, scope=scope, chain={}, block=None, is_bypassed=False))
        frame.run.depth -= 1
        frame.run.tail = tail
        exported = {name: scope.names[name] for name in scope.bound if not name.startswith("_")}
        return Module(parsed.written.name, exported) if parsed.tree is not None else None

    def _from(self, node: nodes.FromImport, frame: Frame) -> None:
        module = self._module(node, frame)
        for each in node.names:
            name, alias = each if isinstance(each, tuple) else (each, each)
            value = ANY if module is None else module.get(name)
            if module is not None and value is None:
                offset = frame.written.source.find(name, frame.written.source.find("import", node.template.lineno or 0))
                spot = Spot(frame.written, offset)
                message, hint = f"{module.name} has no {name!r}", did_you_mean(name, module.exported)
                frame.report("undefined-attribute", spot, message, hint)
            frame.scope.bind(alias, ANY if value is None else value)

    def _templates(self, node: nodes.Expr, frame: Frame, *, required: bool) -> list[Parsed]:
        """The templates that an expression may name; what is not there is noted."""
        if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
            return [
                parsed
                for each in (node.expr1, node.expr2)
                for parsed in self._templates(each, frame, required=required)
            ]
        options = node.items if isinstance(node, (nodes.List, nodes.Tuple)) else [node]
        names = [each.value for each in options if isinstance(each, nodes.Const) and isinstance(each.value, str)]
        if len(names) < len(options):
            frame.run.notes.is_complete = False
            return []
        library = frame.run.library
        for name in names:
            parsed = library.file(name)
            if parsed is not None:
                return [parsed]
        if required and names:
            named = " or ".join(map(repr, names))
            suffix = names[-1].rpartition(".")[2]
            alike = [name for name in library.names() if name.rpartition(".")[2] == suffix]
            hint = did_you_mean(names[-1], alike)
            frame.report("missing-template", options[-1], f"there is no template {named}", hint)
            frame.run.notes.is_complete = False
        return []
