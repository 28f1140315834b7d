# ruff: noqa: E501  # templates are easier to read in one piece
"""Params that are the application's own types: pydantic models and dataclasses are read field by field."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from checks.analysis.test_analysis_corpus import analysed

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """\
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_serializer


class Address(BaseModel):
    city: str
    street: Optional[str] = None


class Customer(BaseModel):
    name: Annotated[str, Field(min_length=1)]
    address: Address | None = None
    addresses: list[Address] = []
    kind: Literal["a", "b"] = "a"
    extra: Any = None

    @computed_field
    @property
    def initial(self) -> str:
        return self.name[0]


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


class Shown(BaseModel):
    day: date

    @field_serializer("day")
    def shown(self, day: date) -> dict[str, int]:
        return {"year": day.year}


@dataclass
class Line:
    title: str
    price: Decimal
    note: str | None = None
    parts: list[Line] = field(default_factory=list)
"""
CASES = {
    "a field of a model": ("Customer", "{{ it.name }}{{ it.initial }}{{ it.kind.upper() }}{{ it.extra.anything }}"),
    "no field of a model": ("Customer", "{{ it.«undefined-attribute»nmae }}"),
    "a model in a model": ("Customer", "{{ it.addresses[0].city }}{{ it.addresses[0].«undefined-attribute»town }}"),
    "a model or None": ("Customer", "{{ «optional»it.address.city }}{% if it.address %}{{ it.address.city }}{% endif %}"),
    "text or None": ("Customer", "{% for a in it.addresses %}{{ «optional»a.street }}{{ a.street or '' }}{% endfor %}"),
    "a model that takes more": ("Loose", "{{ it.name }}{{ it.anything }}"),
    "a model that is dumped otherwise": ("Shown", "{{ it.day.year }}{{ it.day.month }}"),
    "a field of a dataclass": ("Line", "{{ it.title }}{{ it.price }}{{ it.«undefined-attribute»titel }}"),
    "a dataclass that contains itself": ("Line", "{{ it.parts[0].parts[0].title }}{{ it.parts[0].«undefined-attribute»x }}"),
    "None in a dataclass": ("Line", "{{ «optional»it.note }}"),
}  # fmt: skip


@pytest.fixture
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_types_of_analysis.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_types_of_analysis", raising=False)


@pytest.mark.usefixtures("_module")
@pytest.mark.parametrize("name", CASES)
def test_a_model(name: str, tmp_path: Path) -> None:
    """What a model's annotations say holds in templates."""
    model, html = CASES[name]
    case = {"params": {"it": "Own"}, "html": html, "own": {"Own": f"own_types_of_analysis:{model}"}}
    found, expected = analysed(case, tmp_path)

    assert sorted(expected) == sorted((f.location.path, f.location.line, f.location.column, f.kind) for f in found)


@pytest.mark.usefixtures("_module")
def test_a_model_for_all_params(tmp_path: Path) -> None:
    """The fields of a model that stands for all params are the params."""
    html = "{{ name }}{{ «optional»address.city }}{{ «undefined-variable»nmae }}{{ kind }}{{ addresses | length }}"
    found, expected = analysed({"params": "own_types_of_analysis:Customer", "html": html, "unused": True}, tmp_path)

    assert sorted(expected) == sorted((f.location.path, f.location.line, f.location.column, f.kind) for f in found)
