"""By what a run is known again: the rows, and everything that is the same for all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_DIGITS = 16


def key_of(*facts: Any) -> str:
    """A short hash of values that JSON can hold, or whose text says what they are."""
    text = json.dumps(facts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else repr(value)
