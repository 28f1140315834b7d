"""Params without what must not be seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from notify.outbox.tags import PAIRS, is_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HIDDEN = "***"


def hide(params_json: str, sensitive: Iterable[str]) -> str:
    """The JSON of params with `***` for each sensitive value; where it is not clear which one that is, for more.

    Args:
        params_json: as `Packed.params` has them.
        sensitive: dotted names, `[]` for each item, as `Contract.sensitive` has them.
    """
    paths = [path.replace("[]", ".[]").split(".") for path in sensitive]
    if not paths:
        return params_json
    params = json.loads(params_json)
    for path in paths:
        params = _hidden(params, path)
    return json.dumps(params, ensure_ascii=False, separators=(",", ":"))


def shown(steps: Sequence[str | int], sensitive: Iterable[str]) -> Sequence[str | int]:
    """The way to a value, as far as it is not in a sensitive one, whose keys are as secret as its values."""
    for path in (path.replace("[]", ".[]").split(".") for path in sensitive):
        start = steps[: len(path)]
        if len(start) == len(path) and all(part in {"[]", str(step)} for part, step in zip(path, start, strict=True)):
            return start
    return steps


def _hidden(value: Any, path: Sequence[str]) -> Any:
    """The value without what the path leads to; collections are changed in place."""
    if not path:
        return _HIDDEN
    if value is None:
        return None
    if isinstance(value, list):
        below = path[1:] if path[0] == "[]" else path
        value[:] = [_hidden(item, below) for item in value]
        return value
    if not isinstance(value, dict):
        return _HIDDEN  # not what it should be, so that it may hold the secret in its own way
    if is_tag(value):
        return _hidden_in_tag(value, path)
    for key in value if path[0] == "[]" else value.keys() & {path[0]}:
        value[key] = _hidden(value[key], path[1:])
    return value


def _hidden_in_tag(value: dict[str, Any], path: Sequence[str]) -> Any:
    [(tag, inner)] = value.items()
    if not isinstance(inner, list):
        return _HIDDEN
    if tag != PAIRS:
        return {tag: _hidden(inner, path)}
    pairs = [[key, _hidden(item, path[1:]) if path[0] in {"[]", key} else item] for key, item in inner]
    return {tag: pairs}
