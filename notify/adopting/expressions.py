"""Follows expressions: which values from outside they are, and what their use tells about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from notify.adopting.assuming import known_if
from notify.adopting.filters import dotted, filtered, items_of
from notify.adopting.methods import method
from notify.adopting.operators import Operators
from notify.adopting.slots import MISSING, OWN, TEXT, Slot, Val, either
from notify.adopting.state import constant_of
from notify.adopting.telling import formatted, tested
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.adopting.state import Here, State

_UNFIT = "params are data, which have no functions"


class Expressions:
    """Gives each expression its value; `call` follows macros, `caller` and the like."""

    def __init__(self, state: State, call: Callable[[nodes.Call, Val, Here], Val | None]) -> None:
        self._state = state
        self._call_special = call
        self._operators = Operators(state, self.value)
        self._makers: dict[type[nodes.Node], Callable[[Any, Here], Val]] = {
            nodes.Name: lambda node, here: self._state.lookup(node.name, here, node.lineno),
            nodes.Const: lambda node, _: _constant(node.value),
            nodes.Getattr: lambda node, here: self._field(node, node.attr, here),
            nodes.Getitem: self._index,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
            nodes.Call: self._call,
            nodes.CondExpr: self._choice,
            nodes.And: self._and,
            nodes.Or: self._or,
            nodes.Not: self._not,
            nodes.Concat: self._concat,
            nodes.List: self._literal,
            nodes.Tuple: self._literal,
            nodes.Dict: self._dict,
        }

    def value(self, node: nodes.Node, here: Here) -> Val:
        """What an expression may be."""
        maker = self._makers.get(type(node))
        if maker is not None:
            return maker(node, here)
        if isinstance(node, (nodes.Compare, nodes.BinExpr, nodes.UnaryExpr)):
            return self._operators.value(node, here)
        for child in node.iter_child_nodes():
            self.value(child, here)
        return OWN

    def condition(self, node: nodes.Node, here: Here) -> None:
        """An expression of which only counts whether it is true."""
        if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
            self._state.ask(self.value(node, here).slots)
        elif isinstance(node, nodes.Not):
            self.condition(node.node, here)
        elif isinstance(node, (nodes.And, nodes.Or)):
            self.condition(node.left, here)
            with self._state.knowing(self.known_if(node.left, here, holds=isinstance(node, nodes.And))):
                self.condition(node.right, here)
        else:
            self._state.ask(self.value(node, here).slots)

    def known_if(self, node: nodes.Node, here: Here, *, holds: bool) -> frozenset[Slot]:
        """The values that are there where a condition holds, or does not."""
        return known_if(node, lambda each: self._peek(each, here), holds=holds)

    def _peek(self, node: nodes.Node, here: Here) -> tuple[Slot, ...]:
        """The values that a plain name or field is, learning nothing."""
        if isinstance(node, nodes.Name):
            found = here.scope.get(node.name)
            if found is not None:
                return found.slots
            slot = self._state.params.get(node.name)
            return () if slot is None else (slot,)
        if isinstance(node, nodes.Getattr):
            return _fields(self._peek(node.node, here), node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(constant_of(node.arg), str):
            return _fields(self._peek(node.node, here), constant_of(node.arg))
        return ()

    def _field(self, node: nodes.Getattr | nodes.Getitem, name: str, here: Here) -> Val:
        owner = self.value(node.node, here)
        if owner.special is not None:
            return self._of_special(owner.special, name, here, node.lineno)
        if name in owner.names:
            return owner.row[owner.names.index(name)]
        return dotted(owner, name, self._state, node.lineno) if owner.slots else OWN

    def _of_special(self, special: Any, name: str, here: Here, line: int) -> Val:
        kind = special[0] if isinstance(special, tuple) else ""
        if kind == "reserved":
            self._state.reserved_field(special[1], name, here, line)
            return TEXT
        if kind == "loop":
            item: Val = special[2]
            return item if name in {"previtem", "nextitem"} else Val(kind="int")
        names: dict[str, Val] = special[1] if kind == "module" else special if isinstance(special, dict) else {}
        return names.get(name, OWN)

    def _index(self, node: nodes.Getitem, here: Here) -> Val:
        key = constant_of(node.arg)
        if isinstance(key, str):
            if not key.isidentifier():
                hint = "use letters, digits and _, in the template too"
                self._state.problem(here, node.lineno, f"a field cannot be called {key!r}", hint)
            return self._field(node, key, here)
        owner = self.value(node.node, here)
        if isinstance(node.arg, nodes.Slice):
            for each in node.arg.iter_child_nodes():
                self._state.use(self.value(each, here), "int")
            self._state.use(owner, "sliced", shown=False)
            return owner
        inner = self.value(node.arg, here)
        if owner.row and isinstance(key, int):
            return owner.row[key] if -len(owner.row) <= key < len(owner.row) else OWN
        if isinstance(key, int) or inner.kind == "int":
            return items_of(owner, self._state)
        if inner.options and not inner.slots and all(map(str.isidentifier, inner.options)):
            return either(*(dotted(owner, each, self._state, node.lineno) for each in inner.options))
        self._state.use(inner)
        self._state.use(owner, "mapping", shown=False)
        for slot in inner.slots:
            slot.marks.add("key")
        return Val(tuple(slot.values() for slot in owner.slots))

    def _filter(self, node: nodes.Filter, here: Here) -> Val:
        state = self._state
        if node.name not in state.environment.filters:
            from notify.adopting.django import FILTERS

            hint = FILTERS.get(node.name) or did_you_mean(node.name, state.environment.filters)
            state.problem(here, node.lineno, f"there is no filter {node.name!r}", hint)
        if node.name in {"default", "d"} and node.node is not None:
            return self._default(node, node.node, here)
        value = TEXT if node.node is None else self.value(node.node, here)
        arguments = [self.value(each, here) for each in (*node.args, *(each.value for each in node.kwargs))]
        if node.name not in {"format", "select", "reject", "selectattr", "rejectattr"}:
            for argument in arguments:
                state.use(argument)
        return filtered(node, value, arguments, state)

    def _default(self, node: nodes.Filter, inner: nodes.Expr, here: Here) -> Val:
        """`default` stands in for what is not given; as a param that is always given, it has that default."""
        value = self.value(inner, here)
        given = [*node.args, *(each.value for each in node.kwargs if each.key == "default_value")]
        other = self.value(given[0], here) if given else Val(constant="", kind="text")
        flag = node.args[1] if len(node.args) > 1 else next((e.value for e in node.kwargs if e.key == "boolean"), None)
        constant = _plain(given[0]) if given else ""
        for slot in value.slots:
            slot.defaults.append(constant)
            if flag is not None and constant_of(flag) is not False:
                self._state.ask((slot,))
            elif constant is MISSING or constant is None:
                slot.is_unguarded = slot.is_unguarded or slot not in self._state.known
        if value.options:
            return value
        if not value.slots:
            return either(value, other) if value.special is None else value
        kept = Val(value.slots, value.sure | frozenset(value.slots), kind=value.kind, items=value.items)
        return either(kept, other) if other.slots else kept

    def _test(self, node: nodes.Test, here: Here) -> Val:
        state = self._state
        if node.name not in state.environment.tests:
            hint = did_you_mean(node.name, state.environment.tests)
            state.problem(here, node.lineno, f"there is no test {node.name!r}", hint)
        for argument in node.args:
            state.use(self.value(argument, here))
        value = self.value(node.node, here)
        if node.name in {"defined", "undefined"}:
            for slot in value.slots:
                slot.is_defined_asked = True
        elif node.name == "none":
            state.ask(value.slots)
        elif node.name not in {"filter", "test"}:
            tested(node.name, value, list(node.args), state)
        return Val(kind="bool")

    def _call(self, node: nodes.Call, here: Here) -> Val:
        state = self._state
        function = None
        if isinstance(node.node, nodes.Getattr):
            owner = self.value(node.node.node, here)
            if owner.special is None and not owner.names:
                return self._method(node, owner, node.node.attr, here)
        function = self.value(node.node, here)
        special = self._call_special(node, function, here)
        if special is not None:
            return special
        given = {each.key: self.value(each.value, here) for each in node.kwargs}
        values = [self.value(each, here) for each in node.args]
        for each in (*values, *given.values()):
            state.use(each)
        if function.slots:
            name = getattr(node.node, "name", "this")
            state.problem(here, node.lineno, f"{name}(...) is called: {_UNFIT}", "hand over its result, as a param")
        if function.special == ("global", "namespace"):
            return Val(special=dict(given))
        if function.special == ("global", "dict"):
            return Val(special=dict(given))
        if function.special == ("global", "range"):
            for each in values:
                state.use(each, "int")
            return Val(items=Val(kind="int"))
        return OWN

    def _method(self, node: nodes.Call, owner: Val, name: str, here: Here) -> Val:
        state = self._state
        arguments = [self.value(each, here) for each in (*node.args, *(each.value for each in node.kwargs))]
        if name == "format" and isinstance(node.node, nodes.Getattr) and not owner.slots:
            for argument in arguments:
                formatted(node.node.node, argument, state)
            return TEXT
        for argument in arguments:
            state.use(argument)
        found = method(owner, name, node, state)
        if found is not None:
            return found
        if owner.slots:
            message = f".{name}(...) is called: {_UNFIT}"
            state.problem(here, node.lineno, message, f"hand over its result, as a field {name.removeprefix('get_')!r}")
        return OWN

    def _choice(self, node: nodes.CondExpr, here: Here) -> Val:
        self.condition(node.test, here)
        with self._state.knowing(self.known_if(node.test, here, holds=True)):
            first = self._sure(node.expr1, here)
        if node.expr2 is None:
            return first
        with self._state.knowing(self.known_if(node.test, here, holds=False)):
            second = self._sure(node.expr2, here)
        return either(first, second)

    def _sure(self, node: nodes.Expr, here: Here) -> Val:
        """A value with what is known of it here, for where it goes."""
        value = self.value(node, here)
        sure = value.sure | self._state.known.intersection(value.slots)
        return replace(value, sure=sure)

    def _and(self, node: nodes.And, here: Here) -> Val:
        self.condition(node.left, here)
        with self._state.knowing(self.known_if(node.left, here, holds=True)):
            return self._sure(node.right, here)

    def _or(self, node: nodes.Or, here: Here) -> Val:
        self.condition(node.left, here)
        left = self.value(node.left, here)
        left = replace(left, sure=frozenset(left.slots))
        with self._state.knowing(self.known_if(node.left, here, holds=False)):
            return either(left, self._sure(node.right, here))

    def _not(self, node: nodes.Not, here: Here) -> Val:
        self.condition(node.node, here)
        return Val(kind="bool")

    def _concat(self, node: nodes.Concat, here: Here) -> Val:
        for each in node.nodes:
            self._state.use(self.value(each, here))
        return TEXT

    def _literal(self, node: nodes.List | nodes.Tuple, here: Here) -> Val:
        values = tuple(self._sure(each, here) for each in node.items)
        return Val(items=either(*values) if values else OWN, row=values)

    def _dict(self, node: nodes.Dict, here: Here) -> Val:
        found: dict[str, Val] = {}
        for pair in node.items:
            value = self._sure(pair.value, here)
            key = constant_of(pair.key)
            self._state.use(value)
            if isinstance(key, str):
                found[key] = value
        return Val(special=found)


def _fields(owners: Sequence[Slot], name: str) -> tuple[Slot, ...]:
    return tuple(owner.fields[name] for owner in owners if name in owner.fields)


def _constant(value: Any) -> Val:
    is_text = isinstance(value, str)
    return Val(constant=value, kind="text" if is_text else "", options=(value,) if is_text else ())


def _plain(node: nodes.Expr) -> Any:
    """What a constant says, or an empty list or mapping; MISSING otherwise."""
    if isinstance(node, nodes.Const):
        return node.value
    return [] if isinstance(node, (nodes.List, nodes.Tuple, nodes.Dict)) and not node.items else MISSING
