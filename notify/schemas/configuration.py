"""The JSON Schema of notify.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.configuration.categories import CONSENT, SUPPRESSION, UNSUBSCRIBE
from notify.configuration.feedback import ADDRESSES
from notify.configuration.retention import ENDS
from notify.schemas.definition import LOCALE
from notify.schemas.pieces import (
    BOOLEAN,
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
from notify.schemas.settings import transport_definitions, transports_schema
from notify.schemas.types import type_definitions, types_schema
from notify.schemas.words import (
    CATEGORY,
    CHECK,
    CONFIGURATION,
    ENVIRONMENT,
    FEEDBACK,
    RETENTION,
    SANDBOX,
    UNSUBSCRIBING,
)

if TYPE_CHECKING:
    from notify.schemas.pieces import Schema
    from notify.schemas.vocabulary import Vocabulary

_THEME = "^[A-Za-z0-9][A-Za-z0-9_-]*$"


def configuration_schema(names: Vocabulary) -> Schema:
    """The schema of notify.yaml, with the names of one project."""
    schemas: dict[str, Schema] = {
        "sender": STRING,
        **dict.fromkeys(("notifications", "templates", "plugins"), STRINGS),
        "attachments": STRING,
        "globals": {"type": "object", "properties": {name: {} for name in names.globals}},
        "default_locale": {"type": "string", "pattern": LOCALE, "default": "en"},
        "default_environment": {"enum": list(names.environments)},
        "categories": mapping_of(_category()),
        "types": types_schema(),
        "jinja": closed({"sandbox": {"description": SANDBOX, "default": True, **BOOLEAN}}),
        "themes": {"propertyNames": {"pattern": _THEME}, **mapping_of(MAPPING)},
        "environments": mapping_of(ref("environment")),
        "transports": ref("transports"),
        "state": STRING,
        "outbox": STRING,
        "outbox_key": STRINGS,
        "outbox_retention": _retention(),
        "unsubscribe": _unsubscribing(),
        "feedback": _feedback(),
        "check": ref("check"),
    }
    return {
        "$schema": DRAFT,
        "title": "The configuration of notify",
        **closed(described(schemas, CONFIGURATION)),
        "definitions": {
            **type_definitions(names.types),
            **transport_definitions(names.transports),
            "transports": transports_schema(names.transports),
            "environment": _environment(names),
            "check": _check(),
        },
    }


def _environment(names: Vocabulary) -> Schema:
    named = {"anyOf": [suggested(names.transports), {"type": "null"}, ref("group"), ref("transport")]}
    schemas: dict[str, Schema] = {
        "transport": named,
        "transports": ref("transports"),
        "redirect_to": STRING,
        "allow": STRINGS,
        "subject_prefix": STRING,
        "sender": STRING,
        "globals": MAPPING,
        "auto_reload": BOOLEAN,
        "state": STRING,
        "outbox": STRING,
        "outbox_key": STRINGS,
        "outbox_retention": _retention(),
        "unsubscribe": _unsubscribing(),
        "feedback": _feedback(),
    }
    return closed(described(schemas, ENVIRONMENT))


def _category() -> Schema:
    schemas: dict[str, Schema] = {
        "unsubscribe": {"enum": [*UNSUBSCRIBE], "default": "allowed"},
        "consent": {"enum": [*CONSENT], "default": "opt-out"},
        "suppression": {"enum": [*SUPPRESSION]},
        "title": STRING,
        "description": STRING,
    }
    return closed(described(schemas, CATEGORY))


def _unsubscribing() -> Schema:
    schemas: dict[str, Schema] = {"url": STRING, "keys": STRINGS, "lifetime": STRING, "mailto": STRING}
    return closed(described(schemas, UNSUBSCRIBING))


def _feedback() -> Schema:
    schemas: dict[str, Schema] = {
        "log": {**BOOLEAN, "default": True},
        "keep": STRING,
        "addresses": {"enum": [*ADDRESSES], "default": "clear"},
        "key": STRING,
        "groups": mapping_of(STRING),
    }
    return {"anyOf": [BOOLEAN, closed(described(schemas, FEEDBACK))]}


def _retention() -> Schema:
    return {"anyOf": [STRING, closed(described(dict.fromkeys(ENDS, STRING), RETENTION))]}


def _check() -> Schema:
    schemas: dict[str, Schema] = {
        "ignore": ignored(),
        "allow_hosts": STRINGS,
        "clients": STRINGS,
        "limits": mapping_of({"type": "number"}),
    }
    return closed(described(schemas, CHECK))
