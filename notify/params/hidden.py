"""Sensitive fields of the application's own types: those with `repr=False`, and pydantic's secret ones."""

from __future__ import annotations

import dataclasses
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAME_VALUE = (Union, UnionType, Annotated)


def sensitive_fields(model: type, prefix: str = "") -> frozenset[str]:
    """The dotted names of the sensitive fields of a pydantic model or dataclass, and of those inside it."""
    found = list(_fields_inside(model, prefix, frozenset()))
    # Where a type contains itself, what is deeper is sensitive as a whole if anything is.
    return frozenset(path for path, _ in found) if any(is_certain for _, is_certain in found) else frozenset()


def revealed(value: Any) -> Any:
    """A dumped model in which pydantic's secrets are plain text."""
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [revealed(item) for item in value]
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def _fields_inside(model: type, prefix: str, seen: frozenset[type]) -> Iterator[tuple[str, bool]]:
    """Paths of sensitive fields; those where a type begins anew are not certain."""
    for name, kind, is_shown in _fields(model):
        if is_shown:
            yield from _inside(kind, f"{prefix}{name}", seen | {model})
        else:
            yield f"{prefix}{name}", True


def _inside(kind: Any, path: str, seen: frozenset[type]) -> Iterator[tuple[str, bool]]:
    if hasattr(kind, "get_secret_value"):
        yield path, True
    elif kind in seen:
        yield path, False
    elif dataclasses.is_dataclass(kind) or hasattr(kind, "model_fields"):
        yield from _fields_inside(kind, f"{path}.", seen)
    else:
        below = path if get_origin(kind) in _SAME_VALUE else f"{path}[]"
        for argument in get_args(kind):
            if isinstance(argument, type) or get_origin(argument) is not None:
                yield from _inside(argument, below, seen)


def _fields(model: type) -> Iterator[tuple[str, Any, bool]]:
    """Name, type, and whether the field is in the model's repr."""
    if dataclasses.is_dataclass(model):
        try:
            kinds = get_type_hints(model, include_extras=True)
        except Exception:  # noqa: BLE001  (an annotation may be of a name that only type checkers import)
            kinds = {}
        for field in dataclasses.fields(model):
            yield field.name, kinds.get(field.name), field.repr
    else:
        fields: dict[str, Any] = getattr(model, "model_fields", {})
        for field_name, info in fields.items():
            for name in {field_name, *_aliases(info)}:
                yield name, info.annotation, info.repr
        computed: dict[str, Any] = getattr(model, "model_computed_fields", {})
        for name, info in computed.items():
            yield name, info.return_type, info.repr


def _aliases(info: Any) -> Iterator[str]:
    """The other names, or dotted ways, by which a pydantic model takes a field."""
    for alias in (info.alias, info.validation_alias):
        for choice in getattr(alias, "choices", (alias,)):
            if choice is not None:
                steps = getattr(choice, "path", (choice,))
                yield "".join("[]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
