"""What the long form can ask of a value beside its type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notify.yamlnodes import MappingNode, Reader

_TEXTS = frozenset({"str", "Text", "Html", "Markdown", "Email", "Url", "Path"})
_NUMBERS = frozenset({"int", "float", "Decimal"})
APPLIES_TO = {
    "max_length": _TEXTS | {"bytes", "list", "dict"},
    "min_length": _TEXTS | {"bytes", "list", "dict"},
    "pattern": frozenset({"str", "Text"}),
    "ge": _NUMBERS,
    "gt": _NUMBERS,
    "le": _NUMBERS,
    "lt": _NUMBERS,
    "schemes": frozenset({"Url"}),
}
"""The types that each constraint has a meaning for."""
LONG_FORM = frozenset({"type", "default", "description", "sensitive", "min", "max", *APPLIES_TO})
_ALSO = {"min": "ge", "max": "le"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*")
_NO_SCHEME = frozenset({"javascript", "data", "vbscript", "file"})


def read_constraints(reader: Reader, name: str, node: MappingNode) -> dict[str, Any]:
    """The constraints of a long form; `min` and `max` are `ge` and `le`."""
    found: dict[str, Any] = {}
    for key, value in node.entries.items():
        what = f"{key} of {name!r}"
        rule = _ALSO.get(key, key)
        if rule in {"max_length", "min_length"}:
            found[rule] = reader.integer(value, what, at_least=0)
        elif rule in {"ge", "gt", "le", "lt"}:
            found[rule] = reader.number(value, what)
        elif rule == "pattern":
            found[rule] = _pattern(reader, what, node)
        elif rule == "schemes":
            found[rule] = _schemes(reader, what, node)
    return {rule: value for rule, value in found.items() if value is not None and value != ()}


def _pattern(reader: Reader, what: str, node: MappingNode) -> str | None:
    text = reader.text_node(node.get("pattern"), what)
    if text is None:
        return None
    try:
        re.compile(text.source)
    except re.error as error:
        reader.fault(text.at(error.pos or 0), f"{what}: not a regular expression: {error.msg}")
        return None
    if problem := _unsupported(text.source):
        reader.fault(text.content, f"{what}: {problem}", "patterns are matched in time that grows with the text alone")
        return None
    return text.source


def _unsupported(pattern: str) -> str:
    """What pydantic-core's engine lacks, if the pattern uses it: look-around, references back."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError as error:
        words = [line.strip().removeprefix("error: ") for line in str(error).splitlines() if "error: " in line]
        return words[-1] if words else "this kind of regular expression is not supported"
    return ""


def _schemes(reader: Reader, what: str, node: MappingNode) -> tuple[str, ...]:
    schemes = reader.texts(value := node.get("schemes"), what)
    for scheme in schemes:
        if value and (not _SCHEME.fullmatch(scheme) or scheme in _NO_SCHEME):
            reader.fault(value, f"{what}: {scheme!r} is not the scheme of a link", "such as mailto, tel or myapp")
    return schemes
