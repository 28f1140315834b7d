"""Which names a template sees at one point, and what is known of their values there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.checks.analysis.values import ANY, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.checks.analysis.values import Value

Path = tuple[str, ...]
"""A name and the attributes that follow it."""


class Scope:
    """Names with their values.

    Attributes:
        names: the values of names.
        known: what is known of attributes, by path, beyond what their owner says.
        conditions: for a name that was set, the expression that it is the value of.
        bound: the names that were set.
        is_open: whether there may be names that are not known.
    """

    def __init__(self, names: Mapping[str, Value], *, is_open: bool = False) -> None:
        self.names: dict[str, Value] = dict(names)
        self.known: dict[Path, Value] = {}
        self.conditions: dict[str, nodes.Expr] = {}
        self.bound: set[str] = set()
        self.is_open = is_open

    def inner(self) -> Scope:
        """One that begins with what this knows, and keeps to itself what it learns."""
        other = Scope(self.names, is_open=self.is_open)
        other.known = dict(self.known)
        other.conditions = dict(self.conditions)
        other.bound = set(self.bound)
        return other

    def bind(self, name: str, value: Value, expression: nodes.Expr | None = None) -> None:
        """Give a name another value; what was known by it is forgotten."""
        self.names[name] = value
        self.bound.add(name)
        self.known = {path: known for path, known in self.known.items() if path[0] != name}
        self.conditions = {
            key: condition
            for key, condition in self.conditions.items()
            if key != name and name not in {each.name for each in _names(condition)}
        }
        if expression is not None and name not in {each.name for each in _names(expression)}:
            self.conditions[name] = expression

    def learn(self, path: Path, value: Value) -> None:
        """Take note that the value of a path is this one here."""
        if len(path) == 1:
            self.names[path[0]] = value
        else:
            self.known[path] = value

    def merge(self, outcomes: Iterable[Scope]) -> None:
        """Become what holds after one of several outcomes."""
        scopes = list(outcomes)
        if not scopes:
            return
        names = dict.fromkeys(name for scope in scopes for name in scope.names)
        self.names = {name: join(scope.names.get(name, ANY) for scope in scopes) for name in names}
        paths = set(scopes[0].known).intersection(*(scope.known for scope in scopes))
        self.known = {path: join(scope.known[path] for scope in scopes) for path in paths}
        self.bound = set().union(*(scope.bound for scope in scopes))
        first = scopes[0].conditions
        self.conditions = {
            name: condition
            for name, condition in first.items()
            if all(scope.conditions.get(name) is condition for scope in scopes)
        }

    def adopt(self, caller: Scope) -> None:
        """Take over what is known where a macro is called about the values that both see."""
        for name, value in caller.names.items():
            own = self.names.get(name)
            if own is not None and own.root and own.root == value.root:
                self.names[name] = value
        for path, value in caller.known.items():
            own = self.names.get(path[0])
            if own is not None and own.root and own.root == caller.names[path[0]].root:
                self.known[path] = value


def path_of(node: nodes.Node) -> Path | None:
    """The path that an expression is; None where it is none."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        step = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        step = str(node.arg.value)
    else:
        return None
    owner = path_of(node.node)
    return None if owner is None else (*owner, step)


def shown(node: nodes.Node) -> str:
    """An expression as a message calls it."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        return shown(node.node)
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{shown(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        inner = repr(node.arg.value) if isinstance(node.arg, nodes.Const) else "..."
        return f"{shown(node.node)}[{inner}]"
    return "this value"


def _names(node: nodes.Node) -> list[nodes.Name]:
    return [*([node] if isinstance(node, nodes.Name) else []), *node.find_all(nodes.Name)]
