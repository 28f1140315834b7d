"""Whether types can have values at all, and constraints a meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.params.constraints import APPLIES_TO
from notify.params.types import AliasType, DictOf, ListOf, Literal, Name, ObjectType, OneOf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from notify.params.types import Param, Type, TypeDefinition
    from notify.yamlnodes import Reader


def check_types(reader: Reader, types: Mapping[str, TypeDefinition], names: Collection[str]) -> None:
    """Note every type among `names` that has no end, and every constraint that does not fit its type."""
    endless = {name for name in names if name in types} - _finite(types)
    for name in sorted(endless):
        hint = 'let it contain itself only in a list, or as "X | None"'
        reader.fault(types[name].location, f"the type {name!r} contains itself without an end", hint)
    for name in names:
        definition = types.get(name)
        if isinstance(definition, AliasType):
            if name not in endless and name in _aliased(name, types):
                reader.fault(definition.location, f"the type {name!r} stands for itself", "write what it is")
            check_constraints(reader, [definition.target], types)
        elif isinstance(definition, ObjectType):
            check_constraints(reader, definition.fields.values(), types)


def check_constraints(reader: Reader, params: Iterable[Param], types: Mapping[str, TypeDefinition]) -> None:
    """Note every constraint that has no meaning for any arm of its param's type."""
    for param in params:
        names = set(bases(param.type, types))
        for rule in param.constraints:
            if not names & APPLIES_TO[rule]:
                applies = ", ".join(sorted(APPLIES_TO[rule]))
                message = f"{param.name!r}: {rule} means nothing for {param.annotation}"
                reader.fault(param.location, message, f"it is for {applies}")


def _finite(types: Mapping[str, TypeDefinition]) -> set[str]:
    """The types that a value of limited size can have: a least fixed point."""
    finite: set[str] = set()
    while True:
        more = {name for name, definition in types.items() if name not in finite and _ends(definition, finite, types)}
        if not more:
            return finite
        finite |= more


def _ends(definition: TypeDefinition, finite: Collection[str], types: Mapping[str, TypeDefinition]) -> bool:
    if isinstance(definition, ObjectType):
        return all(_type_ends(field.type, finite, types) for field in definition.fields.values())
    return not isinstance(definition, AliasType) or _type_ends(definition.target.type, finite, types)


def _type_ends(kind: Type, finite: Collection[str], types: Mapping[str, TypeDefinition]) -> bool:
    if isinstance(kind, OneOf):
        return any(_type_ends(arm, finite, types) for arm in kind.arms)
    return not isinstance(kind, Name) or kind.name not in types or kind.name in finite


def _aliased(name: str, types: Mapping[str, TypeDefinition]) -> set[str]:
    """What an alias stands for, without looking into lists, mappings and fields."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        definition = types.get(waiting.pop())
        if isinstance(definition, AliasType):
            kind = definition.target.type
            arms = kind.arms if isinstance(kind, OneOf) else (kind,)
            reached = {arm.name for arm in arms if isinstance(arm, Name)} - seen
            seen |= reached
            waiting += reached
    return seen


def bases(kind: Type, types: Mapping[str, TypeDefinition], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The built-in types that a type comes down to; `list` and `dict` for collections, an object type's own name."""
    if isinstance(kind, OneOf):
        for arm in kind.arms:
            yield from bases(arm, types, seen)
    elif isinstance(kind, (ListOf, DictOf)):
        yield "list" if isinstance(kind, ListOf) else "dict"
    elif not isinstance(kind, Literal):
        definition = types.get(kind.name)
        if isinstance(definition, AliasType) and kind.name not in seen:
            yield from bases(definition.target.type, types, seen | {kind.name})
        else:
            yield kind.name
