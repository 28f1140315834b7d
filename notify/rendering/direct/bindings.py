"""What the names in a template stand for while it is flattened."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import nodes

FRESH, CHANGING = "\u02c8", "\u02c7"
"""What is in the names of variables of a flat tree: of those that are set once, and of the others.

Both are letters for Python, so that they may stand in identifiers, and in no language, so that no template has them.
"""
_SCALARS = (type(None), bool, int, float, str, Markup, Decimal)


class UnfitError(Exception):
    """A body that is rendered the plain way only; the text says why."""


@dataclass(frozen=True, slots=True)
class Same:
    """An expression that can stand wherever the name does: a constant, a variable that is set once, a list of them."""

    node: nodes.Expr


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the flat tree, which may be set again."""

    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that nothing gives a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Loop:
    """`loop` in a loop that is written out: the number of the item, from 0, and how many there are."""

    index: int
    length: int


@dataclass(frozen=True, slots=True)
class MacroDefinition:
    """A macro, and the scope that it was written in."""

    node: nodes.Macro
    scope: Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """The content of a `call` block, and the scope that it was written in."""

    node: nodes.CallBlock
    scope: Scope


@dataclass(frozen=True, slots=True)
class Captured:
    """The content of a `set` block, which is written where the name is printed."""

    body: list[nodes.Node]
    scope: Scope


@dataclass(frozen=True, slots=True)
class Module:
    """An imported template: the scope of its top level."""

    scope: Scope


Binding = Same | Variable | Missing | Loop | MacroDefinition | Caller | Captured | Module


@dataclass(slots=True)
class Scope:
    """Names and what they stand for; what is not here is looked up in the parent, and at last by `outside`.

    Attributes:
        merged: variables that branches of an `if` assign to, by name: what is set there stays set after it.
    """

    parent: Scope | None = None
    outside: Callable[[str], Binding] | None = None
    names: dict[str, Binding] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Binding:
        """What the name stands for here."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            if scope.outside is not None:
                return scope.outside(name)
            scope = scope.parent
        return Missing(name)

    def given(self, name: str) -> Binding | None:
        """What the name stands for here, if a template gave it that meaning."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def visible(self) -> dict[str, Binding]:
        """All names that a template gave a meaning, and what they stand for here."""
        found: dict[str, Binding] = {}
        scope: Scope | None = self
        while scope is not None:
            found = {**scope.names, **found}
            scope = scope.parent
        return found

    def inner(self) -> Scope:
        """A scope inside this one."""
        return Scope(parent=self)


def is_plain(value: Any, depth: int = 8) -> bool:
    """Whether a value is data that no template can change: text, numbers, and lists and mappings of them."""
    if type(value) in _SCALARS:
        return True
    if depth == 0:
        return False
    if type(value) is dict:
        return all(type(key) is str and is_plain(each, depth - 1) for key, each in value.items())
    return type(value) in (list, tuple) and all(is_plain(each, depth - 1) for each in value)


def is_scalar(value: Any) -> bool:
    """Whether it is text, a number, a truth value or None."""
    return type(value) in _SCALARS and type(value) is not Decimal
