"""The JSON Schema of definition files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.definition.gathering import OVER
from notify.message.labels import DELIVERIES
from notify.schemas.pieces import (
    DRAFT,
    MAPPING,
    STRING,
    STRINGS,
    closed,
    described,
    ignored,
    mapping_of,
    ref,
    suggested,
)
from notify.schemas.types import params_schema, type_definitions, types_schema
from notify.schemas.words import ATTACHMENT, CHECK, DEFINITION, DIGEST, IN_DEFINITION, SAMPLE, THROTTLE

if TYPE_CHECKING:
    from notify.schemas.pieces import Schema
    from notify.schemas.vocabulary import Vocabulary

LOCALE = "^[a-zA-Z]{2,3}([-_][A-Za-z0-9]{1,8})*$"
_SAMPLE = "^[A-Za-z0-9][A-Za-z0-9_-]*$"
_PATHS_FROM: Schema = {"oneOf": [{"required": ["path"]}, {"required": ["param", "filename"]}]}


def definition_schema(names: Vocabulary) -> Schema:
    """The schema of a file below `notifications`, with the names of one project."""
    body = ref("body")
    localized = {
        "anyOf": [
            STRING,
            {
                "type": "object",
                "properties": dict.fromkeys(names.locales, STRING),
                "propertyNames": {"pattern": LOCALE},
                "additionalProperties": STRING,
                "minProperties": 1,
            },
        ]
    }
    digest: dict[str, Schema] = {
        "by": STRINGS,
        "window": STRING,
        "max": {"type": "integer", "minimum": 1},
        "param": STRING,
    }
    throttle: dict[str, Schema] = {"rate": STRING, "over": {"enum": list(OVER), "default": OVER[0]}}
    schemas: dict[str, Schema] = {
        "description": STRING,
        "category": {"enum": sorted(names.categories), "default": "transactional"},
        "params": params_schema(names.globals),
        "types": types_schema(),
        "subject": localized,
        "preheader": localized,
        "html": body,
        "text": {"anyOf": [{"enum": ["auto"]}, body]},
        "markdown": body,
        "markdown_layout": body,
        "sender": STRING,
        **dict.fromkeys(("reply_to", "cc", "bcc", "tags"), STRINGS),
        "headers": mapping_of(STRING),
        "options": mapping_of(MAPPING),
        "delivery": {"enum": list(DELIVERIES), "default": DELIVERIES[0]},
        "digest": closed(described(digest, DIGEST), "window"),
        "throttle": {"anyOf": [STRING, closed(described(throttle, THROTTLE), "rate")]},
        "attachments": {"type": "array", "items": ref("attachment")},
        "samples": {"propertyNames": {"pattern": _SAMPLE}, **mapping_of(ref("sample"))},
        "check": closed(described({"ignore": ignored()}, {key: CHECK[key] for key in IN_DEFINITION})),
    }
    attachment = {**closed(described(dict.fromkeys(ATTACHMENT, STRING), ATTACHMENT)), **_PATHS_FROM}
    sample_schemas: dict[str, Schema] = {
        "to": STRING,
        "locale": {"type": "string", "pattern": LOCALE},
        "expect": MAPPING,
        "extends": STRING,
    }
    return {
        "$schema": DRAFT,
        "title": "A notification",
        **closed(described(schemas, DEFINITION), "subject"),
        "allOf": [
            {"not": {"required": ["markdown", "html"]}},
            {"if": {"required": ["markdown_layout"]}, "then": {"required": ["markdown"]}},
        ],
        "definitions": {
            **type_definitions(names.types),
            "body": suggested(names.templates),
            "attachment": attachment,
            "sample": {"type": "object", "properties": described(sample_schemas, SAMPLE)},
        },
    }
