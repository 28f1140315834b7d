"""The schemas of what transports can be told, from their declared settings."""

from __future__ import annotations

import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from notify.limits import LimitSettings
from notify.schemas.pieces import STRING, closed, mapping_of, ref
from notify.schemas.words import TYPE
from notify.settings import declared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Transport
    from notify.schemas.pieces import Schema
    from notify.settings import Setting

_VARIABLE = r"\$\{"
_WHOLE = rf"^\s*-*[0-9]+\s*$|{_VARIABLE}"
_NUMBER = rf"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$|{_VARIABLE}"
_NAMES: Schema = {"type": "array", "items": STRING}


def transport_definitions(transports: Mapping[str, type[Transport]]) -> dict[str, Schema]:
    """A definition `settings of NAME` for each type, and `transport`, `typed` and `group`, which refer to them."""
    found = {f"settings of {name}": _settings(cls) for name, cls in sorted(transports.items())}
    return {
        **found,
        "group": {"minProperties": 1, "maxProperties": 1, **mapping_of(_NAMES)},
        "typed": _of_type(transports),
        "transport": {"anyOf": [STRING, ref("group"), ref("typed")]},
    }


def transports_schema(transports: Mapping[str, type[Transport]]) -> Schema:
    """What stands under `transports`: a name of a type has its settings, unless `type` says another."""
    own = {
        name: {
            "anyOf": [
                STRING,
                ref("group"),
                {
                    "type": "object",
                    "if": {"required": ["type"]},
                    "then": ref("typed"),
                    "else": ref(f"settings of {name}"),
                },
            ],
            "description": _summary(cls),
        }
        for name, cls in sorted(transports.items())
    }
    return {"type": "object", "properties": own, "additionalProperties": ref("transport")}


def _of_type(transports: Mapping[str, type[Transport]]) -> Schema:
    """Settings of the type that `type` names."""
    words = {name: sorted({name, *cls.schemes}) for name, cls in sorted(transports.items())}
    known = sorted({word for each in words.values() for word in each})
    return {
        "type": "object",
        "properties": {"type": {"description": TYPE, "anyOf": [{"enum": known}, _variable()]}},
        "allOf": [
            {
                "if": {"properties": {"type": {"enum": each}}, "required": ["type"]},
                "then": ref(f"settings of {name}"),
            }
            for name, each in words.items()
        ],
    }


def _settings(cls: type[Transport]) -> Schema:
    settings = {**declared(LimitSettings), **cls.declared_settings()}
    properties = {name: _setting(setting) for name, setting in settings.items()}
    return {"description": _summary(cls), **closed({"type": {"description": TYPE, **STRING}, **properties})}


def _summary(cls: type[Transport]) -> str:
    return (cls.__doc__ or "").strip().partition("\n")[0]


def _setting(setting: Setting) -> Schema:
    schema: Schema = {"description": setting.doc, **_value(setting.annotation)}
    if isinstance(setting.default, (bool, int, float, str)) and setting.default != "":
        schema["default"] = setting.default
    return schema


def _value(annotation: Any) -> Schema:
    """What the reader of settings takes for an annotation; any value may be a variable."""
    origin = get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        schemas = [{"type": "null"} if arm is type(None) else _value(arm) for arm in get_args(annotation)]
        return {"anyOf": [schema for at, schema in enumerate(schemas) if schema not in schemas[:at]]}
    if origin is Literal:
        return {"anyOf": [{"enum": list(get_args(annotation))}, _variable()]}
    if origin is tuple:
        return {"anyOf": [STRING, _NAMES]} if get_args(annotation)[0] is str else dict(_NAMES)
    simple: dict[Any, Schema] = {
        bool: {"type": ["boolean", "string"], "pattern": rf"^(true|false)$|{_VARIABLE}"},
        int: {"type": ["integer", "string"], "pattern": _WHOLE},
        float: {"type": ["number", "string"], "pattern": _NUMBER},
        Path: {"type": "string", "minLength": 1},
    }
    return dict(simple.get(annotation, STRING))


def _variable() -> Schema:
    return {"type": "string", "pattern": _VARIABLE}
