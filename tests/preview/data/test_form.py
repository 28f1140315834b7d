"""The form of a notification's params: its fields, and the values and problems that they hold."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from preview.data.shop_contracts import SHOP, Browser, contract_of, html_of

from notify.preview.data.comparing import same
from notify.preview.data.form import form, read_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from notify.params import Contract
    from notify.params.problems import Problem
    from notify.preview.data.fields import Field, Form

VALUES: dict[str, Any] = {
    "customer": {"name": "Ada", "email": "ada@example.com", "vip": True},
    "items": [{"name": "Tea", "price": "1.50", "sizes": [1, 2]}, {"name": "Cup", "price": "2"}],
    "plan": "pro", "meta": {"a": 1}, "token": "s3cret", "note": "one\ntwo\n", "maybe": None, "several": ["x"],
    "number": 1.5, "day": "2026-03-02", "at": "18:00", "link": "https://example.com", "file": "YWJj", "nothing": None,
    "tree": {"value": 1, "children": [{"value": 2, "children": []}], "next": {"value": 3, "children": []}},
}  # fmt: skip
TEXT = st.text(max_size=8) | st.sampled_from(
    ["", "5", "1.5", "true", "a\nb", "\na\n", "a\rb", "\x00", "\u2028", "2026-01-02", "18:00", "free", " 5 "]
)
SCALARS = TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(TEXT | st.sampled_from(["name", "price", "value", "children", "next", "vip"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def filled(values: Mapping[str, Any], contract: Contract | None = None) -> Form:
    """The form with the problems of its values."""
    contract = contract or contract_of()
    problems: list[Problem] = []
    contract.attempt(values, problems)
    return form(contract, values, problems)


def field_of(found: Form, *path: str | int) -> Field:
    """A field by the way to it."""
    fields: tuple[Field, ...] = found.fields
    for step in path[:-1]:
        (inner,) = (each for each in fields if each.path[-1] == step)
        fields = (*inner.fields, *inner.items)
    (last,) = (each for each in fields if each.path == path)
    return last


def everything(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields and what is in them."""
    for each in fields:
        yield each
        yield from everything((*each.fields, *each.items, *((each.blank,) if each.blank else ())))


def test_kinds() -> None:
    """Each type has its input, through aliases and `| None`; what has none is YAML."""
    found = filled(VALUES)

    assert {
        "customer": "object", "other": "object", "items": "list", "plan": "choice", "when": "datetime",
        "tree": "object", "meta": "yaml", "flag": "boolean", "token": "text", "note": "longtext", "maybe": "text",
        "several": "yaml", "number": "number", "day": "date", "at": "time", "link": "url", "file": "bytes",
        "words": "list", "nothing": "yaml",
    } == {each.name: each.kind for each in found.fields}  # fmt: skip
    assert ["text", "email", "boolean"] == [each.kind for each in field_of(found, "customer").fields]
    assert ["text", "decimal", "list"] == [each.kind for each in field_of(found, "items", 0).fields]
    assert "integer" == field_of(found, "items", 0, "sizes", 1).kind
    assert () == found.problems
    assert not [each for each in everything(found.fields) if each.problems]


def test_what_a_field_says() -> None:
    """Its type as written, whether it must be given, its default, description and limits, also those of its alias."""
    found = filled(VALUES)
    note, when, plan, number = (field_of(found, name) for name in ("note", "when", "plan", "number"))
    item = field_of(found, "items", 0)
    name = field_of(found, "items", 0, "name")

    assert ("Short", True, False, None) == (note.annotation, note.required, note.optional, note.default)
    assert ("Not long.", ("at most 40 characters",)) == (note.description, note.limits)
    assert ("datetime | None", False, True) == (when.annotation, when.required, when.optional)
    assert ("2026-01-01T10:00:00", None, False) == (when.default, when.value, when.present)
    assert (("free", "free"), ("pro", "pro"), ("5", "5")) == plan.choices
    assert ("pro", True) == (plan.value, plan.present)
    assert ("at least 1", "less than 10") == number.limits
    assert ("A <b>name</b>.", ("at most 5 characters",)) == (name.description, name.limits)
    assert ("items 1", "Item", ("items", 0)) == (item.name, item.annotation, item.path)
    assert "list[Item]" == field_of(found, "items").annotation
    assert ("at most 3 bytes",) == field_of(found, "file").limits
    assert "[a]" == field_of(found, "words").placeholder


