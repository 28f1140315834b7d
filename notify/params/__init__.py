"""Params: what a notification takes, declared in Python's annotation syntax and checked once per send."""

from __future__ import annotations

from notify.params.annotation import parse_annotation
from notify.params.contract import Contract
from notify.params.declaring import RESERVED_NAMES, SAMPLE_NAMES, read_contract, read_types
from notify.params.markup import Html, Markdown
from notify.params.soundness import bases
from notify.params.types import (
    AliasType,
    DictOf,
    ListOf,
    Literal,
    Name,
    ObjectType,
    OneOf,
    Param,
    PythonType,
    Type,
    TypeDefinition,
    Types,
)

__all__ = [
    "RESERVED_NAMES",
    "SAMPLE_NAMES",
    "AliasType",
    "Contract",
    "DictOf",
    "Html",
    "ListOf",
    "Literal",
    "Markdown",
    "Name",
    "ObjectType",
    "OneOf",
    "Param",
    "PythonType",
    "Type",
    "TypeDefinition",
    "Types",
    "bases",
    "parse_annotation",
    "read_contract",
    "read_types",
]
