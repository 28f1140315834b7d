"""What is called: macros with their arguments, `caller`, `super`, `loop`, and the functions that there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.compiler import find_undeclared

from notify.checks.analysis.expressions import Expressions, record
from notify.checks.analysis.filtering import STEADY, bypassed
from notify.checks.analysis.filters import items_of
from notify.checks.analysis.frame import Caller, Loop, Macro
from notify.checks.analysis.members import called
from notify.checks.analysis.scope import shown
from notify.checks.analysis.values import ANY, ListOf, Missing, Special, Value, of, scalar
from notify.checks.analysis.written import Spot
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from notify.checks.analysis.frame import Frame

    Follow = Callable[[Sequence[nodes.Node], Frame], bool]

_CLOCK = frozenset({"now", "utcnow", "today", "random", "randint", "uuid4", "shuffle", "choice"})
_MOST_LEVELS = 4


class Calls:
    """Follows calls; `follow` goes through the statements of a body, `above` through those of a block's parent."""

    def __init__(self, follow: Follow, above: Callable[[Frame], Value], loop: Callable[[Loop, Value], None]) -> None:
        self.expressions = Expressions(self.call)
        self._follow = follow
        self._above = above
        self._loop = loop

    def call(self, node: nodes.Call, frame: Frame) -> Value:
        """What a call gives."""
        return self._called(node, frame, None)

    def call_block(self, node: nodes.CallBlock, frame: Frame) -> None:
        """A call with a body."""
        caller = Caller(node, replace(frame.inner(), is_silent=False))
        self._called(node.call, frame, caller)
        if not caller.is_called:
            self._body_of(caller, [ANY] * len(node.args))

    def unused(self, macro: Macro) -> None:
        """Follow a macro that nothing calls; of its arguments nothing is known."""
        names = [name.name for name in macro.node.args]
        scope = macro.frame.scope.inner()
        for name in (*names, "caller", "varargs", "kwargs"):
            scope.bind(name, ANY)
        self._inside(macro.node.body, replace(macro.frame, scope=scope, is_top=False, is_silent=False))

    def _called(self, node: nodes.Call, frame: Frame, caller: Caller | None) -> Value:
        function = frame.use(self.expressions.value(node.node, frame), node.node)
        special = next(iter(function.arms)) if len(function.arms) == 1 else None
        if isinstance(special, Special) and special.kind == "macro":
            return self._macro(special.about, node, frame, caller)
        values = [self.expressions.value(each, frame) for each in node.args]
        named = {each.key: self.expressions.value(each.value, frame) for each in node.kwargs}
        for each in (node.dyn_args, node.dyn_kwargs):
            if each is not None:
                self.expressions.value(each, frame)
        if isinstance(special, Special):
            return self._special(special, values, frame)
        self._note_chance(node, frame, values)
        return _function(node, values, named, frame)

    def _special(self, special: Special, values: list[Value], frame: Frame) -> Value:
        if special.kind == "method":
            return called(special)
        if special.kind == "super":
            return self._above(frame)
        if special.kind == "caller":
            self._body_of(special.about, values)
            return scalar("markup")
        if special.kind == "loop" and values:
            item = items_of(values[0].given())
            if item is not None and special.about.depth < _MOST_LEVELS:
                self._loop(replace(special.about, depth=special.about.depth + 1), item)
            return scalar("markup")
        return ANY

    def _note_chance(self, node: nodes.Call, frame: Frame, values: list[Value]) -> None:
        name = node.node.attr if isinstance(node.node, nodes.Getattr) else getattr(node.node, "name", "")
        if name in _CLOCK and not any(value.tainted for value in values):
            message = f"{shown(node.node)}() gives another value each time"
            frame.report("nondeterministic", frame.where(node.node), message, STEADY)
        if name == "Markup" and values:
            bypassed(values[0], node.args[0], frame)

    def _macro(self, macro: Macro, node: nodes.Call, frame: Frame, caller: Caller | None) -> Value:
        macro.is_called = True
        values = [(each, self._passed(each, frame)) for each in node.args]
        named = {each.key: self._passed(each.value, frame) for each in node.kwargs}
        is_exact = node.dyn_args is None and node.dyn_kwargs is None
        for each in (node.dyn_args, node.dyn_kwargs):
            if each is not None:
                self.expressions.value(each, frame)
        names = [name.name for name in macro.node.args]
        implied = find_undeclared(macro.node.body, ("caller", "kwargs", "varargs"))
        _check(macro, node, frame, implied)
        if caller is not None and "caller" not in implied:
            message = f"the macro {macro.node.name!r} does not use what the call block holds"
            frame.report("macro-arguments", frame.where(node), message, "call it with {{ ... }}")
        given = {**{name: value for name, (_, value) in zip(names, values, strict=False)}, **named}
        if macro.levels < _MOST_LEVELS and frame.run.may_enter():
            inner = self._bound(macro, given, frame, node, is_exact=is_exact)
            if caller is not None:
                inner.scope.bind("caller", of(Special("caller", caller)))
            elif "caller" in implied:
                what = f"the macro {macro.node.name!r} needs a call block"
                inner.scope.bind("caller", of(Missing(what, frame.where(node))))
            for name in ("varargs", "kwargs"):
                inner.scope.bind(name, ANY)
            macro.levels += 1
            frame.run.sites.append(frame.where(node))
            self._inside(macro.node.body, inner)
            frame.run.sites.pop()
            macro.levels -= 1
        return scalar("markup")

    def _passed(self, node: nodes.Expr, frame: Frame) -> Value:
        value = self.expressions.value(node, frame)
        return replace(value, passed=frame.where(node)) if value.passed is None else value

    def _bound(self, macro: Macro, given: dict[str, Value], frame: Frame, call: nodes.Call, *, is_exact: bool) -> Frame:
        """The place in the macro's body, with its arguments."""
        scope = macro.frame.scope.inner()
        scope.adopt(frame.scope)
        inner = replace(macro.frame, scope=scope, is_top=False, is_silent=False)
        without = len(macro.node.args) - len(macro.node.defaults)
        for number, name in enumerate(macro.node.args):
            if name.name in given:
                value = given[name.name]
            elif number >= without:
                value = self.expressions.value(macro.node.defaults[number - without], inner)
            elif is_exact:
                what = f"the macro {macro.node.name!r} needs the argument {name.name!r}"
                value = of(Missing(what, frame.where(call)))
            else:
                value = ANY
            scope.bind(name.name, value)
        return inner

    def _body_of(self, caller: Caller, values: list[Value]) -> None:
        caller.is_called = True
        inner = caller.frame.inner()
        defaults = caller.node.defaults
        without = len(caller.node.args) - len(defaults)
        for number, name in enumerate(caller.node.args):
            if number < len(values):
                value = values[number]
            elif number >= without:
                value = self.expressions.value(defaults[number - without], inner)
            else:
                value = ANY
            inner.scope.bind(name.name, value)
        if inner.run.may_enter():
            self._inside(caller.node.body, inner)

    def _inside(self, body: Sequence[nodes.Node], frame: Frame) -> None:
        run = frame.run
        tail, run.tail = run.tail, ""
        run.depth += 1
        self._follow(body, frame)
        run.depth -= 1
        run.tail = tail


