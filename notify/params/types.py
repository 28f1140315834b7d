"""What a param may be: the types of annotations, the params themselves, and the application's own types, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.errors import Location

BUILTINS = {
    "str": "text",
    "Text": "text",
    "bytes": "bytes, or text in base64",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "Decimal": "a number",
    "date": "a date such as 2030-12-31",
    "datetime": "a date and time such as 2030-12-31T18:00",
    "time": "a time such as 18:00",
    "timedelta": "a duration such as PT30M",
    "Email": "a bare e-mail address",
    "Url": "an http or https URL",
    "Html": "HTML as text",
    "Markdown": "Markdown as text",
    "Path": "a relative path without ..",
    "None": "nothing",
}
"""The types that need no definition, in words for messages."""


@dataclass(frozen=True, slots=True)
class Name:
    """A built-in type, or one under `types:`."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """One of several values, in the order written."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`list[item]`."""

    item: Type


@dataclass(frozen=True, slots=True)
class DictOf:
    """`dict[str, value]`."""

    value: Type


@dataclass(frozen=True, slots=True)
class OneOf:
    """`X | Y`: the first that fits."""

    arms: tuple[Type, ...]


Type = Name | Literal | ListOf | DictOf | OneOf
NONE = Name("None")


def is_optional(kind: Type) -> bool:
    """Whether None is allowed, so that the value may be left out."""
    return kind == NONE or (isinstance(kind, OneOf) and NONE in kind.arms)


@dataclass(frozen=True, slots=True)
class Param:
    """A param, or a field of an object type.

    `annotation` is the type as written, `type` the same as a value. `constraints` has what the long form adds, such as
    `max_length`. `default` is what the file says, not yet checked; it has no meaning where `required`.
    """

    name: str
    annotation: str
    type: Type
    location: Location
    required: bool = True
    default: Any = None
    default_location: Location | None = None
    description: str = ""
    sensitive: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A type with fields."""

    name: str
    location: Location
    fields: Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class AliasType:
    """Another name for a type, perhaps with constraints."""

    name: str
    location: Location
    target: Param


@dataclass(frozen=True, slots=True)
class PythonType:
    """A pydantic model or dataclass of the application: `source` is `package.module:Model`."""

    name: str
    location: Location
    source: str
    model: type


TypeDefinition = ObjectType | AliasType | PythonType
Types = dict[str, TypeDefinition]
