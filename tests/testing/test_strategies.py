"""Strategies for params: what they give is what the notification takes, with all that breaks mails."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, find, given, settings

from notify import Catalog, ConfigError, Notifier
from notify.testing.hostile import hostile
from notify.testing.strategies import HOSTILE, params

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import Definition

SHOP = Notifier.load(Path(__file__).parents[2] / "examples/shop")
EVERYTHING = """\
params:
  text: str
  lines: {type: Text, min_length: 3, max_length: 5}
  code: {type: str, pattern: "^[A-Z]{2}-[0-9]{3}$"}
  html: Html
  markdown: Markdown
  raw: {type: bytes, min_length: 1, max_length: 4}
  count: {type: int, ge: 1, lt: 5}
  ratio: {type: float, gt: 0, le: 1}
  total: {type: Decimal, ge: 0, le: 100}
  yes: bool
  day: date
  moment: datetime
  hour: time
  span: timedelta
  email: Email
  url: {type: Url, schemes: [mailto]}
  level: "'low' | 'high' | 3"
  note: {type: "str | None", default: null, max_length: 20}
  either: {type: "int | str", default: 1}
  tags: {type: "list[Tag]", min_length: 1, max_length: 2}
  extra: dict[str, Decimal]
  tree: Tree
types:
  Tag: {type: str, max_length: 3}
  Tree: {name: str, children: "list[Tree]", parent: "Tree | None"}
subject: Hi
text: x
"""


def check(definition: Definition, *, examples: int) -> None:
    """The params that are made of a definition pass the check of a send."""

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(params(definition))
    def holds(values: dict[str, object]) -> None:
        assert definition.contract is not None
        definition.contract.validate(values, notification=definition.id)

    holds()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A notification with a param of each type."""
    folder = tmp_path_factory.mktemp("notifications")
    (folder / "all.yaml").write_text(EVERYTHING)
    return Catalog.load([folder])["all"]


@pytest.mark.no_cover  # others cover it
def test_every_type_gives_what_it_takes(everything: Definition) -> None:
    """Whatever the type and its constraints, the values pass the check of a send."""
    check(everything, examples=60)


@pytest.mark.parametrize("name", list(SHOP.catalog))
def test_the_shop_s_params(name: str) -> None:
    """The params of every notification of the example pass the check of a send."""
    check(SHOP.catalog[name], examples=20)


BREAKING: dict[str, Callable[[dict[str, Any]], object]] = {
    "nothing": lambda values: values.get("note", "") is None,
    "left out": lambda values: "note" not in values,
    "nested lists": lambda values: values["tree"]["children"],
    "other schemes": lambda values: values["url"].startswith("mailto:"),
    "naive times": lambda values: values["moment"].tzinfo is None,
    "aware times": lambda values: values["moment"].tzinfo is not None,
    "numbers as text": lambda values: isinstance(values["total"], str),
    "mappings": lambda values: values["extra"],
}


@pytest.mark.no_cover  # others cover it
def test_what_breaks_mails_is_among_them(everything: Definition) -> None:
    """What is left out, nothing, nested, of another kind: each comes soon."""
    seen: set[str] = set()

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(params(everything))
    def look(values: dict[str, Any]) -> None:
        seen.update(name for name, found in BREAKING.items() if found(values))

    look()

    assert BREAKING.keys() == seen


def test_every_hostile_text_is_tried(tmp_path: Path) -> None:
    """Each is put wherever it fits: not into links, addresses, choices, limits, and not into the names of files."""
    (tmp_path / "it.yaml").write_text(
        "params: {name: str, short: {type: str, max_length: 12}, link: Url,\n"
        "  kind: \"'a' | 'b'\", of: 'list[Of]', file: Path}\n"
        "types: {Of: {name: str}}\nsubject: x\ntext: x\n"
        "samples: {s: {name: N, short: S, link: 'https://acme.example', kind: a, of: [{name: O}], file: f.txt}}\n"
    )
    found = hostile(Catalog.load([tmp_path])["it"])

    assert list(HOSTILE) == [values["name"] for values in found] == [values["of"][0]["name"] for values in found]
    assert [text if len(text) <= 12 else "S" for text in HOSTILE] == [values["short"] for values in found]
    assert {("https://acme.example", "a", "f.txt")} == {(each["link"], each["kind"], each["file"]) for each in found}


def test_nothing_hostile_without_a_sample(tmp_path: Path) -> None:
    """Where there is nothing to begin with, there is none."""
    (tmp_path / "a.yaml").write_text("params: {x: str}\nsubject: x\ntext: x\n")
    (tmp_path / "b.yaml").write_text("subject: x\ntext: x\nsamples: {s: {x: y}}\n")
    catalog = Catalog.load([tmp_path])

    assert [] == hostile(catalog["a"]) == hostile(catalog["b"])


def test_names_of_files_are_those_of_samples() -> None:
    """What the path of an attachment is made of is taken from the samples, since other files are not there."""
    invoice = SHOP.catalog["invoice"]
    named = {str(sample.params["number"]) for sample in invoice.samples.values() if "number" in sample.params}

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(params(invoice))
    def holds(values: dict[str, object]) -> None:
        assert values["number"] in named

    holds()


def test_without_a_contract(tmp_path: Path) -> None:
    """Where nothing is declared, the params are those of the samples; without samples there are none."""
    (tmp_path / "a.yaml").write_text("subject: x\ntext: '{{ y }}'\nsamples: {s: {y: 1}}\n")
    (tmp_path / "b.yaml").write_text("subject: x\ntext: y\n")
    catalog = Catalog.load([tmp_path])

    assert {"y": 1} == find(params(catalog["a"]), lambda _: True)
    assert {} == find(params(catalog["b"]), lambda _: True)


def test_models_of_the_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dataclass or a pydantic model, as a type or for all params, gives what it takes."""
    (tmp_path / "shop_models.py").write_text(
        "from dataclasses import dataclass\nfrom pydantic import BaseModel\n"
        "@dataclass\nclass Item:\n    name: str\n    count: int = 1\n"
        "class Order(BaseModel):\n    number: int\n    items: list[Item]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "typed.yaml").write_text(
        'types: {Item: "shop_models:Item"}\nparams: {item: Item}\nsubject: x\ntext: x\n'
    )
    (tmp_path / "whole.yaml").write_text('params: "shop_models:Order"\nsubject: x\ntext: x\n')
    (tmp_path / "plain.yaml").write_text('params: "shop_models:Item"\nsubject: x\ntext: x\n')
    catalog = Catalog.load([tmp_path])

    for name in catalog:
        check(catalog[name], examples=10)


def test_without_hypothesis(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is said, with the line that installs it."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "notify.testing.strategies")

    with pytest.raises(ConfigError, match=r"pip install 'notify-framework\[testing\]'"):
        importlib.import_module("notify.testing.strategies")
