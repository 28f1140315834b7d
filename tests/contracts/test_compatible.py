"""Params of an old contract under a new one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from notify.contracts import compatible, contract_form

if TYPE_CHECKING:
    from contracts.conftest import Define

    from notify.contracts import Compatibility

OLD = """
params: {name: str, note: "str | None", items: "list[Item]", extra: {type: "dict[str, Item]", default: {}}}
types: {Item: {sku: str, gift: {type: bool, default: false}}}
"""
PARAMS: dict[str, Any] = {"name": "Ada", "note": "Hi", "items": [{"sku": "A", "gift": True}, {"sku": "B"}]}


class Order(BaseModel):
    """What all params are."""

    name: str


def verdict(define: Define, new: str, params: dict[str, Any] = PARAMS, *, old: str = OLD) -> Compatibility:
    """What becomes of params, when the old contract comes out of a database."""
    form = json.loads(json.dumps(contract_form(define(old).contract)))
    return compatible(form, define(new).contract, params)


def test_the_same_contract(define: Define) -> None:
    """Nothing is to be done."""
    found = verdict(define, OLD)

    assert found
    assert PARAMS == found.params
    assert () == found.dropped


def test_a_new_param_with_a_default(define: Define) -> None:
    """The default is filled in when the mail is rendered."""
    definition = define(OLD.replace("name: str,", "name: str, plan: {type: str, default: free},"))
    found = compatible(contract_form(define(OLD).contract), definition.contract, PARAMS)

    assert found
    assert definition.contract is not None
    assert "free" == definition.contract.validate(found.params, notification="case")["plan"]


def test_a_new_param_that_is_required(define: Define) -> None:
    """It is a problem with the name of the param."""
    found = verdict(define, OLD.replace("name: str,", "name: str, plan: str,"))

    assert not found
    assert ["plan"] == [problem.name for problem in found.problems]


def test_what_is_gone_is_dropped(define: Define) -> None:
    """Params and fields that were declared then and are not now are left out, and told."""
    new = 'params: {name: str, items: "list[Item] | None", extra: "dict[str, Item] | None"}\ntypes: {Item: {sku: str}}'
    found = verdict(define, new, {**PARAMS, "extra": {"a": {"sku": "C", "gift": False}}})

    assert found
    assert ("note", "items[0].gift", "extra.a.gift") == found.dropped
    assert {"name": "Ada", "items": [{"sku": "A"}, {"sku": "B"}], "extra": {"a": {"sku": "C"}}} == found.params
    assert "gift" in PARAMS["items"][0]


def test_what_never_was_is_not_dropped(define: Define) -> None:
    """A name that neither contract knows is a problem."""
    found = verdict(define, "params: {name: str}", {"name": "Ada", "nmae": "Ada"})

    assert ["nmae"] == [problem.name for problem in found.problems]


@pytest.mark.parametrize(("name", "ok"), [("Ada", True), ("Adalbertina", False)])
def test_a_narrower_type_is_a_matter_of_the_value(define: Define, name: str, ok: bool) -> None:  # noqa: FBT001
    """What is queued is judged by its values, not by all that it might have been."""
    found = verdict(define, OLD.replace("name: str,", "name: {type: str, max_length: 5},"), {**PARAMS, "name": name})

    assert ok == bool(found)


def test_where_params_were_not_declared(define: Define) -> None:
    """Nothing is known of what was given, so that nothing is dropped; and what takes anything takes it."""
    assert ["more"] == [each.name for each in verdict(define, "params: {}", {"more": 1}, old="").problems]
    assert verdict(define, "", {"more": 1})


def test_a_model_of_the_application(define: Define) -> None:
    """Fields of a model that are gone are dropped, in both directions."""
    model = "params: contracts.test_compatible:Order"
    found = verdict(define, model)

    assert found
    assert {"name": "Ada"} == found.params
    assert ("items", "note") == found.dropped
    assert not verdict(define, "params: {age: int}", {"name": "Ada"}, old=model)
