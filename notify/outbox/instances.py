"""Instances of the application's own types, as a mapping that the type takes in their place."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def fields_of(value: Any) -> Mapping[str, Any] | None:
    """The fields of a dataclass or pydantic model under the names that it takes them by; None of anything else."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
    if not hasattr(type(value), "model_fields"):
        return None
    kind: Any = type(value)
    by_name = kind.model_config.get("populate_by_name") or kind.model_config.get("validate_by_name")
    fields = {name if by_name else _alias(name, info): getattr(value, name) for name, info in kind.model_fields.items()}
    return {**fields, **(value.model_extra or {})}


def unwrapped(value: Any) -> Any:
    """What is in one of pydantic's secrets or root models, or stands for an enum's member; the value itself if none."""
    import enum

    if isinstance(value, enum.Enum):
        return value.value
    if hasattr(value, "get_secret_value"):
        return value.get_secret_value()
    return value.root if getattr(type(value), "__pydantic_root_model__", False) else value


def _alias(name: str, info: Any) -> str:
    """The name that a field is given by: its alias, or the first of several."""
    alias = info.validation_alias or info.alias
    choices = getattr(alias, "choices", None)
    first = choices[0] if choices else alias
    return first if isinstance(first, str) else name
