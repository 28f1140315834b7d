"""What a browser posts, as params."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from preview.data.shop_contracts import contract_of

from notify.errors import ConfigError
from notify.preview.data.posting import YAML, read_form

if TYPE_CHECKING:
    from notify.params.problems import Problem


def read(params: str, posted: dict[str, Any]) -> dict[str, Any]:
    """The values of a form without problems."""
    values, problems = read_form(contract_of(params), posted)
    assert () == problems
    return values


NUMBERS = [
    ("5", 5), (" 5 ", 5), ("-7", -7), ("1.5", 1.5), ("1e3", 1000.0), ("", None), ("abc", "abc"), ("5,5", "5,5"),
    ("true", "true"), ("null", "null"), (".inf", ".inf"), ("9" * 5000, "9" * 5000), (str(10**30), 10**30),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_numbers(text: str, value: Any) -> None:
    """What looks like a number is one; the rest stays, for the check to name; nothing is nothing."""
    expected = {} if value is None else {"a": value, "b": value}

    assert expected == read("params: {a: int, b: float}", {"a": text, "b": text})


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        ("str", "", {"a": ""}),
        ("Text", "a\r\nb", {"a": "a\nb"}),
        ("str", "\ud83d\ude00 \ud800", {"a": "😀 �"}),
        ("str | None", "", {}),
        ("{type: str, default: x}", "", {}),
        ("Maybe", "", {"a": None}),
        ("Maybe", "x", {"a": "x"}),
        ("Decimal", "1.50", {"a": "1.50"}),
        ("Decimal", "", {}),
        ("date", "", {}),
        ("date", "2026-03-02", {"a": "2026-03-02"}),
        ("bool", False, {"a": False}),
        ("bool", True, {"a": True}),
        ("bool", "true", {"a": True}),
        ("bool | None", "", {}),
        ("bool | None", "false", {"a": False}),
        ("bool", "yes", {"a": "yes"}),
        ("\"'x' | 5\"", "5", {"a": 5}),
        ("\"'x' | 5\"", "x", {"a": "x"}),
        ("\"'x' | 5\"", "y", {"a": "y"}),
        ("\"'x' | 5\"", "", {}),
        ("\"'5' | 5\"", "'5'", {"a": "5"}),
        ("\"'' | 'a'\"", '""', {"a": ""}),
        ('"dict[str, int]"', "x: 1\ny: z", {"a": {"x": 1, "y": "z"}}),
        ('"dict[str, int]"', {"x": 1}, {"a": {"x": 1}}),
        ('"dict[str, int]"', " ", {}),
        ("str | int", "5", {"a": 5}),
        ("None", "", {}),
        ('"list[int]"', [], {"a": []}),
        ('"list[int]"', ["1", "", "x", {YAML: ""}, {YAML: "[2]"}], {"a": [1, "", "x", None, [2]]}),
        ('"list[int | None]"', ["1", ""], {"a": [1, None]}),
        ('{type: "list[int]", default: [1]}', [], {}),
        ('"list[list[int]] | None"', [["1"], []], {"a": [[1], []]}),
        ("Point", {"x": "1", "y": ""}, {"a": {"x": 1}}),
        ("Point", {"x": "", "y": ""}, {"a": {}}),
        ("Point | None", {"x": "", "y": ""}, {}),
        ("Point | None", {"x": "", "y": {YAML: " "}, "l": []}, {"a": {"l": []}}),
        ("Point | None", {"x": 0}, {"a": {"x": 0}}),
        ("MaybePoint", {"x": "", "y": False}, {"a": None}),
        ('"list[Point]"', [{"x": "", "y": ""}, {"x": "1"}], {"a": [{}, {"x": 1}]}),
        ('"list[MaybePoint]"', [{"x": ""}], {"a": [None]}),
        ("str", {YAML: "5"}, {"a": 5}),
        ("str", {YAML: ""}, {}),
        ("str", {YAML: '""'}, {"a": ""}),
        ("str", 5, {"a": 5}),
        ("str", None, {"a": None}),
        ("int", {"b": [1.5, "x", {YAML: "[]"}, {YAML: ""}]}, {"a": {"b": [1.5, "x", [], None]}}),
        ("int", float("inf"), {"a": "inf"}),
        ("int", {YAML: 5}, {"a": {YAML: 5}}),
    ],
)  # fmt: skip
def test_values(declared: str, given: Any, expected: dict[str, Any]) -> None:
    """Each kind of input is read as a person would write its value in YAML."""
    types = "types: {Maybe: str | None, Point: {x: int, y: 'int | None'}, MaybePoint: 'Point | None'}"

    assert expected == read(f"{types}\nparams:\n  a: {declared}", {"a": given})


def test_what_is_not_declared_is_kept() -> None:
    """Unknown names stay, in their place, for the check to name them."""
    posted = {"b": {YAML: "[1]"}, "c": "5", "d": {YAML: ""}, "t": {"x": "1", "z": {YAML: "z: 1"}}, "\ud800": "x"}

    assert {"b": [1], "c": "5", "t": {"x": 1, "z": {"z": 1}}, "�": "x"} == read(
        "types: {T: {x: int}}\nparams: {t: T}", posted
    )


def test_yaml_that_is_none() -> None:
    """It is a problem at its place, and stays what it is; of a secret nothing is repeated."""
    contract = contract_of(
        "params: {a: 'dict[str, int]', b: {type: 'dict[str, int]', sensitive: true}, c: 'list[int]'}"
    )
    values, problems = read_form(contract, {"a": "x: 1\nx: 2", "b": "s3cret: 1\ns3cret: 2", "c": ["1", {YAML: "["}]})

    assert {"a": "x: 1\nx: 2", "b": "s3cret: 1\ns3cret: 2", "c": [1, "["]} == values
    assert [("a",), ("b",), ("c", 1)] == [each.steps for each in problems]
    assert "a: expected YAML, got text that is none (line 2, column 1: 'x' is given twice; first in line 1)" == str(
        problems[0].shown
    )
    assert "b: expected YAML, got text that is none (line 2, column 1)" == str(problems[1].shown)
    assert "c[1]" == problems[2].shown.name


def nested(levels: int) -> Any:
    """Lists in lists."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


BOMB = "[&a [x,x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], *c, *c, *c]"
UNREADABLE: dict[str, tuple[Any, str]] = {
    "nothing": (None, "a mapping is expected"),
    "a list": ([], "a mapping is expected"),
    "many": ({"a": [1] * 20_001}, "more than 20,000 values"),
    "deep": ({"a": nested(50)}, "50 levels"),
    "deep YAML": ({"a": {YAML: "[" * 60 + "]" * 60}}, "50 levels"),
    "references": ({"a": {str(number): {YAML: BOMB} for number in range(10)}}, "more than 20,000 values"),
    "a long number": ({"a": 10**4200}, "too long"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_no_form_posts(case: str) -> None:
    """Something else, or too much of it, is an error."""
    posted, words = UNREADABLE[case]

    with pytest.raises(ConfigError, match=words):
        read_form(contract_of("params: {a: int}"), posted)


def test_the_check_names_what_is_missing() -> None:
    """An empty number is a missing one, what is no number is named."""
    contract = contract_of("params: {a: int, b: int, c: str}")
    values, _ = read_form(contract, {"a": "", "b": "x", "c": ""})
    problems: list[Problem] = []
    contract.attempt(values, problems)

    assert ["a: expected a whole number, got nothing", "b: expected a whole number, got 'x'"] == [
        str(each.shown) for each in problems
    ]
