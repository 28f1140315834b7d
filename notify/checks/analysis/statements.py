"""Follows the statements of templates, with the scoping of Jinja2."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from notify.checks.analysis.calls import Calls
from notify.checks.analysis.composing import Composing
from notify.checks.analysis.filters import items_of
from notify.checks.analysis.frame import Loop, Macro
from notify.checks.analysis.printing import printed
from notify.checks.analysis.scope import shown
from notify.checks.analysis.values import ANY, Row, Special, Value, of, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.checks.analysis.frame import Frame

_LEAVES = ("Continue", "Break")


class Statements:
    """Goes through bodies; each statement changes what its frame's scope knows."""

    def __init__(self) -> None:
        self._calls = Calls(self.follow, self._above, self._again)
        self._expressions = self._calls.expressions
        self.composing = Composing(self._expressions, self.follow)
        self._makers: dict[type[nodes.Node], Callable[[Any, Frame], None]] = {
            nodes.Output: self._output,
            nodes.For: self._for,
            nodes.Assign: self._assign,
            nodes.AssignBlock: self._assign_block,
            nodes.FilterBlock: self._filter_block,
            nodes.With: self._with,
            nodes.Macro: self._macro,
            nodes.CallBlock: self._call_block,
            nodes.ScopedEvalContextModifier: self._modified,
        }

    def follow(self, body: Sequence[nodes.Node], frame: Frame) -> bool:
        """Go through a body; whether it leaves the loop that it is in."""
        return any(self._statement(node, frame) for node in body)

    def finish(self, frame: Frame) -> None:
        """Follow what nothing calls."""
        number = 0
        while number < len(frame.run.macros):  # one macro may define another
            macro = frame.run.macros[number]
            if not macro.is_called and frame.run.may_enter():
                self._calls.unused(macro)
            number += 1

    def _statement(self, node: nodes.Node, frame: Frame) -> bool:
        if type(node).__name__ in _LEAVES:
            return True
        if isinstance(node, nodes.If):
            return self._if(node, frame)
        maker = self._makers.get(type(node))
        if maker is not None:
            maker(node, frame)
        elif isinstance(node, nodes.Expr):
            self._expressions.value(node, frame)
        elif not self.composing.statement(node, frame):
            self._other(node, frame)
        return False

    def _other(self, node: nodes.Node, frame: Frame) -> None:
        inner = frame.inner()
        for child in node.iter_child_nodes():
            self._statement(child, inner)

    def _output(self, node: nodes.Output, frame: Frame) -> None:
        if frame.is_silent:
            return
        for each in node.nodes:
            value = scalar("constant") if isinstance(each, nodes.TemplateData) else self._expressions.value(each, frame)
            printed(each, value, frame)

    def _if(self, node: nodes.If, frame: Frame) -> bool:
        tail, tails = frame.run.tail, []
        outcomes = []
        before = replace(frame, scope=frame.scope.inner())
        for test, body in [*((each.test, each.body) for each in (node, *node.elif_)), (None, node.else_)]:
            inner = replace(before, scope=before.scope.inner())
            if test is not None:
                self._expressions.condition(test, before)
                self._expressions.assume(test, inner, holds=True)
                self._expressions.assume(test, before, holds=False)
            frame.run.tail = tail
            if not self.follow(body, inner):
                outcomes.append(inner.scope)
                tails.append(frame.run.tail)
        frame.run.tail = max(tails, key=len, default=tail)
        frame.scope.merge(outcomes)
        return not outcomes

    def _for(self, node: nodes.For, frame: Frame) -> None:
        value = frame.use(self._expressions.value(node.iter, frame), node.iter)
        item = items_of(value)
        if item is None:
            spot = value.passed or frame.where(node.iter)
            kind = " or ".join(sorted(value.names())) or "no list"
            frame.report("not-iterable", spot, f"{shown(node.iter)} is {kind}, which cannot be looped over")
            item = ANY
        before = frame.scope.inner()
        self._turn(Loop(node, frame, item))
        self.follow(node.else_, frame.inner(before))

    def _again(self, loop: Loop, item: Value) -> None:
        """Another level of a recursive loop."""
        if loop.frame.run.may_enter():
            self._turn(replace(loop, item=item))

    def _turn(self, loop: Loop) -> None:
        node = loop.node
        inner = loop.frame.inner()
        self.bind(node.target, loop.item, inner)
        if node.test is not None:
            self._expressions.condition(node.test, inner)
            self._expressions.assume(node.test, inner, holds=True)
        inner.scope.bind("loop", of(Special("loop", loop)))
        self.follow(node.body, inner)

    def bind(self, target: nodes.Node, value: Value, frame: Frame, source: nodes.Expr | None = None) -> None:
        """Give the names of a target their values."""
        if isinstance(target, nodes.Name):
            frame.scope.bind(target.name, value, source)
        elif isinstance(target, (nodes.Tuple, nodes.List)):
            for name, part in zip(target.items, self._parts(target, value, frame), strict=True):
                self.bind(name, part, frame)

    def _parts(self, target: nodes.Tuple | nodes.List, value: Value, frame: Frame) -> list[Value]:
        wanted = len(target.items)
        rows = [arm for arm in value.arms if isinstance(arm, Row)]
        if len(rows) == 1 and len(value.arms) == 1 and len(rows[0].items) == wanted:
            return [part.with_taint(value.tainted) for part in rows[0].items]
        if value.names() and not value.is_unknown and all(part in _WHOLE for part in value.names()):
            names = ", ".join(name.name for name in target.items if isinstance(name, nodes.Name))
            message = f"there is one value at a time here, not {names}"
            frame.report("not-iterable", target.items[0], message, "for keys and values, loop over `... | items`")
            return [ANY] * wanted
        item = items_of(value)
        return [ANY if item is None else item] * wanted

    def _assign(self, node: nodes.Assign, frame: Frame) -> None:
        value = self._expressions.value(node.node, frame)
        if isinstance(node.target, (nodes.Tuple, nodes.List)):
            frame.need(value)
        self.bind(node.target, value, frame, node.node if isinstance(node.node, nodes.Expr) else None)

    def _assign_block(self, node: nodes.AssignBlock, frame: Frame) -> None:
        self._captured(node.body, frame)
        value = scalar("markup" if frame.run.part == "html" else "str")
        if node.filter is not None:
            value = self._expressions.value(node.filter, frame)
        self.bind(node.target, value, frame)

    def _captured(self, body: Sequence[nodes.Node], frame: Frame) -> None:
        tail, frame.run.tail = frame.run.tail, ""
        self.follow(body, replace(frame.inner(), is_silent=False))
        frame.run.tail = tail

    def _filter_block(self, node: nodes.FilterBlock, frame: Frame) -> None:
        self._captured(node.body, frame)
        self._expressions.value(node.filter, frame)

    def _with(self, node: nodes.With, frame: Frame) -> None:
        inner = frame.inner()
        for target, source in zip(node.targets, node.values, strict=True):
            self.bind(target, self._expressions.value(source, frame), inner)
        self.follow(node.body, inner)

    def _macro(self, node: nodes.Macro, frame: Frame) -> None:
        macro = Macro(node, frame)
        frame.run.macros.append(macro)
        frame.scope.bind(node.name, of(Special("macro", macro)))

    def _call_block(self, node: nodes.CallBlock, frame: Frame) -> None:
        self._calls.call_block(node, frame)

    def _modified(self, node: nodes.ScopedEvalContextModifier, frame: Frame) -> None:
        inner = frame.inner()
        for option in node.options:
            if option.key == "autoescape" and isinstance(option.value, nodes.Const):
                inner.is_bypassed = not option.value.value
        self.follow(node.body, inner)

    def _above(self, frame: Frame) -> Value:
        return self.composing.above(frame)


_WHOLE = frozenset({"str", "Text", "Email", "Url", "Html", "Markdown", "int", "float", "bool", "Decimal", "date"})
