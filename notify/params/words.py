"""Types and values in the words of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.params.types import (
    BUILTINS,
    NONE,
    AliasType,
    ListOf,
    Literal,
    Name,
    OneOf,
    PythonType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.params.types import TypeDefinition

_SHOWN = 60
_MOST_BITS = 128


def expected(kind: Type, types: Mapping[str, TypeDefinition], constraints: Mapping[str, Any]) -> str:
    """What a value must be."""
    if isinstance(kind, Literal):
        return " or ".join(map(repr, kind.values))
    if isinstance(kind, OneOf):
        arms = [expected(arm, types, constraints) for arm in kind.arms if arm != NONE]
        return " or ".join(dict.fromkeys(arms))
    if isinstance(kind, Name):
        defined = types.get(kind.name)
        return _defined(defined, types, constraints) if defined else _builtin(kind.name, constraints)
    return "a list" if isinstance(kind, ListOf) else "a mapping"


def _defined(defined: TypeDefinition, types: Mapping[str, TypeDefinition], constraints: Mapping[str, Any]) -> str:
    if isinstance(defined, AliasType):
        return expected(defined.target.type, types, {**defined.target.constraints, **constraints})
    if isinstance(defined, PythonType):
        return f"{defined.model.__name__}, or a mapping of its fields"
    return f"a mapping with {', '.join(defined.fields)}" if defined.fields else "an empty mapping"


def _builtin(name: str, constraints: Mapping[str, Any]) -> str:
    if name == "Url" and constraints.get("schemes"):
        return f"a URL with http, https or {' or '.join(constraints['schemes'])}"
    return BUILTINS[name]


def got(value: object) -> str:
    """What came, short; never what is inside a collection."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, (str, int, float)):
        shown = str.__repr__(value[:_SHOWN]) if isinstance(value, str) else repr(value)
        return (
            shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 4]}...{shown[0] if isinstance(value, str) else ''}"
        )
    known: dict[type, str] = {dict: "a mapping", list: "a list", tuple: "a tuple", bytes: "bytes"}
    name = type(value).__name__
    return known.get(type(value), f"{'an' if name[:1] in 'AEIOUaeiou' else 'a'} {name}")


def dotted(steps: Sequence[str | int]) -> str:
    """`items[0].price`."""
    text = ""
    for step in steps:
        if isinstance(step, str) and step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{step!r}]"
    return text
