"""Parts of JSON Schemas (draft-07) that several files have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
MAPPING: Schema = {"type": "object"}
STRINGS: Schema = {"anyOf": [STRING, {"type": "array", "items": STRING}]}
"""One text, or a list of them."""


def described(schemas: Mapping[str, Schema], words: Mapping[str, str]) -> dict[str, Schema]:
    """The schema of each key in `words`, with what it means."""
    return {key: {"description": text, **schemas.get(key, {})} for key, text in words.items()}


def closed(properties: Mapping[str, Schema], *required: str) -> Schema:
    """A mapping with these keys only."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": dict(properties), **needed, "additionalProperties": False}


def mapping_of(schema: Schema) -> Schema:
    """A mapping of any names to one kind of value."""
    return {"type": "object", "additionalProperties": schema}


def suggested(words: Iterable[str]) -> Schema:
    """Any text; an editor offers these."""
    found = sorted(words)
    return {"anyOf": [{"enum": found}, STRING]} if found else dict(STRING)


def ignored() -> Schema:
    """What stands under `ignore` of `check`: rules with reasons, or a list of rules."""
    return {"anyOf": [mapping_of(STRING), {"type": "array", "items": STRING}]}


def ref(name: str) -> Schema:
    """A reference to one of the document's definitions."""
    return {"$ref": f"#/definitions/{name}"}
