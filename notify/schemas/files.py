"""The files that hold the schemas of a project."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from notify.schemas.configuration import configuration_schema
from notify.schemas.definition import definition_schema
from notify.schemas.vocabulary import Vocabulary

if TYPE_CHECKING:
    from notify.configuration import Configuration
    from notify.plugins import Plugins

FOLDER = "schemas"
"""Where they lie, beside notify.yaml."""
FILES = {"definition": "definition.schema.json", "configuration": "notify.schema.json"}
"""The file of each kind of schema."""
_MAKERS = {"definition": definition_schema, "configuration": configuration_schema}


def schema_text(kind: str, names: Vocabulary) -> str:
    """One schema as a file has it; equal names give equal bytes."""
    return json.dumps(_MAKERS[kind](names), indent=2, ensure_ascii=False) + "\n"


def schema_texts(configuration: Configuration, plugins: Plugins) -> dict[str, str]:
    """The schemas of a project by the name of their file."""
    names = Vocabulary.of(configuration, plugins)
    return {file: schema_text(kind, names) for kind, file in FILES.items()}
