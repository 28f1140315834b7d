"""What a template shows of its params: every value that it prints, compares or hands on, by its dotted path.

A loop's variable and `{% set %}` are followed to the param behind them. What cannot be followed counts as a use of
the whole value. A condition asks only whether there is something, and `length` only how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str, ...]
Paths = frozenset[Path]
"""The values that an expression may be; none where it is the template's own."""
Scope = dict[str, Paths]

ITEM = "[]"
"""In a path: each item of a list, or each value of a mapping."""
ANY = "*"
"""In a path: an item or a field that is not known beforehand."""

LOOP = "{% for %}"
"""At the end of a path: the variable `loop` of a loop whose items the path is."""

_OWN: Paths = frozenset()
_NEIGHBOURS = frozenset({"previtem", "nextitem"})
_SAME_ITEMS = frozenset({"sort", "list", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"})
_ONE_ITEM = frozenset({"first", "last", "random", "min", "max"})
_COUNTS = frozenset({"length", "count"})
_BY_ATTRIBUTE = {"map": 0, "sum": 0, "join": 1}
"""Filters that show one field of each item, and the place of its name among the arguments."""


@dataclass(frozen=True, slots=True)
class Use:
    """A value that a template uses in line `line`; `name` is the name in the template that it is reached by.

    `shown` says whether its content is used, not only whether it is there; `path` is empty for all that there is.
    """

    path: Path
    name: str
    line: int
    shown: bool


class Uses:
    """Follows a template from its beginning; `found` has its uses."""

    def __init__(self, tree: nodes.Template) -> None:
        self.found: list[Use] = []
        self._block(tree.body, {})

    def _block(self, body: list[nodes.Node], scope: Scope) -> None:
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.If):
            self._branches(node, scope)
        elif isinstance(node, nodes.Assign):
            self._bind(node.target, node.node, scope, scope)
        elif isinstance(node, nodes.With):
            inner = dict(scope)
            for target, value in zip(node.targets, node.values, strict=True):
                self._bind(target, value, scope, inner)
            self._block(node.body, inner)
        elif isinstance(node, (nodes.Macro, nodes.CallBlock)):
            inner = {**scope, **{name.name: _OWN for name in node.args}}
            for child in (*node.defaults, *([node.call] if isinstance(node, nodes.CallBlock) else [])):
                self._value(child, scope)
            self._block(node.body, inner)
        else:
            self._other(node, scope)

    def _other(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            if getattr(node, "with_context", True):
                self.found.append(Use((), "", node.lineno, shown=True))
        elif isinstance(node, nodes.Expr):
            self._value(node, scope)
        else:
            inner = scope if isinstance(node, (nodes.Output, nodes.ExprStmt)) else dict(scope)
            for child in node.iter_child_nodes(exclude=("target",)):
                self._statement(child, inner)
            if isinstance(node, nodes.AssignBlock) and isinstance(node.target, nodes.Name):
                scope[node.target.name] = _OWN

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        pairs = _pairs(node.iter)
        paths = self._followed(pairs or node.iter, scope)
        if paths is None:
            self._value(node.iter, scope)
            paths = _OWN
        self._note(paths, node.iter, shown=False)
        inner = {**scope, **_items(node.target, paths, are_pairs=pairs is not None)}
        if node.test is not None:
            self._condition(node.test, inner)
        self._block(node.body, inner)
        self._block(node.else_, dict(scope))

    def _branches(self, node: nodes.If, scope: Scope) -> None:
        self._condition(node.test, scope)
        outcomes: list[Scope] = []
        for body in (node.body, *([each] for each in node.elif_), node.else_):
            outcome = dict(scope)
            self._block(body, outcome)  # type: ignore[arg-type]  # `elif_` holds `If` nodes
            outcomes.append(outcome)
        for name in {name for outcome in outcomes for name in outcome}:
            unset = frozenset({(name,)})
            scope[name] = frozenset().union(*(outcome.get(name, unset) for outcome in outcomes))

    def _bind(self, target: nodes.Node, value: nodes.Node, scope: Scope, into: Scope) -> None:
        paths = self._followed(value, scope) if isinstance(target, nodes.Name) else None
        if paths is None:
            self._value(value, scope)
        for name in (target, *target.find_all(nodes.Name)):
            if isinstance(name, nodes.Name):
                into[name.name] = paths or _OWN

    def _condition(self, node: nodes.Node, scope: Scope) -> None:
        """An expression of which only counts whether it is true, or how much it holds."""
        if isinstance(node, nodes.Not):
            self._condition(node.node, scope)
        elif isinstance(node, (nodes.And, nodes.Or)):
            self._condition(node.left, scope)
            self._condition(node.right, scope)
        elif isinstance(node, nodes.Test):
            self._condition(node.node, scope)
            self._arguments(node, scope)
        elif (paths := self._followed(node, scope)) is not None:
            self._note(paths, node, shown=False)
        else:
            self._value(node, scope)

    def _value(self, node: nodes.Node, scope: Scope) -> None:
        """An expression whose content counts."""
        paths = self._followed(node, scope)
        if paths is not None:
            self._note(paths, node, shown=True)
        elif isinstance(node, nodes.Test) or (isinstance(node, nodes.Filter) and node.name in _COUNTS and node.node):
            self._condition(node if isinstance(node, nodes.Test) else node.node, scope)  # type: ignore[arg-type]
        elif isinstance(node, nodes.Filter) and (field := _field(node)) and node.node is not None:
            paths = self._followed(node.node, scope)
            if paths is None:
                self._value(node.node, scope)
            self._note(_below(paths or _OWN, ITEM, *field), node, shown=True)
            self._arguments(node, scope)
        else:
            if isinstance(node, nodes.Call) and (paths := self._followed(node.node, scope)):
                # A method may show all of what it belongs to.
                self._note(frozenset(path[:-1] for path in paths if len(path) > 1), node, shown=True)
            for child in node.iter_child_nodes():
                self._value(child, scope)

    def _arguments(self, node: nodes.Filter | nodes.Test, scope: Scope) -> None:
        for argument in node.iter_child_nodes(exclude=("node",)):
            self._value(argument, scope)

    def _followed(self, node: nodes.Node, scope: Scope) -> Paths | None:
        """The values that an expression is, or takes something from; None where that cannot be told."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name, frozenset({(node.name,)})) if node.ctx == "load" else _OWN
        if isinstance(node, nodes.Getattr):
            return self._step(node.node, node.attr, scope)
        if isinstance(node, nodes.Getitem):
            return self._item(node, scope)
        return _OWN if isinstance(node, nodes.Const) else self._computed(node, scope)

    def _computed(self, node: nodes.Node, scope: Scope) -> Paths | None:
        """What an expression that is not a plain name takes something from."""
        if isinstance(node, nodes.CondExpr):
            self._condition(node.test, scope)
            return self._either([node.expr1, *([node.expr2] if node.expr2 else [])], scope)
        if isinstance(node, (nodes.Or, nodes.And)):
            return self._either([node.left, node.right], scope)
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._filtered(node, node.node, scope)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "get":
            key = node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], nodes.Const) else None
            return self._step(node.node.node, key, scope) if isinstance(key, str) else None
        return None

    def _filtered(self, node: nodes.Filter, of: nodes.Expr, scope: Scope) -> Paths | None:
        if node.name in {"default", "d"}:
            return self._either([of, *node.args, *(keyword.value for keyword in node.kwargs)], scope)
        if node.name not in _SAME_ITEMS | _ONE_ITEM or (paths := self._followed(of, scope)) is None:
            return None
        self._arguments(node, scope)
        return _below(paths, ITEM) if node.name in _ONE_ITEM else paths

    def _item(self, node: nodes.Getitem, scope: Scope) -> Paths | None:
        if isinstance(node.arg, nodes.Slice):
            paths = self._followed(node.node, scope)
        else:
            key = node.arg.value if isinstance(node.arg, nodes.Const) else None
            paths = self._step(node.node, key if isinstance(key, str) else ANY, scope)
        if paths is not None:
            for child in node.arg.iter_child_nodes() if isinstance(node.arg, nodes.Slice) else (node.arg,):
                self._value(child, scope)
        return paths

    def _step(self, owner: nodes.Expr, step: str, scope: Scope) -> Paths | None:
        paths = self._followed(owner, scope)
        return None if paths is None else _below(paths, step)

    def _either(self, arms: list[nodes.Expr], scope: Scope) -> Paths:
        found: set[Path] = set()
        for arm in arms:
            paths = self._followed(arm, scope)
            if paths is None:
                self._value(arm, scope)
            else:
                found |= paths
        return frozenset(found)

    def _note(self, paths: Paths, node: nodes.Node, *, shown: bool) -> None:
        name = next(_names(node), "")
        for path in sorted(paths):
            self.found.append(Use(path[:-1] if path[-1] == LOOP else path, name, node.lineno, shown))


def _below(paths: Paths, *steps: str) -> Paths:
    return frozenset(below for path in paths if (below := _stepped(path, steps)))


def _stepped(path: Path, steps: tuple[str, ...]) -> Path:
    """A path and further steps; nothing for what `loop` says of itself, such as its index."""
    if path[-1] != LOOP:
        return (*path, *steps)
    return path[:-1] if steps[0] in _NEIGHBOURS else ()


def _names(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    for name in node.find_all(nodes.Name):
        yield name.name


def _items(target: nodes.Node, paths: Paths, *, are_pairs: bool) -> Scope:
    """The variables of a loop over `paths`, or over what `items()` or `values()` of them gives."""
    # A neighbour of a pair is a pair: one more step leads into the mapping.
    scope: Scope = {"loop": frozenset((*path, LOOP) for path in (paths if are_pairs else _below(paths, ITEM)))}
    if isinstance(target, nodes.Name):
        scope[target.name] = _below(paths, ANY if are_pairs else ITEM)
        return scope
    for name in target.find_all(nodes.Name):
        scope[name.name] = paths  # it may be anything in there; the usual two come next
    steps = (ANY,) if are_pairs else (ITEM, ANY)
    for number, each in enumerate(target.iter_child_nodes()):
        if isinstance(each, nodes.Name):
            scope[each.name] = _OWN if are_pairs and number == 0 else _below(paths, *steps)
    return scope


def _pairs(node: nodes.Node) -> nodes.Node | None:
    """The mapping whose keys and values, or values, a loop goes over."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and not node.args:
        return node.node.node if node.node.attr in {"items", "values"} else None
    return node.node if isinstance(node, nodes.Filter) and node.name in {"items", "dictsort"} else None


def _field(node: nodes.Filter) -> list[str] | None:
    """The field that `map(attribute="a.b")`, `sum` or `join` takes of each item."""
    place = _BY_ATTRIBUTE.get(node.name)
    given: list[nodes.Expr] = [keyword.value for keyword in node.kwargs if keyword.key == "attribute"]
    if place is not None and node.name != "map" and len(node.args) > place:
        given.append(node.args[place])
    values = [each.value for each in given if isinstance(each, nodes.Const)]
    return values[0].split(".") if len(given) == 1 and values and isinstance(values[0], str) else None
