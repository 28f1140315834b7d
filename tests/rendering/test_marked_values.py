"""Values of type Html and Markdown in every part."""

from __future__ import annotations

from typing import Any

import pytest
from rendering.making import AT, block, case, render, word

from notify.params import Contract
from notify.params.markup import Html, Markdown
from notify.params.types import AliasType, ListOf, Name, ObjectType, Param, PythonType
from notify.rendering.values import holds_markup, may_hold_markup, secrets

RICH: dict[str, Any] = {"h": Html("<b>x</b> &amp; y"), "m": Markdown("*a* <i>")}


def param(name: str, kind: str) -> Param:
    """A param of a built-in or named type."""
    return Param(name, kind, Name(kind), AT)


@pytest.mark.parametrize(
    "context",
    [RICH, {"d": RICH}, {"d": [{"e": RICH}]}, {"d": (1, RICH)}],
    ids=["direct", "in a dict", "in lists", "in a tuple"],
)
def test_each_part_gets_its_form(context: dict[str, Any]) -> None:
    """In HTML, Html is itself and Markdown becomes HTML; in text and subject both become text."""
    path = "" if "h" in context else {"direct": ""}.get("", "d.") if isinstance(context["d"], dict) else "d[0].e."
    if isinstance(context.get("d"), tuple):
        path = "d[1]."
    source = f"{{{{ {path}h }}}} / {{{{ {path}m }}}}"
    rendered = render(case(subject={"": word(source)}, html=block(source), text=block(source)), **context)

    assert "<b>x</b> &amp; y / <p><em>a</em> &lt;i&gt;</p>" in (rendered.html or "")
    assert "x & y / a <i>\n" == rendered.text
    assert "x & y / a <i>" == rendered.subject


def test_filters_see_the_form_of_the_part() -> None:
    """A filter in the text works on text, not on tags."""
    assert "X & Y 5\n" == render(case(text=block("{{ h | upper }} {{ h | length }}")), **RICH).text


def test_the_callers_values_stay_as_they_are() -> None:
    """Nothing that was given is changed."""
    context: dict[str, Any] = {"d": [dict(RICH)]}
    render(case(html=block("{{ d[0].m }}"), text=block("{{ d[0].m }}")), **context)

    assert {"d": [RICH]} == context
    assert isinstance(context["d"][0]["m"], Markdown)


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        (None, True),
        (Contract({}), False),
        (Contract({"a": param("a", "str")}), False),
        (Contract({"a": param("a", "Html")}), True),
        (Contract({"a": Param("a", "list[Markdown]", ListOf(Name("Markdown")), AT)}), True),
        (Contract({"a": param("a", "T")}, {"T": ObjectType("T", AT, {"b": param("b", "str")})}), False),
        (Contract({"a": param("a", "T")}, {"T": ObjectType("T", AT, {"b": param("b", "Html")})}), True),
        (Contract({"a": param("a", "T")}, {"T": AliasType("T", AT, param("T", "Html"))}), True),
        (Contract({"a": param("a", "T")}, {"T": AliasType("T", AT, param("T", "str"))}), False),
        (Contract({"a": param("a", "T")}, {"T": PythonType("T", AT, "m:T", dict)}), True),
    ],
)
def test_a_contract_tells_whether_to_look(contract: Contract | None, expected: bool) -> None:  # noqa: FBT001
    """Only where a type can hold markup are the values looked at."""
    assert expected is may_hold_markup(contract)


def test_a_contract_without_markup_is_believed() -> None:
    """What the contract rules out is not looked for."""
    contract = Contract({"m": param("m", "str")})

    assert "*a* <i>\n" == render(case(text=block("{{ m }}"), contract=contract), m=RICH["m"]).text


@pytest.mark.parametrize(
    ("value", "expected"), [("x", False), (1, False), ({"a": [("x", None)]}, False), ([RICH], True)]
)
def test_looking_for_markup(value: object, expected: bool) -> None:  # noqa: FBT001
    """Containers are looked through."""
    assert expected is holds_markup(value)


def test_the_texts_of_secrets() -> None:
    """Sensitive values are found by their dotted names, longest first, whatever is missing."""
    values = {
        "pin": 1234,
        "user": {"token": "abcdef", "on": True, "none": None},
        "list": [{"code": "xy"}, {"code": "xyz"}],
        "map": {"k": ["v1"]},
        "flat": "x",
    }
    names = ["pin", "user.token", "list[].code", "map[]", "missing", "user.on", "user.none", "flat.deep", "flat[]"]

    assert ["abcdef", "1234", "xyz", "v1", "xy"] == sorted(secrets(values, names), key=lambda s: (-len(s), s))


def test_a_secret_mapping_hides_its_keys() -> None:
    """The keys of a sensitive mapping are as secret as its values."""
    assert {"key", "value"} == set(secrets({"m": {"key": "value"}}, ["m"]))