def test_secrets() -> None:
    """What is sensitive says so, and shows no default; what is in it is sensitive too."""
    found = filled(
        {},
        contract_of(
            "types: {T: {a: str, b: 'list[str]'}}\nparams: {t: {type: T, sensitive: true}, "
            "u: {type: str, default: hush, sensitive: true}}"
        ),
    )

    assert all(each.sensitive for each in everything(found.fields))
    assert None is field_of(found, "u").default
    assert "hush" not in html_of(found)
    assert field_of(filled(VALUES), "token").sensitive


def test_blanks() -> None:
    """A list has a form of a new item, with a placeholder where the number will be."""
    blank = field_of(filled(VALUES), "items").blank

    assert blank is not None
    assert ("items", "__1__") == blank.path
    assert [("items", "__1__", "name"), ("items", "__1__", "price"), ("items", "__1__", "sizes")] == [
        each.path for each in blank.fields
    ]
    assert blank.fields[2].blank is not None
    assert ("items", "__1__", "sizes", "__3__") == blank.fields[2].blank.path
    assert not any(each.present for each in everything((blank,)))


def test_types_that_contain_themselves() -> None:
    """Values are shown as deep as they go; what is not there is shown once, and then as YAML."""
    found = filled(VALUES)
    empty = filled({})

    assert 2 == field_of(found, "tree", "children", 0, "value").value
    assert "object" == field_of(found, "tree", "next").kind
    blank = field_of(found, "tree", "children").blank
    assert blank is not None
    assert "object" == blank.kind
    assert "object" == field_of(empty, "tree").kind
    assert "yaml" == field_of(empty, "tree", "next").kind
    inner = field_of(empty, "tree", "children").blank
    assert inner is not None
    assert "yaml" == inner.kind


def test_problems_stand_at_their_fields() -> None:
    """Missing, wrong and unknown values say what is expected at the place itself, deeper ones with their name."""
    values = {
        **VALUES, "plan": "purple", "number": "abc", "meta": {"a": "x"}, "customer": {"name": 5, "vip": True, "age": 3},
        "items": [{"name": "too long", "price": "x"}, 5], "odd": [1], "day": None, "note": ["x"], "flag": "yes",
    }  # fmt: skip
    del values["link"]
    found = filled(values)
    said = {each.path: each for each in everything(found.fields) if each.problems}

    assert {
        ("plan",), ("number",), ("meta",), ("customer", "name"), ("customer", "age"), ("items", 0, "name"),
        ("items", 0, "price"), ("items", 1), ("odd",), ("day",), ("note",), ("flag",), ("link",),
    } == set(said)  # fmt: skip
    assert ("expected text, got 5 (quote it)",) == said["customer", "name"].problems
    assert ("meta.a: expected a whole number, got 'x'",) == said[("meta",)].problems
    assert ("expected an http or https URL, got nothing",) == said[("link",)].problems
    assert ("expected text of at most 5 characters, got 8 characters",) == said["items", 0, "name"].problems
    assert {"plan": "choice", "number": "number", "flag": "boolean"} == {
        name: field_of(found, name).kind for name in ("plan", "number", "flag")
    }
    assert {"customer", "items", "odd", "note", "day", "meta"} == {
        str(path[0]) for path, each in said.items() if each.kind == "yaml"
    }
    assert ("- x\n", "null\n", "5\n") == (said[("note",)].text, said[("day",)].text, said["customer", "name"].text)


def test_problems_of_no_field() -> None:
    """What belongs to nothing in the form is told on its own."""
    contract = contract_of("params: {a: int}")
    problems: list[Problem] = []
    contract.attempt({"a": 1, "b": 2}, problems)

    found = form(contract, {"a": 1}, problems)

    assert ("b: expected no param of that name, got one (there are: a)",) == found.problems


@pytest.mark.parametrize("wrong", ["text", 5, True, None, [], [1], {}, {"a": 1}, [[{"name": None}]]])
def test_values_of_the_wrong_kind(wrong: Any) -> None:
    """Whatever stands at a param, there is a form that holds it."""
    values = dict.fromkeys(VALUES, wrong)
    found = filled(values)

    assert len(VALUES) <= len(found.fields)
    assert_comes_back(values, found)


