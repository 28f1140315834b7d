"""Params of an application's own types, and values as they may be shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from notify import Notifier
from notify.configuration import Configuration
from notify.explaining import Asked, explain
from notify.explaining.shown import masked, plain, scrubbed, ways
from notify.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.explaining import Fact

MODELS = """\
from pydantic import BaseModel, Field, SecretStr, model_validator


class Inner(BaseModel):
    token: SecretStr = Field(alias="Token")
    name: str = "x"


class Order(BaseModel):
    number: str = Field(alias="Number")
    inner: Inner
    count: int = 3

    @model_validator(mode="after")
    def check(self):
        if self.count > 5:
            raise ValueError("too many")
        return self
"""


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose notification takes a pydantic model."""
    (tmp_path / "explained_models.py").write_text(MODELS)
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notify.yaml").write_text("sender: a@acme.example\nenvironments: {development: {transport: memory}}\n")
    (tmp_path / "notifications" / "order.yaml").write_text(
        "params: explained_models:Order\nsubject: x\ntext: |\n  {{ number }}\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def params(base: Path, values: Mapping[str, Any]) -> tuple[dict[str, Fact], str]:
    """The facts about params by name, and the whole explanation as text."""
    notifier = Notifier(configuration=Configuration.load(base))
    asked = Asked(params=values, assigned=tuple((name,) for name in values))
    explanation = explain(notifier, notifier.catalog["order"], asked)
    found = {fact.name: fact for section in explanation.sections if section.key == "params" for fact in section.facts}
    return found, repr(explanation)


def test_a_model_of_the_application(base: Path) -> None:
    """Fields, by name or alias, have what the model makes of them; secret ones within are hidden, defaults told."""
    found, text = params(base, {"Number": "A-1", "inner": {"Token": "hidden-token"}})

    assert {"number": "A-1", "inner": {"token": "***", "name": "x"}, "count": 3} == {
        name: fact.value for name, fact in found.items()
    }
    assert "the default of explained_models:Order" == str(found["count"].origin)
    assert "hidden-token" not in text


@pytest.mark.parametrize(
    "values",
    [
        {"Number": 7, "inner": {"Token": "hidden-token"}},
        {"Number": "A-1", "inner": "hidden-token"},
        {"Number": "A-1", "inner": {"Tokn": "hidden-token"}},
        {"Number": "A-1", "iner": "hidden-token"},
        {"Number": "A-1", "inner": {"Token": "hidden-token"}, "count": 9},
    ],
)
def test_wrong_values_of_a_model_hide_secrets(base: Path, values: dict[str, Any]) -> None:
    """Whatever is wrong, and wherever a secret was put, it is not shown; there is a problem."""
    found, text = params(base, values)

    assert [] != [problem for fact in found.values() for problem in fact.every_problem()]
    assert "hidden-token" not in text


def test_a_problem_of_all_params(base: Path) -> None:
    """What a model says of the params together stands on a line of its own."""
    found, _ = params(base, {"Number": "A-1", "inner": {"Token": "t"}, "count": 9})

    assert ["params: expected too many, got a mapping"] == [each.text for each in found["params"].problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.50"), "1.50"),
        (date(2030, 12, 31), "2030-12-31"),
        (b"abc", "3 octets"),
        (Secret("key"), "***"),
        ({"a": [Path("/base/x"), None, True, 1.5]}, {"a": ["x", None, True, 1.5]}),
        (Path("/other/x"), "/other/x"),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    """Values become what JSON has."""
    assert expected == plain(value, Path("/base"))


@pytest.mark.parametrize(
    ("value", "names", "expected"),
    [
        ({"a": 1, "b": 2}, ["a"], {"a": "***", "b": 2}),
        ({"a": [{"b": 1}, {"c": 1}]}, ["a[].b"], {"a": [{"b": "***"}, {"c": 1}]}),
        ({"a": {"x": {"b": 1}}}, ["a[].b"], {"a": {"x": {"b": "***"}}}),
        ({"a": "of another kind"}, ["a.b"], {"a": "***"}),
        ({"a": [1]}, ["a.b"], {"a": "***"}),
        ({"a": None}, ["a"], {"a": None}),
        ({"a": {"b": 1, "c": 2}}, ["a", "a.b"], {"a": "***"}),
        ({"a": 1}, [], {"a": 1}),
    ],
)
def test_masked_values(value: object, names: list[str], expected: object) -> None:
    """Sensitive values are hidden; where a value is of another kind than thought, it is hidden as a whole."""
    assert expected == masked(value, ways(names))


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("console:", "console:"),
        ("smtp+starttls://u:p@host", "smtp+starttls:***"),
        ("smtp://u:p@host:port", "***"),
        ("failover(memory failover(a smtp://k@h))", "failover(memory failover(a smtp:***))"),
    ],
)
def test_scrubbed_dsns(dsn: str, expected: str) -> None:
    """Of a DSN only what cannot be a secret is left."""
    assert expected == scrubbed(dsn)
