"""Whether one type takes the values of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.contracts import compatible, contract_form
from notify.contracts.fitting import Fitting
from notify.errors import ParamsError

if TYPE_CHECKING:
    from contracts.conftest import Define

TYPES = """
types:
  Short: {type: str, max_length: 3}
  Point: {x: int}
  Named: {x: int, name: {type: str, default: a}}
  Strict: {x: int, name: str}
  Tree: {size: int, inside: "list[Tree]"}
  Bush: {size: float, inside: "list[Bush]"}
  Json: "str | int | list[Json]"
"""
KINDS = [
    "str", "Text", "Email", "Url", "Html", "Markdown", "Path", "int", "float", "Decimal", "bool", "date", "bytes",
    "Short", "Point", "Named", "Strict", "Tree", "Bush", "Json", "'a' | 'b'", "'a' | 'b' | 'c'", "1 | 2", "str | None",
    "int | str", "list[int]", "list[float]", "list[str]", "list[Point]", "dict[str, int]", "dict[str, float]",
    "list[Point] | None", "'a' | None", "Strict | str", "Point | str", "list[Strict]", "dict[str, Strict]",
    "Strict | None", "list[Strict] | None", "dict[str, Point]",
]  # fmt: skip
CONSTRAINED = [
    "{type: str, max_length: 5}", "{type: str, max_length: 9}", "{type: str, min_length: 2}", "{type: str, pattern: a}",
    "{type: Text, pattern: a, max_length: 5}", "{type: int, ge: 1}", "{type: int, gt: 1}", "{type: int, gt: 0, le: 9}",
    "{type: int, lt: 9}", "{type: float, ge: 1}", "{type: Url, schemes: [tel]}", "{type: Url, schemes: [tel, sms]}",
    "{type: 'list[int]', max_length: 1}", "{type: 'list[int] | None', max_length: 2}",
    "{type: 'str | None', max_length: 5}",
]  # fmt: skip
VALUES = [
    "", "a", "b", "c", "ab", "abcd", "abcdefg", "abcdefghijk", "a@acme.example", "https://acme.example/", "tel:1",
    "sms:1", "<p>", "a/b.txt", "2030-12-31", "1", "1.5", 0, 1, 2, 5, 9, 10, -1, 1.0, 1.5, True, None, [], [1],
    [1, 2, 3], [1.5],
    ["a"], [["a"]], [{"x": 1}], [{"x": 1.5}], {}, {"x": 1}, {"x": 1, "name": "b"},
    [{"x": 1, "name": "b"}], {"a": {"x": 1, "name": "b"}}, {"a": {"x": 1}}, {"a": 1}, {"a": 1.5},
    {"size": 1, "inside": []}, {"size": 1.5, "inside": []}, {"size": 1, "inside": [{"size": 2, "inside": []}]},
    "a\nb", b"a",
]  # fmt: skip


def test_what_fits_is_taken(define: Define) -> None:
    """Wherever a type is said to take another's values, the validator takes each that the other one takes.

    Where fields that are gone do not count, what is left of each value is taken.
    """
    kinds = [*(f'"{kind}"' for kind in KINDS), *CONSTRAINED]
    contracts = [define(f"params: {{p: {kind}}}\n{TYPES}").contract for kind in kinds]
    taken, forms = [], []
    for contract in contracts:
        assert contract is not None
        taken.append({at for at, value in enumerate(VALUES) if not _problem(contract, value)})
        forms.append(contract_form(contract) or {})
    fitting = 0
    for old, old_taken in zip(forms, taken, strict=True):
        for new, new_taken, contract in zip(forms, taken, contracts, strict=True):
            fits = Fitting(old["types"], new["types"], dropping=False)
            if fits.fields(old["params"], new["params"]):
                fitting += 1
                assert old_taken <= new_taken, (old, new, [VALUES[at] for at in old_taken - new_taken])
            if Fitting(old["types"], new["types"], dropping=True).fields(old["params"], new["params"]):
                refused = [VALUES[at] for at in old_taken if not compatible(old, contract, {"p": VALUES[at]})]
                assert [] == refused, (old, new)

    assert fitting > 2 * len(kinds)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Email", "str"),
        ("int", "Decimal"),
        ("Short", "str"),
        ("'a' | 'b'", "'a' | 'b' | 'c'"),
        ("'a' | 'b'", "Short"),
        ("str", "str | None"),
        ("list[int]", "list[float]"),
        ("Point", "Named"),
        ("Tree", "Bush"),
        ("Json", "Json | None"),
        ("list[Point] | None", "list[Named] | None"),
    ],
)
def test_what_is_wider_one_way_only(define: Define, old: str, new: str) -> None:
    """A type that takes more is told from one that takes less."""
    before, after = (contract_form(define(f'params: {{p: "{kind}"}}\n{TYPES}').contract) or {} for kind in (old, new))

    assert Fitting(before["types"], after["types"], dropping=False).fields(before["params"], after["params"])
    assert not Fitting(after["types"], before["types"], dropping=False).fields(after["params"], before["params"])


def test_markup_does_not_stand_for_text(define: Define) -> None:
    """Text that was escaped is not, as `Html`; and markup that was shown is shown as text."""
    form = contract_form(define("params: {a: str, b: Html}").contract) or {}
    text, markup = form["params"]["a"]["type"], form["params"]["b"]["type"]
    fitting = Fitting({}, {}, dropping=True)

    assert not fitting.fits(text, markup)
    assert not fitting.fits(markup, text)


def test_fields_that_are_gone_fit_where_they_are_dropped(define: Define) -> None:
    """A field that is no longer there breaks those who give it, unless it is left out for them."""
    before, after = (
        contract_form(define(f"params: {{p: {kind}}}\n{TYPES}").contract) or {} for kind in ("Strict", "Point")
    )

    assert not Fitting(before["types"], after["types"], dropping=False).fields(before["params"], after["params"])
    assert Fitting(before["types"], after["types"], dropping=True).fields(before["params"], after["params"])


def _problem(contract: object, value: object) -> bool:
    try:
        contract.validate({"p": value}, notification="case")  # type: ignore[attr-defined]
    except ParamsError:
        return True
    return False
