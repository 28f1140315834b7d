"""`params:` and `types:` as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.errors import Location
from notify.params import AliasType, ListOf, Name, ObjectType, read_types
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from params.conftest import Declare

SHORT_AND_LONG = """
params:
  customer: Customer
  note: {type: "str | None", description: A line., max_length: 20, sensitive: true}
  count: {type: int, default: 3, min: 1, lt: 10}
  link: {type: Url, schemes: [mailto], default: null}
types:
  Customer: {name: str, tags: "list[Code]"}
  Code: {type: str, pattern: "^[A-Z]+$"}
  Event: {type: str, at: datetime}
  Codes: list[Code]
"""


def test_short_and_long_forms(declare: Declare) -> None:
    """Each param knows what the file says about it, and where."""
    contract, faults = declare(SHORT_AND_LONG)

    assert not faults
    assert contract is not None
    customer, note, count, link = contract.params.values()
    assert (customer.annotation, customer.type, customer.required) == ("Customer", Name("Customer"), True)
    assert customer.location == Location("f.yaml", 3, 13)
    assert (note.required, note.default, note.default_location) == (False, None, None)
    assert (note.description, note.sensitive, note.constraints) == ("A line.", True, {"max_length": 20})
    assert (count.required, count.default, count.constraints) == (False, 3, {"ge": 1, "lt": 10})
    assert count.default_location == Location("f.yaml", 5, 31)
    assert (link.constraints, link.required) == ({"schemes": ("mailto",)}, False)


def test_kinds_of_types(declare: Declare) -> None:
    """A mapping is an object type, unless it has `type` and only what the long form knows; text is an alias."""
    contract, faults = declare(SHORT_AND_LONG)

    assert not faults
    assert contract is not None
    customer, code, event, codes = contract.types.values()
    assert isinstance(customer, ObjectType)
    assert customer.fields["tags"].type == ListOf(Name("Code"))
    assert isinstance(code, AliasType)
    assert code.target.constraints == {"pattern": "^[A-Z]+$"}
    assert isinstance(event, ObjectType)
    assert set(event.fields) == {"type", "at"}
    assert isinstance(codes, AliasType)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("params: {a: strr}", "1:13: 'a': unknown type 'strr' (did you mean 'str'?)"),
        ("params: {a: 'list[strr]'}", "1:19: 'a': unknown type 'strr' (did you mean 'str'?)"),
        ("params: {a: {type: strr}}", "1:20: 'a': unknown type 'strr'"),
        ("params: {a: 5}", "1:13: the type of 'a': expected text, got the number 5"),
        ("params: {a: }", "1:13: the type of 'a': expected text, got nothing"),
        ("params: {a: [str]}", "1:13: the type of 'a': expected text, got a list (write \"list[str]\" in quotes)"),
        ("params: {a: {default: 1}}", "1:13: 'a': the long form {type: ..., default: ...} needs 'type'"),
        ("params: {a: {type: [x]}}", "1:20: the type of 'a': expected text, got a list"),
        ("params: {a: {type: str, max_lenght: 5}}", "1:25: unknown key of 'a' 'max_lenght' (did you mean "),
        ("params: {a: {type: str, max_length: -1}}", "1:37: max_length of 'a': expected a whole number of at least 0"),
        ("params: {a: {type: int, ge: '5'}}", "1:29: ge of 'a': expected a number, got '5'"),
        ("params: {a: {type: str, pattern: '(x'}}", "1:35: pattern of 'a': not a regular expression: missing )"),
        ("params: {a: {type: str, pattern: '(?!x)(a+)+$'}}", "1:35: pattern of 'a': look-around, including look-ahead"),
        ("params: {a: {type: str, pattern: '(a)\\1'}}", "1:35: pattern of 'a': backreferences are not supported"),
        ("params: {a: {type: str, pattern: 5}}", "1:34: pattern of 'a': expected text"),
        ("params: {a: {type: Url, schemes: [javascript]}}", "1:34: schemes of 'a': 'javascript' is not the scheme"),
        ("params: {a: {type: Url, schemes: 'a b'}}", "1:34: schemes of 'a': 'a b' is not the scheme"),
        ("params: {a: {type: str, sensitive: yes}}", "1:36: sensitive of 'a': expected true or false, got 'yes'"),
        ("params: {a: {type: str, description: [x]}}", "1:38: description of 'a': expected text"),
        ("params: {a: {type: int, max_length: 5}}", "1:20: 'a': max_length means nothing for int (it is for Email, "),
        ("params: {a: {type: \"'x' | 'y'\", pattern: x}}", "1:21: 'a': pattern means nothing for 'x' | 'y'"),
        ("params: {recipient: str}", "1:10: a param cannot be called 'recipient': templates have that name already"),
        ("params: {shop: str}", "1:10: a param cannot be called 'shop': templates have that name already"),
        ("params: {expect: str}", "1:10: a param cannot be called 'expect': in samples it says something else"),
        ("params: {loop: str}", "1:10: a param cannot be called 'loop': templates cannot use that name"),
        ("params: {first-name: str}", "1:10: a param cannot be called 'first-name': templates cannot use that name"),
        ("params: {_a: str}", "1:10: a param cannot be called '_a': templates cannot use that name"),
        ("params: [a]", "1:9: params: expected a mapping, got a list"),
        ("params: some words", "1:9: params: expected a mapping, got 'some words'"),
        ("types: [a]", "1:8: types: expected a mapping, got a list"),
        ("types: {str: int}", "1:9: 'str' is a type of notify's own (choose another name)"),
        ("types: {list: int}", "1:9: 'list' is a type of notify's own"),
        ("types: {a-b: int}", "1:9: a type cannot be called 'a-b'"),
        ("types: {A: {b-c: int}}", "1:13: A: a field cannot be called 'b-c'"),
        ("types: {A: {type: int, default: 1}}", "1:33: a default means nothing for the type 'A' (give it to "),
        ("types: {A: [b]}", "1:12: the type of 'A': expected text, got a list"),
        ("types: {A: {b: [c]}}", "1:16: the type of 'b': expected text, got a list"),
        ("types: {A: {type: str, b: [c]}}", "1:27: the type of 'b': expected text, got a list"),
        ("types: {A: {type: str, max_lenght: 5}}", "1:24: the type of 'max_lenght': expected text, got 5 (if "),
        ("types: {A: {type: B, max_length: 5}, B: {c: str}}", "1:19: 'A': max_length means nothing for B"),
    ],
)  # fmt: skip
def test_what_is_wrong(declare: Declare, text: str, fault: str) -> None:
    """One fault, at the word that is to blame."""
    _, faults = declare(text, reserved={"shop"})

    assert len(faults) == 1
    assert faults[0].startswith(f"f.yaml:{fault}")


@pytest.mark.parametrize(
    "types",
    ["{A: {a: A}}", "{A: {b: B}, B: {a: A}}", "{A: A}", "{A: B, B: A}", "{A: {b: B}, B: 'A | C', C: {a: A}}"],
)
def test_types_without_an_end(declare: Declare, types: str) -> None:
    """A type that must contain itself can have no value."""
    _, faults = declare(f"types: {types}")

    assert faults
    assert all("contains itself without an end (let it contain itself only in a list" in fault for fault in faults)


def test_a_type_that_stands_for_itself(declare: Declare) -> None:
    """`A: A | None` has an end, but says nothing."""
    _, faults = declare("types: {A: 'A | None', B: 'C | None', C: 'B | str'}")

    assert ["stands for itself" in fault for fault in faults] == [True, True, True]


@pytest.mark.parametrize(
    "types",
    [
        "{A: {a: 'A | None'}}",
        "{A: {a: 'list[A]'}}",
        "{A: {a: 'dict[str, A]'}}",
        "{A: 'list[A]'}",
        "{A: 'str | list[A]'}",
    ],
)
def test_types_that_may_recur(declare: Declare, types: str) -> None:
    """In lists, mappings and `| None` a type may contain itself."""
    _, faults = declare(f"types: {types}")

    assert not faults


def test_no_params_and_no_contract(declare: Declare) -> None:
    """`params: {}` means none; without `params:` there is no contract."""
    none, _ = declare("params: {}")
    absent, _ = declare("types: {}")

    assert none is not None
    assert not none.params
    assert absent is None


def test_shared_types() -> None:
    """Types of notify.yaml are there for every definition, and none may define one of them again."""
    reader = Reader()
    configuration = reader.parse("types: {Money: Decimal}", "notify.yaml")
    definition = reader.parse("types: {Item: {price: Money}, Money: str}", "case.yaml")
    assert configuration is not None
    assert definition is not None

    shared = read_types(reader, configuration.get("types"))
    types = read_types(reader, definition.get("types"), shared=shared)

    assert set(types) == {"Money", "Item"}
    assert [str(fault) for fault in reader.faults] == [
        "case.yaml:1:31: the type 'Money' is defined already, in notify.yaml:1:16 (rename one)"
    ]
