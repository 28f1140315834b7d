"""What types come down to in a form."""

from __future__ import annotations

import pytest
from preview.data.shop_contracts import contract_of

from notify.params import parse_annotation
from notify.preview.data.shapes import shape_of, written


@pytest.mark.parametrize(
    "text", ["str", "list[Item]", "dict[str, list[int]]", "'a' | 5 | None", "str | None", "list[dict[str, 'x' | 'y']]"]
)
def test_types_are_written_as_they_were(text: str) -> None:
    """A type is an annotation again."""
    assert text == written(parse_annotation(text, {"Item"}))


def test_aliases() -> None:
    """An alias adds constraints, secrecy, a description and null; what stands nearer goes over it."""
    contract = contract_of(
        "types: {A: {type: B, max_length: 5, description: near}, "
        "B: {type: str | None, max_length: 9, min_length: 1, sensitive: true, description: far}}\n"
        "params: {a: {type: A, max_length: 3}, b: 'A | None', c: A | int}"
    )
    a, b, c = (shape_of(param, contract.types) for param in contract.params.values())

    assert ("text", True, True, "near") == (a.kind, a.is_optional, a.sensitive, a.description)
    assert {"max_length": 3, "min_length": 1} == a.constraints
    assert {"max_length": 5, "min_length": 1} == b.constraints
    assert ("yaml", False) == (c.kind, c.is_optional)


@pytest.mark.parametrize(
    ("text", "kind"), [("\"'a' | 1\"", "choice"), ("\"'1' | 1\"", "yaml"), ("\"'' | 'a'\"", "yaml")]
)
def test_choices(text: str, kind: str) -> None:
    """Values that would look alike in a list of choices are written as YAML."""
    contract = contract_of(f"params: {{a: {text}}}")

    assert kind == shape_of(contract.params["a"], {}).kind
