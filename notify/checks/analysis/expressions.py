"""What expressions are, and what is wrong in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import nodes

from notify.checks.analysis.filtering import UNSAFE, Filtering, formatted, near, no_attribute, text_from
from notify.checks.analysis.filters import MULTILINE
from notify.checks.analysis.members import member
from notify.checks.analysis.narrowing import assume
from notify.checks.analysis.scope import path_of, shown
from notify.checks.analysis.values import (
    ANY,
    NEVER,
    NOTHING,
    Fields,
    ListOf,
    MappingOf,
    Record,
    Row,
    Special,
    Value,
    join,
    of,
    scalar,
)
from notify.checks.analysis.written import Spot
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.checks.analysis.frame import Frame

_HELPERS = frozenset({"range", "dict", "cycler", "joiner", "namespace", "self"})
_TRANSLATIONS = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
_LENIENT = frozenset({"defined", "undefined"})
_CALM = frozenset({"none", "mapping", "string", "number", "boolean", "sequence"})
"""Tests that do not fail on the field of what is None."""
_ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
_ORDERS = frozenset({"gt", "gteq", "lt", "lteq"})


class Calls(Protocol):
    """Follows what is called."""

    def __call__(self, node: nodes.Call, frame: Frame) -> Value:
        """What the call gives."""


class Expressions:
    """Evaluates expressions over what values may be; `calls` follows macros."""

    def __init__(self, calls: Calls) -> None:
        self._filtering = Filtering(self.value, self.find)
        self._makers: dict[type[nodes.Node], Callable[[Any, Frame], Value]] = {
            nodes.Call: calls,
            nodes.Filter: self._filtering.filter,
            nodes.Const: self._const,
            nodes.TemplateData: self._const,
            nodes.List: self._sequence,
            nodes.Tuple: self._sequence,
            nodes.Dict: self._dict,
            nodes.Test: self._test,
            nodes.CondExpr: self._choice,
            nodes.And: self._both,
            nodes.Or: self._both,
            nodes.Not: self._not,
            nodes.Compare: self._compare,
            nodes.Concat: self._concat,
            **dict.fromkeys(_ARITHMETIC, self._binary),
            nodes.Neg: self._unary,
            nodes.Pos: self._unary,
        }

    def value(self, node: nodes.Node, frame: Frame) -> Value:
        """What an expression may be; a name or an attribute that there is not is noted."""
        if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
            found = self._find(node, frame, lenient=False)
            if found is None:
                self._undefined(node, frame)
                return ANY
            return found
        maker = self._makers.get(type(node))
        if maker is not None:
            return maker(node, frame)
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Expr):
                self.value(child, frame)
        return ANY

    def find(self, node: nodes.Node, frame: Frame) -> Value | None:
        """What an expression may be, where it may as well be undefined: None if it is."""
        if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
            return self._find(node, frame, lenient=True)
        return self.value(node, frame)

    def condition(self, node: nodes.Node, frame: Frame) -> Value:
        """An expression of which only counts whether it is true."""
        value = self.value(node, frame)
        frame.need(value)
        return value

    def assume(self, node: nodes.Node, frame: Frame, *, holds: bool) -> None:
        """Take note in the frame's scope of what follows from a condition."""

        def look(path: nodes.Node) -> Value | None:
            was_quiet, frame.run.is_quiet = frame.run.is_quiet, True
            try:
                return self.find(path, frame)
            finally:
                frame.run.is_quiet = was_quiet

        assume(node, frame.scope, look, holds=holds)

    def _find(self, node: nodes.Node, frame: Frame, *, lenient: bool) -> Value | None:
        if isinstance(node, nodes.Name):
            return self._name(node, frame)
        path = path_of(node)
        if path is not None and path in frame.scope.known:
            self._note_use(frame.scope.names.get(path[0]), frame)
            return frame.scope.known[path]
        assert isinstance(node, (nodes.Getattr, nodes.Getitem))  # noqa: S101  # the callers see to it
        owner = self.value(node.node, frame)
        if not lenient:
            owner = frame.use(owner, node.node)
        if isinstance(node, nodes.Getattr):
            return member(owner, node.attr)
        return self._item(node, owner, frame)

    def _name(self, node: nodes.Name, frame: Frame) -> Value | None:
        value = frame.scope.names.get(node.name)
        self._note_use(value, frame)
        if value is None and (frame.scope.is_open or node.name in _TRANSLATIONS):
            return ANY
        return value

    def _note_use(self, value: Value | None, frame: Frame) -> None:
        if value is not None and value.root and not frame.run.is_quiet:
            frame.run.notes.used.add(value.root)

    def _item(self, node: nodes.Getitem, owner: Value, frame: Frame) -> Value | None:
        if isinstance(node.arg, nodes.Slice):
            for bound in node.arg.iter_child_nodes():
                self.value(bound, frame)
            return owner
        if isinstance(node.arg, nodes.Const):
            return member(owner, str(node.arg.value))
        self.value(node.arg, frame)
        found = []
        for arm in owner.arms:
            if isinstance(arm, ListOf):
                found.append(arm.item)
            elif isinstance(arm, Row):
                found.append(join(arm.items) if arm.items else ANY)
            elif isinstance(arm, MappingOf):
                found.append(arm.value)
            else:
                found.append(ANY)
        return join(found).with_taint(owner.tainted) if found else ANY

    def _undefined(self, node: nodes.Node, frame: Frame) -> None:
        if isinstance(node, nodes.Name):
            known = {name for name in frame.scope.names if not name.startswith("_")} - _HELPERS
            hint = did_you_mean(node.name, known)
            if node.name in frame.run.params:
                hint = "import the template `with context`, or hand the value to the macro"
            elif node.name in frame.run.globals:
                hint = ""
            frame.report("undefined-variable", node, f"{node.name!r} is not defined", hint)
            return
        assert isinstance(node, (nodes.Getattr, nodes.Getitem))  # noqa: S101  # all else has a value
        was_quiet, frame.run.is_quiet = frame.run.is_quiet, True
        owner = self.value(node.node, frame)
        frame.run.is_quiet = was_quiet
        if isinstance(node, nodes.Getattr):
            name, offset = node.attr, frame.written.source.find(node.attr, (node.lineno or 0) + 1)
        else:
            name, offset = str(node.arg.value) if isinstance(node.arg, nodes.Const) else "", node.arg.lineno or 0
        no_attribute(Spot(frame.written, offset), shown(node.node), owner, name, frame)

    def _test(self, node: nodes.Test, frame: Frame) -> Value:
        for child in (*node.args, *(each.value for each in node.kwargs)):
            self.value(child, frame)
        tests = frame.run.library.tests
        if node.name not in tests:
            is_ = re.compile(rf"\bis\s+(?:not\s+)?({re.escape(node.name)})").search(
                frame.written.source, node.lineno or 0
            )
            spot = Spot(frame.written, is_.start(1) if is_ else node.lineno or 0)
            frame.report("unknown-filter", spot, f"there is no test {node.name!r}", near(node.name, tests))
        if node.name in _LENIENT | _CALM:
            value = self.find(node.node, frame)
            if value is None and node.name in _CALM:
                self._undefined(node.node, frame)
        else:
            value = self.value(node.node, frame)
            frame.need(value)
        return scalar("bool", tainted=value is not None and value.tainted)

    def _const(self, node: nodes.Const | nodes.TemplateData, _frame: Frame) -> Value:
        content = node.value if isinstance(node, nodes.Const) else node.data
        if content is None:
            return of(NOTHING)
        if isinstance(content, str):
            return scalar("breaks" if "\n" in content or "\r" in content else "constant")
        return scalar(type(content).__name__)

    def _sequence(self, node: nodes.List | nodes.Tuple, frame: Frame) -> Value:
        items = tuple(self.value(each, frame) for each in node.items)
        tainted = any(item.tainted for item in items)
        return of(Row(items), tainted=tainted) if items else of(ListOf(NEVER))

    def _dict(self, node: nodes.Dict, frame: Frame) -> Value:
        values = [self.value(pair.value, frame) for pair in node.items]
        keys = []
        for pair in node.items:
            self.value(pair.key, frame)
            keys.append(pair.key.value if isinstance(pair.key, nodes.Const) else None)
        tainted = any(value.tainted for value in values)
        if not all(isinstance(key, str) for key in keys):
            return of(MappingOf(join(values)), tainted=tainted)
        return of(record(dict(zip(map(str, keys), values, strict=True))), tainted=tainted)

    def _choice(self, node: nodes.CondExpr, frame: Frame) -> Value:
        self.condition(node.test, frame)
        one, other = frame.inner(), frame.inner()
        self.assume(node.test, one, holds=True)
        self.assume(node.test, other, holds=False)
        first = self.value(node.expr1, one)
        return join([first, scalar("constant") if node.expr2 is None else self.value(node.expr2, other)])

    def _both(self, node: nodes.And | nodes.Or, frame: Frame) -> Value:
        is_and = isinstance(node, nodes.And)
        kept = self.condition(node.left, frame)
        right = frame.inner()
        self.assume(node.left, right, holds=is_and)
        kept = kept.only(lambda arm: not isinstance(arm, (Record, Special))) if is_and else kept.given()
        return join([kept, self.value(node.right, right)])

    def _not(self, node: nodes.Not, frame: Frame) -> Value:
        return scalar("bool", tainted=self.condition(node.node, frame).tainted)

    def _compare(self, node: nodes.Compare, frame: Frame) -> Value:
        left, left_node = self.value(node.expr, frame), node.expr
        frame.need(left)
        for operand in node.ops:
            right = self.value(operand.expr, frame)
            frame.need(right)
            if operand.op in _ORDERS:
                frame.use(left, left_node)
                frame.use(right, operand.expr)
            elif operand.op in {"in", "notin"}:
                frame.use(right, operand.expr)
            left, left_node = right, operand.expr
        return scalar("bool")

    def _concat(self, node: nodes.Concat, frame: Frame) -> Value:
        values = [frame.use(self.value(each, frame), each) for each in node.nodes]
        return text_from(node.nodes[0], values)

    def _binary(self, node: nodes.BinExpr, frame: Frame) -> Value:
        left = frame.use(self.value(node.left, frame), node.left)
        right = self.value(node.right, frame)
        is_pattern = isinstance(node, nodes.Mod) and bool(left.names() & (UNSAFE | {"constant"} | MULTILINE))
        if not (is_pattern and any(isinstance(arm, Row) for arm in right.arms)):
            right = frame.use(right, node.right)
        if is_pattern:
            return formatted(node.left, left, [right])
        if isinstance(node, nodes.Add) and left.names() & (UNSAFE | {"constant", "markup"} | MULTILINE):
            return text_from(node.left, [left, right])
        names = left.names() | right.names()
        if names and names <= {"int", "float", "Decimal"} and not left.is_unknown and not right.is_unknown:
            return scalar(max(names, key=["int", "float", "Decimal"].index), tainted=left.tainted or right.tainted)
        return ANY

    def _unary(self, node: nodes.UnaryExpr, frame: Frame) -> Value:
        return frame.use(self.value(node.node, frame), node.node)


def record(values: dict[str, Value]) -> Record:
    """A mapping that a template writes out."""
    return Record(Fields("mapping", {key: lambda value=value: value for key, value in values.items()}))  # type: ignore[misc]  # the default is the value of this turn
