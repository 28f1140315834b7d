"""Comparing plain values, and one mapping on top of another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.preview.data.comparing import differences, same

KEYS = st.sampled_from("abc")
VALUES = st.dictionaries(
    KEYS,
    st.recursive(
        st.sampled_from([0, 1, 1.0, True, False, None, "", "1"]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)


def merged(base: Any, over: Any) -> Any:
    """What `extends` makes of both."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (1, True), (0, False), (1, "1"), (None, ""), ([], {}), (0.0, -0.0)]
)
def test_kinds_differ(one: Any, other: Any) -> None:
    """Values of different kinds are never the same, at any depth."""
    assert not same(one, other)
    assert not same({"a": [one]}, {"a": [other]})
    assert same({"a": [one], "b": 1}, {"b": 1, "a": [one]})


@pytest.mark.parametrize(
    ("base", "values", "expected"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"a": 1, "b": {"c": 1, "d": 3}}, {"b": {"d": 3}}),
        ({"a": [1, 2]}, {"a": [1]}, {"a": [1]}),
        ({"a": {"b": 1}}, {"a": 5}, {"a": 5}),
        ({"a": 5}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, {}),
        ({"a": 1}, {}, None),
        ({"a": {"b": 1}}, {"a": {}}, None),
        ({"a": None}, {"a": None, "b": None}, {"b": None}),
    ],
)
def test_what_differs(base: dict[str, Any], values: dict[str, Any], expected: dict[str, Any] | None) -> None:
    """Mappings are compared deeply, all else as a whole; what would have to go cannot be said."""
    assert expected == differences(base, values)


@given(base=VALUES, values=VALUES)
def test_merging_gives_the_values(base: dict[str, Any], values: dict[str, Any]) -> None:
    """What differs, merged into the base, is what was wanted."""
    less = differences(base, values)

    assert less is None or same(values, merged(base, less))