def assert_comes_back(values: Mapping[str, Any], found: Form) -> None:
    """What the form's HTML holds is what went in; a decimal may have become text, what is the default may be absent."""
    contract = contract_of()
    browser = Browser(html_of(found))
    back, problems = read_form(contract, browser.values)
    assert () == problems
    assert len(browser.ids) == len(set(browser.ids))
    for name, value in values.items():
        if name in contract.params and not contract.params[name].required and name not in back:
            assert same(value, contract.params[name].default)
        else:
            assert_same(value, back[name])


def assert_same(value: Any, back: Any) -> None:
    """Like `same`, but for decimals, and for fields of objects that were not there."""
    if isinstance(value, dict) and isinstance(back, dict):
        for key in value.keys() | back.keys():
            if key not in value:
                assert back[key] in ("", False, [])
            elif key not in back:
                assert value[key] is None or value[key] == []
            elif key == "price" and isinstance(value[key], (int, float)):
                assert str(back[key]) in {str(value[key]), repr(value[key])}
            else:
                assert_same(value[key], back[key])
    elif isinstance(value, list) and isinstance(back, list):
        assert len(value) == len(back)
        for one, other in zip(value, back, strict=True):
            assert_same(one, other)
    else:
        assert same(value, back)


def test_nothing_touched_nothing_changed() -> None:
    """Right values come back through HTML and a browser exactly as they were."""
    back, problems = read_form(contract_of(), Browser(html_of(filled(VALUES))).values)

    assert () == problems
    assert VALUES == {name: value for name, value in back.items() if name in VALUES} | {"nothing": None}
    assert back.keys() <= VALUES.keys()


@pytest.mark.parametrize("name", ["\r\n", "\r", "\n", "<\"'&>", ""])
def test_names_that_nobody_declared(name: str) -> None:
    """They are kept as they are, whatever is in them."""
    assert_comes_back({name: None}, filled({name: None}))


@given(values=st.dictionaries(st.sampled_from(sorted(contract_of().params)) | TEXT, ANYTHING, max_size=5))
def test_any_values(values: dict[str, Any]) -> None:
    """Whatever the values are, right or wrong, the form holds them, and they come back."""
    assert_comes_back(values, filled(values))


@given(values=st.fixed_dictionaries({}, optional={
    "customer": st.fixed_dictionaries({"name": TEXT, "vip": st.booleans()}, optional={"email": TEXT | st.none()}),
    "other": st.none() | st.fixed_dictionaries({"name": TEXT, "vip": st.booleans()}),
    "items": st.lists(
        st.fixed_dictionaries({"name": TEXT, "price": SCALARS}, optional={"sizes": st.lists(st.integers())}), max_size=3
    ),
    "plan": st.sampled_from(["free", "pro", 5, "5", True, "x"]), "flag": st.booleans() | st.none(),
    "words": st.lists(TEXT),
    "number": SCALARS, "day": TEXT, "at": TEXT, "token": TEXT | st.none(), "note": TEXT, "maybe": TEXT | st.none(),
}))  # fmt: skip
def test_nearly_right_values(values: dict[str, Any]) -> None:
    """The same where most values are of their kinds."""
    assert_comes_back(values, filled(values))


def test_large_values() -> None:
    """A long list, and what is too deep, is YAML as a whole, so that a form has an end."""
    contract = contract_of(
        "types: {T: {t: 'T | None', a: 'list[T]', b: int}}\nparams: {long: 'list[int]', many: 'list[list[int]]', t: T}"
    )
    tree: dict[str, Any] = {"b": 0, "a": []}
    for _ in range(40):
        tree = {"t": tree, "a": [], "b": 1}
    values = {"long": list(range(101)), "many": [list(range(90))] * 90, "t": tree}

    found = filled(values, contract)
    back, problems = read_form(contract, Browser(html_of(found)).values)

    assert "yaml" == field_of(found, "long").kind
    assert {"list", "yaml"} == {each.kind for each in field_of(found, "many").items}
    assert 3_000 > sum(1 for _ in everything(found.fields))
    assert () == problems
    assert (values["long"], values["many"]) == (back["long"], back["many"])


def test_many_types_that_contain_one_another() -> None:
    """Types that all refer to all others do not make a form without end."""
    names = [f"T{number}" for number in range(6)]
    fields = ", ".join(f'in_{name}: "list[{name}]"' for name in names)
    types = "".join(f"  {name}: {{{fields}}}\n" for name in names)

    found = filled({}, contract_of(f"types:\n{types}params: {{a: T0}}"))

    assert 3_000 > sum(1 for _ in everything(found.fields))


