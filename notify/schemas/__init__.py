"""JSON Schemas (draft-07) of the files that people write, for editors and other tools."""

from __future__ import annotations

from notify.schemas.configuration import configuration_schema
from notify.schemas.definition import definition_schema
from notify.schemas.files import FILES, FOLDER, schema_text, schema_texts
from notify.schemas.vocabulary import Vocabulary

__all__ = [
    "FILES",
    "FOLDER",
    "Vocabulary",
    "configuration_schema",
    "definition_schema",
    "schema_text",
    "schema_texts",
]
