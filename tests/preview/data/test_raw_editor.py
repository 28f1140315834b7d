"""The raw editor: text to params and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.errors import ConfigError
from notify.preview.data.reading import read_value, read_yaml, write_yaml

PLAIN = st.recursive(
    st.text() | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(values=st.dictionaries(st.text(), PLAIN, max_size=4))
def test_what_is_written_is_read(values: dict[str, Any]) -> None:
    """Params become text and come back as exactly the same."""
    back, faults = read_yaml(write_yaml(values))

    assert () == faults
    assert repr(values) == repr(back)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        (" \n\n", {}),
        ("{}", {}),
        ("a: 1\nb: [x, 'y']\n", {"a": 1, "b": ["x", "y"]}),
        ('{\n\t"a": null,\n\t"b": "\\/\\u00e9"\n}', {"a": None, "b": "/é"}),
        (json.dumps({"a": "👩‍👧 \\ud83d", "b": 1.5}), {"a": "👩‍👧 \\ud83d", "b": 1.5}),
        ("a: '\\ud83d\\ude00'", {"a": "\\ud83d\\ude00"}),
        ("{a: '\\ud83d\\ude00'}", {"a": "\\ud83d\\ude00"}),
        ("day: 2026-03-02\nyes: no\n", {"day": "2026-03-02", "yes": "no"}),
    ],
)
def test_yaml_and_json(text: str, values: dict[str, Any]) -> None:
    """Both are read, also JSON that escapes an emoji as two surrogates."""
    assert (values, ()) == read_yaml(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "params:2:1: this is not YAML"),
        ("a: 1\na: 2", "params:2:1: 'a' is given twice; first in line 1"),
        ("- a", "params:1:1: the file: expected a mapping, got a list"),
        ("# nothing", "params:1:1: the file is empty"),
        ('{"a": "\\ud800"}', "params:1:8: the character \\ud800 cannot stand in a YAML file"),
        ("a: !!python/object x", "params:1:4: the tag"),
        ("a: x\x00", "params:1:5: the character"),
        ("a: " + "x" * 1_000_000, "params:1:1: the text is longer than 1,000,000 characters"),
    ],
)
def test_faults(text: str, words: str) -> None:
    """Each says the line and the column."""
    values, faults = read_yaml(text)

    assert values is None
    assert words in "\n".join(map(str, faults))


def test_single_values() -> None:
    """A value of any kind, or what is wrong with it."""
    assert ([1, "a"], ()) == read_value("- 1\n- a")
    assert ("no", ()) == read_value("no")
    assert ("👧", ()) == read_value('"\\ud83d\\udc67"')
    assert (None, ()) == read_value("# nothing")
    value, faults = read_value("[1")
    assert value is None
    assert 1 == len(faults)


def test_params_without_a_form() -> None:
    """What YAML cannot hold is an error."""
    with pytest.raises(ConfigError, match="the params cannot be written as YAML: a number is not finite"):
        write_yaml({"a": float("inf")})