def _check(macro: Macro, node: nodes.Call, frame: Frame, implied: Collection[str]) -> None:
    """Note the arguments of a call that the macro does not take; `implied` are the names that it has by itself."""
    names = [name.name for name in macro.node.args]
    if "varargs" not in implied and len(node.args) > len(names):
        message = f"the macro {macro.node.name!r} takes {len(names)} arguments, not {len(node.args)}"
        frame.report("macro-arguments", frame.where(node.args[len(names)]), message)
    for keyword in node.kwargs:
        if keyword.key not in names and "kwargs" not in implied and keyword.key != "caller":
            message = f"the macro {macro.node.name!r} has no argument {keyword.key!r}"
            frame.report("macro-arguments", _key(keyword, frame), message, did_you_mean(keyword.key, names))
        elif keyword.key in names[: len(node.args)]:
            message = f"the macro {macro.node.name!r} is given {keyword.key!r} twice"
            frame.report("macro-arguments", _key(keyword, frame), message)


def _key(keyword: nodes.Keyword, frame: Frame) -> Spot:
    """Where a keyword stands: before its value."""
    value = frame.where(keyword.value)
    return Spot(frame.written, max(0, frame.written.source.rfind(keyword.key, 0, value.offset)))


def _function(node: nodes.Call, values: list[Value], named: dict[str, Value], frame: Frame) -> Value:
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if name not in frame.run.library.environment.globals:
        return ANY
    if name == "range":
        return of(ListOf(scalar("int")))
    if name == "dict" and not values and node.dyn_kwargs is None:
        return of(record(named), tainted=any(value.tainted for value in named.values()))
    return of(Special("namespace")) if name == "namespace" else ANY
