"""A definition: one YAML file that says what a notification is."""

from __future__ import annotations

from notify.definition.model import (
    AttachmentTemplate,
    Body,
    Definition,
    InPlace,
    Localized,
    Named,
    Sample,
)
from notify.definition.reading import CATEGORIES, Rules, read_definition
from notify.definition.samples import RECIPIENT, check_samples

__all__ = [
    "CATEGORIES",
    "RECIPIENT",
    "AttachmentTemplate",
    "Body",
    "Definition",
    "InPlace",
    "Localized",
    "Named",
    "Rules",
    "Sample",
    "check_samples",
    "read_definition",
]
