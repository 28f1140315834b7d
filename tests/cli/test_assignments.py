"""`notify.cli.assignments`: single params of the command line."""

from __future__ import annotations

from typing import Any

import pytest

from notify.cli.assignments import assign
from notify.cli.failure import Wrong
from notify.params import read_contract, read_types
from notify.yamlnodes import Reader


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ada", "Ada"),
        ("42", 42),
        ("4.5", 4.5),
        ("true", True),
        ("no", "no"),
        ("null", None),
        ("", ""),
        (" ", " "),
        ('"42"', "42"),
        ("'true'", "true"),
        ("[a, 2]", ["a", 2]),
        ("{a: 1}", {"a": 1}),
        ("a: b", "a: b"),
        ("2026-11-23", "2026-11-23"),
        ("a=b", "a=b"),
        ("- x", "- x"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_values_are_read_as_yaml(text: str, value: object) -> None:
    """A value is what it would be in a definition's sample; text needs no quotes."""
    assert {"a": value} == assign({}, f"a={text}")


@pytest.mark.parametrize(
    ("assignment", "result"),
    [
        ("b=2", {"a": {"x": 1}, "list": [{"n": 1}, 2], "b": 2}),
        ("a.x=2", {"a": {"x": 2}, "list": [{"n": 1}, 2]}),
        ("a.y.z=2", {"a": {"x": 1, "y": {"z": 2}}, "list": [{"n": 1}, 2]}),
        ("list.0.n=5", {"a": {"x": 1}, "list": [{"n": 5}, 2]}),
        ("list.2=3", {"a": {"x": 1}, "list": [{"n": 1}, 2, 3]}),
        ("list.2.n=3", {"a": {"x": 1}, "list": [{"n": 1}, 2, {"n": 3}]}),
        ("a.x.y=1", {"a": {"x": {"y": 1}}, "list": [{"n": 1}, 2]}),
    ],
)
def test_dots_go_deeper(assignment: str, result: dict[str, Any]) -> None:
    """A dotted name reaches into mappings and lists; what was there before is left unchanged."""
    params = {"a": {"x": 1}, "list": [{"n": 1}, 2]}

    assert result == assign(params, assignment)
    assert {"a": {"x": 1}, "list": [{"n": 1}, 2]} == params


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("a", "NAME=VALUE"),
        ("=1", "NAME=VALUE"),
        ("a..b=1", "NAME=VALUE"),
        ("list.5=1", "no place in a list of 1"),
        ("list.x=1", "no place in a list of 1"),
        ("a=[1", "read as YAML"),
        ("a={{ x }}", "read as YAML"),
        ("a=.nan", "finite"),
    ],
)
def test_what_cannot_be_assigned(assignment: str, words: str) -> None:
    """A wrong form, a wrong place and wrong YAML are told."""
    with pytest.raises(Wrong, match=words) as caught:
        assign({"list": [0]}, assignment)

    assert 2 == caught.value.exit_code


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        ("str", "0123", "0123"),
        ("str | None", "null", None),
        ("Code", "0123", "0123"),
        ("Code | None", "true", "true"),
        ("str | int", "12", 12),
        ("list[str]", "12", 12),
        ("'1' | '2'", "1", 1),
        ("str", '"0123"', "0123"),
    ],
)
def test_text_stays_text(annotation: str, text: str, value: object) -> None:
    """A param that takes text only gets it as it is, by whatever name its type goes."""
    reader = Reader()
    root = reader.parse(f'types: {{Code: {{type: str, max_length: 9}}}}\nparams: {{a: "{annotation}"}}', "case.yaml")
    assert root is not None
    types = read_types(reader, root.get("types"))
    contract = read_contract(reader, root.get("params"), types)

    assert {"a": value} == assign({}, f"a={text}", contract)
    assert not reader.faults
