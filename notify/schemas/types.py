"""The schema of params and types, which definitions and notify.yaml share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.params import RESERVED_NAMES, SAMPLE_NAMES
from notify.params.constraints import LONG_FORM
from notify.params.models import PYTHON_NAME
from notify.params.types import BUILTINS
from notify.schemas.pieces import BOOLEAN, STRING, STRINGS, closed, described, mapping_of, ref, suggested
from notify.schemas.words import PARAM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.schemas.pieces import Schema

_IDENTIFIER = "^[A-Za-z][A-Za-z0-9_]*$"
_LENGTH: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}


def type_definitions(shared: Iterable[str] = ()) -> dict[str, Schema]:
    """The definitions `annotation`, `long_form`, `param` and `type`.

    Args:
        shared: names of types that every file may use.
    """
    schemas: dict[str, Schema] = {
        "type": ref("annotation"),
        "default": {},
        "description": STRING,
        "sensitive": BOOLEAN,
        "min_length": _LENGTH,
        "max_length": _LENGTH,
        "pattern": {"type": "string", "format": "regex"},
        **dict.fromkeys(("ge", "gt", "le", "lt", "min", "max"), _NUMBER),
        "schemes": STRINGS,
    }
    words = {key: PARAM[key] for key in PARAM if key in LONG_FORM}
    return {
        "annotation": suggested({*BUILTINS, *shared} - {"None"}),
        "long_form": closed(described(schemas, words), "type"),
        "param": {"anyOf": [ref("annotation"), ref("long_form")]},
        "type": {
            "type": ["string", "object"],
            "if": {
                "type": "object",
                "required": ["type"],
                "properties": {"type": STRING},
                "propertyNames": {"enum": sorted(LONG_FORM)},
            },
            "then": ref("long_form"),
            "else": {"anyOf": [STRING, mapping_of(ref("param"))]},
        },
    }


def params_schema(taken: Iterable[str]) -> Schema:
    """What stands under `params:`; the names of `taken` templates have already, as they have notify's own."""
    reserved = sorted({*RESERVED_NAMES, *SAMPLE_NAMES, *taken})
    names = {"propertyNames": {"pattern": _IDENTIFIER, "not": {"enum": reserved}}, **mapping_of(ref("param"))}
    return {"anyOf": [names, {"type": "string", "pattern": f"^(?:{PYTHON_NAME.pattern})$"}]}


def types_schema() -> Schema:
    """What stands under `types:`."""
    return {"propertyNames": {"pattern": _IDENTIFIER}, **mapping_of(ref("type"))}
