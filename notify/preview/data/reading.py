"""The raw editor's text: params as YAML or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, Fault, Location
from notify.yamlnodes import Reader, plain
from notify.yamlnodes.composing import compose
from notify.yamlnodes.reader import MAX_BYTES
from notify.yamlnodes.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = "params"
"""How places in the text are called."""


def read_yaml(text: str) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    """The params that a text describes, or None and what is wrong with it; no text at all is no params."""
    if not text.strip():
        return {}, ()
    reader = Reader()
    if len(text) > MAX_BYTES:
        reader.fault(Location(SHOWN, 1), f"the text is longer than {MAX_BYTES:,} characters")
    else:
        root = reader.parse(_without_surrogates(text), SHOWN)
        if root is not None and not reader.faults:
            return plain(root), ()
    return None, reader.faults


def read_value(text: str) -> tuple[Any, tuple[Fault, ...]]:
    """A single value of any kind, or None and what is wrong with its text."""
    node, faults = compose(_without_surrogates(text), SHOWN)
    return (None if node is None or faults else plain(node)), tuple(faults)


def write_yaml(values: Mapping[str, Any]) -> str:
    """The params as YAML that a person might have written; `read_yaml` reads the same.

    Raises:
        ConfigError: a value has no form in YAML.
    """
    try:
        return write(dict(values))
    except ValueError as error:
        raise ConfigError(f"the params cannot be written as YAML: {error}") from None


def _without_surrogates(text: str) -> str:
    r"""JSON that writes an emoji as a pair of escapes (`\ud83d\ude00`), which YAML does not know, without them."""
    if "\\ud" not in text.lower() or not text.lstrip().startswith(("{", "[", '"')):
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
