"""Which types refer to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.params.types import AliasType, ListOf, Literal, Name, ObjectType, OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.params.types import Type, TypeDefinition


def named(kind: Type, types: Mapping[str, TypeDefinition]) -> set[str]:
    """The defined types that a type refers to, directly or by way of others."""
    found: set[str] = set()
    waiting = list(_direct(kind))
    while waiting:
        name = waiting.pop()
        if name in types and name not in found:
            found.add(name)
            waiting += _inside(types[name])
    return found


def _inside(definition: TypeDefinition) -> list[str]:
    if isinstance(definition, ObjectType):
        return [name for field in definition.fields.values() for name in _direct(field.type)]
    return _direct(definition.target.type) if isinstance(definition, AliasType) else []


def _direct(kind: Type) -> list[str]:
    if isinstance(kind, Name):
        return [kind.name]
    if isinstance(kind, OneOf):
        return [name for arm in kind.arms for name in _direct(arm)]
    if isinstance(kind, Literal):
        return []
    return _direct(kind.item if isinstance(kind, ListOf) else kind.value)


def reached(definition: TypeDefinition, types: Mapping[str, TypeDefinition]) -> set[str]:
    """The defined types inside a definition, however deep; it is recursive if its own name is among them."""
    return {name for start in _inside(definition) for name in named(Name(start), types)}
