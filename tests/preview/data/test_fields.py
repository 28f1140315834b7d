"""What a field tells the template."""

from __future__ import annotations

from typing import Any

import pytest

from notify.preview.data.fields import Field


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("date", "", "date"), ("date", "2026-03-02", "date"), ("date", "2026-02-30", "text"),
        ("date", "20260302", "text"), ("time", "", "time"),
        ("time", "18:00", "time"), ("time", "18:00:59", "time"), ("time", "18:00Z", "text"),
        ("time", "24:00", "text"), ("datetime", "2026-03-02T18:00", "datetime-local"),
        ("datetime", "", "datetime-local"), ("datetime", "2026-03-02T18:00:00", "text"),
        ("datetime", "2026-03-02T18:20:00+01:00", "text"), ("datetime", "2026-03-02T18:00:07", "datetime-local"),
        ("email", "a@é.example", "text"),
        ("integer", "x", "text"),
    ],
)  # fmt: skip
def test_inputs(kind: str, text: str, expected: str) -> None:
    """A browser's own input is taken only where it can show the text as it is."""
    assert expected == Field("a", ("a",), kind, text=text).input


@pytest.mark.parametrize(
    ("constraints", "kind", "expected"),
    [
        ({"max_length": 5, "min_length": 1}, "text", ("at most 5 characters", "at least 1 characters")),
        ({"max_length": 5}, "list", ("at most 5 items",)),
        ({"ge": 0, "lt": 1.5}, "number", ("at least 0", "less than 1.5")),
        ({"gt": 0, "le": 2}, "number", ("more than 0", "at most 2")),
        ({"pattern": "^{a}$"}, "text", ("matching ^{a}$",)),
        ({"schemes": ("tel", "mailto")}, "url", ("http, https, tel, mailto",)),
        ({}, "text", ()),
    ],
)
def test_limits(constraints: dict[str, Any], kind: str, expected: tuple[str, ...]) -> None:
    """The constraints are told in words."""
    assert expected == Field("a", ("a",), kind, constraints=constraints).limits


@pytest.mark.parametrize(
    ("default", "expected"),
    [(None, ""), ("x y", "x y"), (5, "5"), (True, "true"), ({"a": [1]}, "{a: [1]}"), (b"x", "")],
)
def test_placeholders(default: Any, expected: str) -> None:
    """The default is shown in one line."""
    assert expected == Field("a", ("a",), "text", default=default).placeholder


def test_ids() -> None:
    """Names that differ have ids that differ, without blanks."""
    paths: list[tuple[str | int, ...]] = [("a", "b"), ("a/b",), ("a", 0), ("a b",), ("a%2Fb",), ("é",), ("\ud800",)]
    ids = [Field("x", path, "text").id for path in paths]

    assert len(set(ids)) == len(ids)
    assert not any(" " in each for each in ids)
    assert "param/a/0" == ids[2]
