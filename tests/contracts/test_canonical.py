"""The canonical form of a contract and its hash."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel, Field

from notify.contracts import contract_form, contract_hash, form_hash

if TYPE_CHECKING:
    from contracts.conftest import Define

ORDER = """
params:
  customer: Customer
  sku: {type: Sku, default: A-1}
  note: {type: "str | None", default: null, max_length: 200, description: A line.}
types:
  Customer: {name: str, orders: "list[Order]"}
  Order: {by: Customer, kind: "'gift' | 'own'"}
  Sku: {type: str, pattern: "^[A-Z]"}
"""


class Person(BaseModel):
    """Somebody."""

    name: str


class Somebody(BaseModel):
    """The same in other words."""

    name: str


class LongNamed(BaseModel):
    """Somebody with a long name."""

    name: str = Field(min_length=9)


@dataclass
class Place:
    """Somewhere."""

    city: str
    zip: str = ""


def test_the_form_is_a_json_document(define: Define) -> None:
    """It can be stored: aliases are what they stand for, and object types have numbers."""
    form = contract_form(define(ORDER).contract)

    assert {
        "params": {
            "customer": {"type": {"ref": "1"}, "required": True},
            "note": {
                "type": {"any": [{"type": "str", "max_length": 200}, {"type": "None"}]},
                "required": False,
                "default": "74234e98afe7498f",
            },
            "sku": {"type": {"type": "str", "pattern": "^[A-Z]"}, "required": False, "default": "2dcfc544ba0b9062"},
        },
        "types": {
            "1": {
                "fields": {
                    "name": {"type": {"type": "str"}, "required": True},
                    "orders": {"type": {"list": {"ref": "2"}}, "required": True},
                }
            },
            "2": {
                "fields": {
                    "by": {"type": {"ref": "1"}, "required": True},
                    "kind": {"type": {"choices": ["gift", "own"]}, "required": True},
                }
            },
        },
    } == form
    assert form == json.loads(json.dumps(form))


def test_the_hash_is_the_same_for_ever(define: Define) -> None:
    """What is in a database must not change with a version of notify or of Python."""
    assert "c320a8f5bc7464d6" == contract_hash(define(ORDER))
    assert "74234e98afe7498f" == contract_hash(define(""))


@pytest.mark.parametrize(
    "text",
    [
        """
types: {Sku: {pattern: '^[A-Z]', type: str}, B: {kind: "'own' | 'gift'", by: P}, P: {orders: 'list[B]', name: str}}
params: {note: {type: 'None | str', max_length: 200}, sku: {default: A-1, type: Sku}, customer: P}
""",
        ORDER.replace("A line.", "Another line.").replace("max_length: 200,", "max_length: 200, sensitive: true,"),
        f"{ORDER}description: Something\nsamples: {{}}\nhtml: <p>x</p>\n",
    ],
)
def test_how_it_is_written_does_not_count(define: Define, text: str) -> None:
    """Order, names of types, descriptions, templates, samples and what is sensitive leave the hash as it is."""
    assert contract_hash(define(ORDER)) == contract_hash(define(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default: A-1", "default: A-2"),
        ("max_length: 200", "max_length: 201"),
        ("'gift' | 'own'", "'gift' | 'own' | 'b2b'"),
        ("note:", "remark:"),
        ("name: str", "name: Text"),
        ("{type: Sku, default: A-1}", "Sku"),
        ('"list[Order]"', '"dict[str, Order]"'),
        ('"^[A-Z]"', '"^[A-Y]"'),
    ],
)
def test_what_is_taken_counts(define: Define, old: str, new: str) -> None:
    """Names, types, constraints, defaults and what is required change the hash."""
    assert old in ORDER
    assert contract_hash(define(ORDER)) != contract_hash(define(ORDER.replace(old, new)))


def test_no_contract_differs_from_an_empty_one(define: Define) -> None:
    """`params: {}` means none, and no `params` any."""
    assert contract_form(define("").contract) is None
    assert contract_hash(define("")) != contract_hash(define("params: {}"))


def test_whole_numbers_are_the_same_with_and_without_a_point(define: Define) -> None:
    """5.0 is 5, as a limit and as a default."""
    texts = [
        f"params: {{a: {{type: float, ge: {n}, default: {n}}}, b: {{type: 'list[float]', default: [{n}]}}}}"
        for n in ("5", "5.0")
    ]

    assert 1 == len({contract_hash(define(text)) for text in texts})


def test_a_default_cannot_be_read(define: Define) -> None:
    """The form may be stored where it is seen, and still tells one default from another."""
    first, second = (
        contract_form(define(f"params: {{code: {{type: str, sensitive: true, default: {word}}}}}").contract)
        for word in ("hunter2", "hunter3")
    )

    assert "hunter2" not in json.dumps(first)
    assert form_hash(first) != form_hash(second)


def test_a_model_of_the_application_counts_by_its_fields(define: Define) -> None:
    """Its name and its docstring do not count; for all params together as for one."""
    here = "contracts.test_canonical"
    forms = [contract_form(define(f"params: {here}:{name}").contract) for name in ("Person", "Somebody", "Place")]
    inside = [
        contract_hash(define(f"params: {{a: M}}\ntypes: {{M: '{here}:{name}'}}"))
        for name in ("Person", "Somebody", "Place")
    ]

    assert forms[0] == forms[1] != forms[2]
    assert forms[0] is not None
    assert {"name"} == forms[0]["model"]["properties"].keys()
    assert inside[0] == inside[1] != inside[2]
