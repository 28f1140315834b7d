"""Params in listings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from notify.outbox.hiding import hide, shown

HIDDEN = "***"


@pytest.mark.parametrize(
    ("values", "path", "seen"),
    [
        ({"a": 1, "b": [1]}, "b", {"a": 1, "b": HIDDEN}),
        ({"a": None}, "a", {"a": HIDDEN}),
        ({"a": 1}, "b", {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, "a.b", {"a": {"b": HIDDEN, "c": 2}}),
        ({"a": None}, "a.b", {"a": None}),
        ({"a": [{"b": 1}, {"c": 2}]}, "a[].b", {"a": [{"b": HIDDEN}, {"c": 2}]}),
        ({"a": {"x": {"b": 1}, "y": {"c": 3}}}, "a[].b", {"a": {"x": {"b": HIDDEN}, "y": {"c": 3}}}),
        ({"a": [[1], [2]]}, "a[][]", {"a": [[HIDDEN], [HIDDEN]]}),
        ({"a": [1, 2]}, "a[]", {"a": [HIDDEN, HIDDEN]}),
        ({"a": {"$tuple": [{"b": 1}]}}, "a[].b", {"a": {"$tuple": [{"b": HIDDEN}]}}),
        ({"a": {"$set": [1]}}, "a[]", {"a": {"$set": [HIDDEN]}}),
        ({"a": {"$dict": [["$b", 1]]}}, "a.$b", {"a": {"$dict": [["$b", HIDDEN]]}}),
        ({"a": {"$dict": [[1, 2], [3, 4]]}}, "a[]", {"a": {"$dict": [[1, HIDDEN], [3, HIDDEN]]}}),
        ({"a": {"$dict": [["b", 1], [2, 3]]}}, "a.b", {"a": {"$dict": [["b", HIDDEN], [2, 3]]}}),
        ({"$dict": [["$a", 1]]}, "$a", {"$dict": [["$a", HIDDEN]]}),
        ({"a": "ada:hunter2"}, "a.password", {"a": HIDDEN}),
        ({"a": {"$html": "ada:hunter2"}}, "a.password", {"a": HIDDEN}),
        ({"a": [{"b": 1}]}, "a.b", {"a": [{"b": HIDDEN}]}),
    ],
    ids=str,
)  # fmt: skip
def test_sensitive_values(values: Any, path: str, seen: Any) -> None:
    """What a path leads to is hidden, through lists, mappings and tags; what stands where it should lead on, too."""
    assert seen == json.loads(hide(json.dumps(values), [path]))


def test_nothing_sensitive() -> None:
    """The text is the same where nothing is sensitive."""
    assert '{"a" : 1}' == hide('{"a" : 1}', [])


def test_several_paths() -> None:
    """All paths are followed, also one inside of another's value."""
    assert '{"ü":"***","b":{"c":"***"}}' == hide('{"ü":{"x":1},"b":{"c":2}}', ["ü", "ü.x", "b.c"])


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["keys", "hunter2", 0], ["keys"]),
        (["items", 3, "code", "x"], ["items", 3, "code"]),
        (["items", 3, "title"], ["items", 3, "title"]),
        (["key"], ["key"]),
        ([], []),
    ],
)
def test_ways_to_values(steps: list[str | int], expected: list[str | int]) -> None:
    """A way ends where a sensitive value begins."""
    assert expected == list(shown(steps, ["keys", "items[].code"]))
