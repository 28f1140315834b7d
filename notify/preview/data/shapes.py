"""What a declared type comes down to in a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.params.models import fields_of
from notify.params.types import (
    NONE,
    AliasType,
    DictOf,
    ListOf,
    Literal,
    Name,
    ObjectType,
    OneOf,
    Param,
    PythonType,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.params.types import Type, TypeDefinition

_KINDS = {
    "str": "text",
    "Path": "text",
    "timedelta": "text",
    "Text": "longtext",
    "Html": "longtext",
    "Markdown": "longtext",
    "bytes": "bytes",
    "int": "integer",
    "float": "number",
    "Decimal": "decimal",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "Email": "email",
    "Url": "url",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A type without its aliases and `| None`: the kind of its input, and what that needs to know.

    `types` are those that the fields and items may name; `defined` is the name of an object type.
    """

    kind: str
    is_optional: bool = False
    sensitive: bool = False
    description: str = ""
    constraints: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str | int, ...] = ()
    fields: Mapping[str, Param] = field(default_factory=dict)
    item: Param | None = None
    types: Mapping[str, TypeDefinition] = field(default_factory=dict)
    defined: str = ""


def shape_of(param: Param, types: Mapping[str, TypeDefinition]) -> Shape:
    """The shape of a param's, a field's or an item's values."""
    kind, constraints, description, sensitive = param.type, param.constraints, param.description, param.sensitive
    is_optional = kind == NONE
    while True:
        if isinstance(kind, OneOf):
            is_optional = is_optional or NONE in kind.arms
            arms = [arm for arm in kind.arms if arm != NONE]
            if len(arms) != 1:
                break
            kind = arms[0]
        elif isinstance(kind, Name) and isinstance(alias := types.get(kind.name), AliasType):
            target = alias.target
            kind, constraints = target.type, {**target.constraints, **constraints}
            description, sensitive = description or target.description, sensitive or target.sensitive
        else:
            break
    of_type = {"types": types, **_of_type(kind, param, types)}
    return Shape(
        is_optional=is_optional, sensitive=sensitive, description=description, constraints=constraints, **of_type
    )


def _of_type(kind: Type, param: Param, types: Mapping[str, TypeDefinition]) -> dict[str, Any]:
    if isinstance(kind, Name):
        defined = types.get(kind.name)
        if isinstance(defined, ObjectType):
            return {"kind": "object", "fields": defined.fields, "defined": kind.name}
        if isinstance(defined, PythonType):  # its fields know the built-in types only
            return {"kind": "object", "fields": fields_of(defined), "defined": kind.name, "types": {}}
        return {"kind": _KINDS.get(kind.name, "yaml")}
    if isinstance(kind, ListOf):
        item = Param(param.name, written(kind.item), kind.item, param.location)
        return {"kind": "list", "item": item}
    if isinstance(kind, Literal):
        words = {str(value) for value in kind.values}
        if len(words) == len(kind.values) and "" not in words:
            return {"kind": "choice", "choices": kind.values}
    return {"kind": "yaml"}


def written(kind: Type) -> str:
    """A type as an annotation."""
    if isinstance(kind, Name):
        return kind.name
    if isinstance(kind, ListOf):
        return f"list[{written(kind.item)}]"
    if isinstance(kind, DictOf):
        return f"dict[str, {written(kind.value)}]"
    return " | ".join(map(repr, kind.values) if isinstance(kind, Literal) else map(written, kind.arms))
