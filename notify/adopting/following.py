"""Follows the statements of a template, with the scoping of Jinja2."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from notify.adopting.composing import Composing
from notify.adopting.expressions import Expressions
from notify.adopting.filters import items_of
from notify.adopting.slots import OWN, TEXT, Val, either

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.adopting.state import Here, Source, State

_URL = re.compile(r"""(?:\b(?:href|src|action|background|poster)\s*=\s*["']?|\burl\(\s*["']?)\s*$""", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:$", re.IGNORECASE)
_WHOLE = re.compile(r"""\b(?:width|height|colspan|rowspan|border)\s*=\s*["']?$""", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(r"(?:[$€£¥]|&(?:euro|pound|yen|dollar);|\b(?:USD|EUR|GBP|CHF))(?:\s|&nbsp;)*-?$")
_CURRENCY_AFTER = re.compile(r"(?:\s|&nbsp;)*(?:[€£¥]|&(?:euro|pound|yen);|(?:USD|EUR|GBP|CHF)\b)")
_PERCENT_AFTER = re.compile(r"\s?%")


class Follower:
    """Goes through templates; what they tell is in `state`."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._expressions = Expressions(state, self._call)
        self._composing = Composing(state, self._body, self._used)
        self._macros: list[Val] = []
        self._called: set[nodes.Macro] = set()
        self._makers: dict[type[nodes.Node], Callable[[Any, Here], None]] = {
            nodes.Output: self._output,
            nodes.For: self._for,
            nodes.If: self._if,
            nodes.Assign: self._assign,
            nodes.AssignBlock: self._assign_block,
            nodes.FilterBlock: self._filter_block,
            nodes.With: self._with,
            nodes.Macro: self._macro,
            nodes.CallBlock: self._call_block,
            nodes.Block: self._composing.block,
            nodes.Include: self._composing.include,
            nodes.Import: self._composing.import_,
            nodes.FromImport: self._composing.from_import,
            nodes.ExprStmt: self._statement,
        }

    def template(self, name: str) -> None:
        """Follow the template of that name as it is rendered."""
        source = self.state.source(name)
        if source is not None:
            self.follow(source)

    def follow(self, source: Source) -> None:
        """Follow a template, and the macros that nothing calls."""
        self.state.tail = ""
        self._composing.root(source, {})
        number = 0
        while number < len(self._macros):
            _, node, here = self._macros[number].special
            if node not in self._called:
                self._inside(node, here, {each.name: OWN for each in node.args})
            number += 1

    def _body(self, body: Sequence[nodes.Node], here: Here) -> None:
        before, self.state.is_shipped = self.state.is_shipped, here.source.is_shipped
        self._nodes(body, here)
        self.state.is_shipped = before

    def _nodes(self, body: Sequence[nodes.Node], here: Here) -> None:
        for node in body:
            maker = self._makers.get(type(node))
            if maker is not None:
                maker(node, here)
            elif isinstance(node, nodes.Expr):
                self._used(node, here)
            elif not isinstance(node, nodes.Extends):
                inner = replace(here, scope=dict(here.scope))
                self._body(list(node.iter_child_nodes()), inner)

    def _used(self, node: nodes.Node, here: Here) -> Val:
        value = self._expressions.value(node, here)
        self.state.use(value)
        return value

    def _statement(self, node: nodes.ExprStmt, here: Here) -> None:
        self._used(node.node, here)

    def _output(self, node: nodes.Output, here: Here) -> None:
        if here.is_silent:
            return
        for number, each in enumerate(node.nodes):
            if isinstance(each, nodes.TemplateData):
                self.state.print_data(each.data)
                continue
            value = self._expressions.value(each, here)
            after = node.nodes[number + 1] if number + 1 < len(node.nodes) else None
            marks = self._marks(after.data if isinstance(after, nodes.TemplateData) else "")
            self.state.use(value, *marks)
            self.state.print_data("\0")

    def _marks(self, after: str) -> list[str]:
        tail = self.state.tail
        if _URL.search(tail):
            return ["url"]
        if _MAILTO.search(tail):
            return ["email"]
        if _WHOLE.search(tail):
            return ["int"]
        if _CURRENCY_BEFORE.search(tail) or _CURRENCY_AFTER.match(after):
            return ["money"]
        return ["number"] if _PERCENT_AFTER.match(after) and not tail.endswith(('"', "'", ":")) else []

    def _if(self, node: nodes.If, here: Here) -> None:
        before, outcomes = self.state.known, []
        tail = self.state.tail
        for test, body in [*((each.test, each.body) for each in (node, *node.elif_)), (None, node.else_)]:
            inner = replace(here, scope=dict(here.scope))
            self.state.tail = tail
            if test is None:
                self._body(body, inner)
            else:
                self._expressions.condition(test, here)
                with self.state.knowing(self._expressions.known_if(test, here, holds=True)):
                    self._body(body, inner)
                self.state.known |= self._expressions.known_if(test, here, holds=False)
            outcomes.append(inner.scope)
        self.state.known = before
        _merge(here.scope, outcomes)

    def _for(self, node: nodes.For, here: Here) -> None:
        value = self._expressions.value(node.iter, here)
        pair = isinstance(node.target, nodes.Tuple)
        if pair and isinstance(node.iter, nodes.Getattr) and node.iter.attr == "items":
            message = "a loop over keys and values is written `.items()` in Jinja2"
            self.state.problem(here, node.lineno, message, "Django leaves out the brackets")
        item = items_of(value, self.state)
        inner = replace(here, scope=dict(here.scope))
        before = self.state.known
        # What one item has, another may not have.
        self.state.known = frozenset(
            slot for slot in before if slot not in item.slots and not any(slot.is_below(each) for each in item.slots)
        )
        self._bind(node.target, item, inner)
        inner.scope["loop"] = Val(special=("loop", value, item))
        if node.test is not None:
            self._expressions.condition(node.test, inner)
            self.state.known |= self._expressions.known_if(node.test, inner, holds=True)
        self._body(node.body, inner)
        self.state.known = before
        self._body(node.else_, replace(here, scope=dict(here.scope)))

    def _bind(self, target: nodes.Node, value: Val, here: Here) -> None:
        if isinstance(target, nodes.Name):
            here.scope[target.name] = value
        elif isinstance(target, nodes.NSRef):
            space = here.scope.get(target.name, OWN).special
            if isinstance(space, dict):
                space[target.attr] = either(space[target.attr], value) if target.attr in space else value
            self.state.use(value, shown=True)
        elif isinstance(target, (nodes.Tuple, nodes.List)):
            parts = value.row if len(value.row) == len(target.items) else ()
            for number, each in enumerate(target.items):
                part = parts[number] if parts else items_of(value, self.state)
                self._bind(each, part, here)

    def _assign(self, node: nodes.Assign, here: Here) -> None:
        value = self._expressions.value(node.node, here)
        known = self.state.known.intersection(value.slots)
        self._bind(node.target, replace(value, sure=value.sure | known), here)

    def _assign_block(self, node: nodes.AssignBlock, here: Here) -> None:
        self._captured(node.body, here)
        self._bind(node.target, TEXT if node.filter is None else self._expressions.value(node.filter, here), here)

    def _captured(self, body: Sequence[nodes.Node], here: Here) -> None:
        tail, self.state.tail = self.state.tail, ""
        self._body(body, replace(here, scope=dict(here.scope), is_silent=False))
        self.state.tail = tail

    def _filter_block(self, node: nodes.FilterBlock, here: Here) -> None:
        self._captured(node.body, here)
        self._expressions.value(node.filter, here)

    def _with(self, node: nodes.With, here: Here) -> None:
        inner = replace(here, scope=dict(here.scope))
        for target, value in zip(node.targets, node.values, strict=True):
            self._bind(target, self._expressions.value(value, here), inner)
        self._body(node.body, inner)

    def _macro(self, node: nodes.Macro, here: Here) -> None:
        value = Val(special=("macro", node, replace(here, is_silent=False)))
        self._macros.append(value)
        here.scope[node.name] = value

    def _call_block(self, node: nodes.CallBlock, here: Here) -> None:
        if here.is_silent:
            return
        function = self._expressions.value(node.call.node, here)
        caller = Val(special=("caller", node, replace(here, is_silent=False)))
        if isinstance(function.special, tuple) and function.special[0] == "macro":
            self._macro_call(node.call, function, here, caller)
        else:
            self._used(node.call, here)
            self._body(node.body, replace(here, scope={**here.scope, **{each.name: OWN for each in node.args}}))

    def _call(self, node: nodes.Call, function: Val, here: Here) -> Val | None:
        """What a call gives that only templates know: a macro, `caller`, `super`, a recursive loop."""
        special = function.special
        kind = special[0] if isinstance(special, tuple) else ""
        if kind == "macro":
            return self._macro_call(node, function, here, None)
        if kind == "caller":
            values = [self._expressions.value(each, here) for each in node.args]
            block, place = special[1:]
            self._inside(block, place, self._arguments(block, values, {}, place))
            return TEXT
        if kind == "super":
            self._composing.above(special[1])
            return TEXT
        if kind == "loop" and node.args:
            self._again(self._expressions.value(node.args[0], here), special[2])
            return TEXT
        return None

    def _again(self, value: Val, item: Val) -> None:
        """A recursive loop goes over a part of its items, which are alike."""
        self.state.use(value, "list", shown=False)
        for slot in value.slots:
            if slot.item is None and item.slots:
                slot.item = item.slots[0]

    def _macro_call(self, node: nodes.Call, function: Val, here: Here, caller: Val | None) -> Val:
        _, macro, place = function.special
        values = [self._passed(each, here) for each in node.args]
        named = {each.key: self._passed(each.value, here) for each in node.kwargs}
        for each in (node.dyn_args, node.dyn_kwargs):
            if each is not None:
                self._used(each, here)
        self._called.add(macro)
        arguments = self._arguments(macro, values, named, place)
        if caller is not None:
            arguments["caller"] = caller
        self._inside(macro, place, arguments)
        return TEXT

    def _passed(self, node: nodes.Expr, here: Here) -> Val:
        value = self._expressions.value(node, here)
        return replace(value, sure=value.sure | self.state.known.intersection(value.slots))

    def _arguments(
        self, node: nodes.Macro | nodes.CallBlock, values: Sequence[Val], named: dict[str, Val], place: Here
    ) -> dict[str, Val]:
        names = [each.name for each in node.args]
        without = len(names) - len(node.defaults)
        found = {**dict(zip(names, values, strict=False)), **{key: named[key] for key in names if key in named}}
        for number, name in enumerate(names):
            if name not in found:
                default = node.defaults[number - without] if number >= without else None
                found[name] = OWN if default is None else self._expressions.value(default, place)
        return found

    def _inside(self, node: nodes.Macro | nodes.CallBlock, place: Here, arguments: dict[str, Val]) -> None:
        scope = {**place.scope, "caller": OWN, "varargs": OWN, "kwargs": OWN, **arguments}
        with self.state.entering() as may:
            if may:
                self._body(node.body, replace(place, scope=scope, is_silent=False))


def _merge(scope: dict[str, Val], outcomes: Sequence[dict[str, Val]]) -> None:
    for name in dict.fromkeys(name for outcome in outcomes for name in outcome):
        found = [outcome[name] for outcome in outcomes if name in outcome]
        if len(found) < len(outcomes):
            value = either(*found)
            scope[name] = value if isinstance(value.special, tuple) else Val(special=("maybe", value))
        else:
            distinct = list({id(each): each for each in found}.values())
            scope[name] = distinct[0] if len(distinct) == 1 else either(*distinct)
