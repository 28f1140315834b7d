"""Where the sensitive values of params are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.params.hidden import sensitive_fields
from notify.params.references import reached
from notify.params.types import DictOf, ListOf, Name, ObjectType, OneOf, PythonType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.params.types import Param, Type, TypeDefinition


def sensitive_params(params: Mapping[str, Param], types: Mapping[str, TypeDefinition]) -> frozenset[str]:
    """The dotted names of all sensitive values, `[]` for each item: `password`, `customer.token`, `items[].code`."""
    return frozenset(_among(params, types, "", frozenset()))


def _among(
    params: Mapping[str, Param], types: Mapping[str, TypeDefinition], prefix: str, seen: frozenset[str]
) -> Iterator[str]:
    for param in params.values():
        name = f"{prefix}{param.name}"
        if param.sensitive:
            yield name
        else:
            yield from _inside(param.type, types, name, seen)


def _inside(kind: Type, types: Mapping[str, TypeDefinition], name: str, seen: frozenset[str]) -> Iterator[str]:
    if isinstance(kind, (ListOf, DictOf)):
        yield from _inside(kind.item if isinstance(kind, ListOf) else kind.value, types, f"{name}[]", seen)
    elif isinstance(kind, OneOf):
        for arm in kind.arms:
            yield from _inside(arm, types, name, seen)
    elif isinstance(kind, Name) and kind.name in types and _holds_sensitive(types[kind.name], types):
        if kind.name not in seen:
            yield from _inside_defined(types[kind.name], types, name, seen | {kind.name})
        else:
            # The paths of a type that contains itself have no end: what is deeper is sensitive as a whole.
            yield name


def _inside_defined(
    defined: TypeDefinition, types: Mapping[str, TypeDefinition], name: str, seen: frozenset[str]
) -> Iterator[str]:
    if isinstance(defined, ObjectType):
        yield from _among(defined.fields, types, f"{name}.", seen)
    elif isinstance(defined, PythonType):
        yield from sensitive_fields(defined.model, f"{name}.")
    elif defined.target.sensitive:
        yield name
    else:
        yield from _inside(defined.target.type, types, name, seen)


def _holds_sensitive(definition: TypeDefinition, types: Mapping[str, TypeDefinition]) -> bool:
    return _is_sensitive(definition) or any(_is_sensitive(types[name]) for name in reached(definition, types))


def _is_sensitive(defined: TypeDefinition) -> bool:
    if isinstance(defined, ObjectType):
        return any(field.sensitive for field in defined.fields.values())
    return bool(sensitive_fields(defined.model)) if isinstance(defined, PythonType) else defined.target.sensitive
