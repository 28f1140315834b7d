"""A contract as JSON Schema, draft 2020-12, for editors, forms and typed callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.params.hidden import sensitive_fields
from notify.params.references import named
from notify.params.types import AliasType, DictOf, ListOf, Literal, ObjectType, OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.params.contract import Contract
    from notify.params.types import Param, Type, TypeDefinition

_BUILTINS: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "Text": {"type": "string"},
    "Html": {"type": "string", "contentMediaType": "text/html"},
    "Markdown": {"type": "string", "contentMediaType": "text/markdown"},
    "Path": {"type": "string"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "Decimal": {"type": ["number", "string"]},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
    "Email": {"type": "string", "format": "email"},
    "Url": {"type": "string", "format": "uri"},
    "None": {"type": "null"},
}
_RANGES = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_LENGTHS = {"string": "Length", "array": "Items", "object": "Properties"}


def json_schema(contract: Contract) -> dict[str, Any]:
    """The schema of all params together."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if contract.model is not None:
        return {**draft, **_model(contract.model.model)}
    used = {name for param in contract.params.values() for name in named(param.type, contract.types)}
    definitions = {name: _definition(definition) for name, definition in contract.types.items() if name in used}
    return {**draft, **_object(contract.params), **({"$defs": definitions} if definitions else {})}


def _definition(definition: TypeDefinition) -> dict[str, Any]:
    if isinstance(definition, ObjectType):
        return _object(definition.fields)
    if isinstance(definition, AliasType):
        return _param(definition.target)
    return _model(definition.model, f"#/$defs/{definition.name}/$defs/")


def _model(model: type, root: str = "#/$defs/") -> dict[str, Any]:
    """Pydantic's schema of a model, without the defaults of sensitive fields."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(model).json_schema(ref_template=root + "{model}")
    names = {path.replace("[]", "").rpartition(".")[2] for path in sensitive_fields(model)}
    for each in (schema, *schema.get("$defs", {}).values()):
        for name in names & each.get("properties", {}).keys():
            each["properties"][name].pop("default", None)
    return schema


def _object(fields: Mapping[str, Param]) -> dict[str, Any]:
    required = [name for name, field in fields.items() if field.required]
    return {
        "type": "object",
        "properties": {name: _param(field) for name, field in fields.items()},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _param(param: Param) -> dict[str, Any]:
    schema = _type(param.type, param.constraints)
    if param.description:
        schema["description"] = param.description
    if param.default_location is not None and not param.sensitive:
        schema["default"] = param.default
    return schema


def _type(kind: Type, constraints: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(kind, OneOf):
        return {"anyOf": [_type(arm, constraints) for arm in kind.arms]}
    if isinstance(kind, Literal):
        return {"enum": list(kind.values)}
    if isinstance(kind, ListOf):
        return _limited({"type": "array", "items": _type(kind.item, {})}, constraints)
    if isinstance(kind, DictOf):
        return _limited({"type": "object", "additionalProperties": _type(kind.value, {})}, constraints)
    return _limited(dict(_BUILTINS.get(kind.name) or {"$ref": f"#/$defs/{kind.name}"}), constraints)


def _limited(schema: dict[str, Any], constraints: Mapping[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    for rule, value in constraints.items():
        if rule in {"min_length", "max_length"} and kind in _LENGTHS and "contentEncoding" not in schema:
            schema[rule[:3] + _LENGTHS[kind]] = value
        elif rule in _RANGES and kind in ("integer", "number", ["number", "string"]):
            schema[_RANGES[rule]] = value
        elif rule == "pattern" and kind == "string":
            schema["pattern"] = value
    return schema
