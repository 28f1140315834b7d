"""By what a run is known again: the rows, and everything that is the same for all of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_DIGITS = 16


def key_of(*facts: Any) -> str:
    """A short hash of values that JSON can hold."""
    text = json.dumps(facts, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
