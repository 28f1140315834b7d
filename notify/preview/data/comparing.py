"""Whether plain values are the same, and how one mapping is said on top of another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are equal in kind too (1 is neither 1.0 nor true); the order of keys means nothing."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def differences(base: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What must be merged into `base` to get `values`: mappings merge deeply, all else is replaced.

    None where that cannot be said: nothing in `base` can be taken away.
    """
    if not base.keys() <= values.keys():
        return None
    found: dict[str, Any] = {}
    for key, value in values.items():
        below = base.get(key)
        if key in base and isinstance(below, dict) and isinstance(value, dict):
            if (inner := differences(below, value)) is None:
                return None
            if inner:
                found[key] = inner
        elif key not in base or not same(below, value):
            found[key] = value
    return found
