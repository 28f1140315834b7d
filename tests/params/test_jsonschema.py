"""Contracts as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from params.conftest import Declare


def test_the_whole_of_a_contract(declare: Declare) -> None:
    """Types, constraints, defaults and descriptions; types that are not used are left out."""
    contract, faults = declare("""
params:
  customer: Customer
  count: {type: int, min: 1, lt: 9, default: 3, description: How many.}
  note: {type: str | None, max_length: 20}
  code: {type: str, pattern: "^a"}
  secret: {type: str, sensitive: true, default: hunter2}
  labels: {type: "list[str]", min_length: 1}
  prices: {type: "dict[str, Decimal]", max_length: 5}
  status: "'a' | 'b'"
  pdf: {type: bytes, max_length: 100}
types:
  Customer: {name: str, below: "Customer | None"}
  Unused: {a: str}
  Money: {type: Decimal, ge: 0}
""")
    assert not faults
    assert contract is not None

    assert contract.json_schema() == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "customer": {"$ref": "#/$defs/Customer"},
            "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 9, "description": "How many.", "default": 3},
            "note": {"anyOf": [{"type": "string", "maxLength": 20}, {"type": "null"}]},
            "code": {"type": "string", "pattern": "^a"},
            "secret": {"type": "string"},
            "labels": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "prices": {"type": "object", "additionalProperties": {"type": ["number", "string"]}, "maxProperties": 5},
            "status": {"enum": ["a", "b"]},
            "pdf": {"type": "string", "contentEncoding": "base64"},
        },
        "required": ["customer", "code", "labels", "prices", "status", "pdf"],
        "additionalProperties": False,
        "$defs": {
            "Customer": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "below": {"anyOf": [{"$ref": "#/$defs/Customer"}, {"type": "null"}]},
                },
                "required": ["name"],
                "additionalProperties": False,
            }
        },
    }


def test_aliases_and_no_params(declare: Declare) -> None:
    """An alias is a definition with its constraints; no params are an empty object."""
    contract, _ = declare("params: {a: Money}\ntypes: {Money: {type: Decimal, ge: 0}}")
    empty, _ = declare("params: {}")
    assert contract is not None
    assert empty is not None

    assert contract.json_schema()["$defs"] == {"Money": {"type": ["number", "string"], "minimum": 0}}
    assert empty.json_schema()["properties"] == {}