def test_what_cannot_be_written_is_shown() -> None:
    """A value without a form in YAML is shown, and is what it was but text."""
    found = form(contract_of("params: {a: str}"), {"a": "\ud800", "b": float("nan")})

    assert ('"\\ud800"', "NaN") == tuple(each.text for each in found.fields)


def test_yaml_that_is_none_stays() -> None:
    """What a person typed as YAML and is none is shown again as it was."""
    contract = contract_of("params: {a: 'dict[str, int]', b: str}")
    values, problems = read_form(contract, {"a": "{a: ", "b": ""})
    found = form(contract, values, problems)

    assert "{a: " == field_of(found, "a").text
    (words,) = field_of(found, "a").problems
    assert words.startswith("expected YAML, got text that is none (line 2, column 1: this is not YAML: ")
    assert ({"a": "{a: ", "b": ""}, problems) == read_form(contract, Browser(html_of(found)).values)


MODELS = """
from dataclasses import dataclass, field
from pydantic import BaseModel, Field

class Customer(BaseModel):
    name: str = Field(description="In full.")
    age: int = 5
    nick: str | None = None

@dataclass
class Line:
    sku: str
    tags: list[str] = field(default_factory=list)

class Order(BaseModel):
    customer: Customer
    number: int
    lines: list[Line] = []
"""


def test_models_of_the_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pydantic model or a dataclass is an object; types that notify does not know are YAML."""
    (tmp_path / "form_models.py").write_text(MODELS)
    monkeypatch.syspath_prepend(tmp_path)
    whole = contract_of("params: form_models:Order")
    inside = contract_of(
        "types: {Customer: 'form_models:Customer', Line: 'form_models:Line', sku: int}\n"
        "params: {c: Customer, lines: 'list[Line]'}"
    )
    order = {"customer": {"name": "Ada"}, "number": 1, "lines": [{"sku": "a"}]}
    parts = {"c": {"name": "Ada", "nick": "A"}, "lines": [{"sku": "a", "tags": ["x"]}, {"sku": 5}]}

    found = filled(order, whole)
    other = filled(parts, inside)

    assert ["yaml", "integer", "yaml"] == [each.kind for each in found.fields]
    assert order == read_form(whole, Browser(html_of(found)).values)[0]
    assert [("text", "In full."), ("integer", ""), ("text", "")] == [
        (each.kind, each.description) for each in field_of(other, "c").fields
    ]
    assert "5" == field_of(other, "c", "age").placeholder
    assert ["text", "list"] == [each.kind for each in field_of(other, "lines", 0).fields]
    assert "yaml" == field_of(other, "lines", 1, "sku").kind
    assert parts == read_form(inside, Browser(html_of(other)).values)[0]
    del sys.modules["form_models"]


def test_everything_is_escaped() -> None:
    """Nothing of a definition or a sample becomes markup."""
    evil = "</textarea><script>'\"&"
    contract = contract_of(SHOP.replace("A <b>name</b>.", "</p><script>"))
    html = html_of(
        form(contract, {"note": evil, evil: evil, "token": evil, "plan": evil, "meta": {evil: evil}, "items": [{}]})
    )

    assert "<script" not in html
    assert evil == Browser(html).values["note"]
    assert evil == Browser(html).values["plan"]


def test_labels_and_descriptions_are_linked() -> None:
    """Each input has a label and says where its description and its problem are; a wrong one is marked."""
    html = html_of(filled({"items": [{"name": "too long"}]}))

    assert '<label for="param/items/0/name">name</label> <code class="type">str</code>' in html
    assert (
        'aria-describedby="param/items/0/name-hint param/items/0/name-problem" aria-invalid="true" aria-required="true"'
        in html
    )
    assert (
        '<p class="problem" id="param/items/0/name-problem">expected text of at most 5 characters, got 8 characters</p>'
        in html
    )
    assert '<p class="problem" id="param/words-problem" hidden></p>' in html
    assert 'data-path=\'["items", 0, "name"]\'' in html
    assert '<template data-blank="__1__"><div class="item">' in html
    assert '<button type="button" data-remove aria-label="Remove items 1">Remove</button>' in html
    assert "style=" not in html
