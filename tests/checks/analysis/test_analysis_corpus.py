"""Small notifications with known verdicts: what is found in them, and where."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jinja2 import ChoiceLoader, DictLoader, PrefixLoader

from notify.checks.analysis import Templates
from notify.definition import Rules, read_definition
from notify.rendering import FolderLoader, Limits, Sources
from notify.rendering.environment import TemplateEnvironment
from notify.resources import templates_folder
from notify.yamlnodes import MappingNode, Reader

if TYPE_CHECKING:
    from notify.checks.analysis import Found

CORPUS = Path(__file__).with_name("corpus")
CASES: list[dict[str, Any]] = [
    case for path in sorted(CORPUS.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
TYPES = {
    "Customer": {"name": "str", "email": "Email"},
    "Contact": {"name": "str", "phone": "str | None"},
    "Line": {"title": "str", "price": "Decimal"},
    "Lines": {"type": "list[Line]"},
    "Listed": {"items": "list[Line]"},
    "Order": {"customer": "Customer", "lines": "list[Line]"},
    "Node": {"name": "str", "children": "list[Node]"},
}
MARK = re.compile("«([a-z-]+)»")


class Literal(yaml.SafeDumper):
    """Writes texts of several lines as literal blocks, so that their places are known."""


Literal.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def without_marks(text: str, path: str) -> tuple[str, list[tuple[str, int, int, str]]]:
    """The text, and what its marks say: path, line, column, kind."""
    found = []
    while mark := MARK.search(text):
        text = text[: mark.start()] + text[mark.end() :]
        line = text.count("\n", 0, mark.start()) + 1
        found.append((path, line, mark.start() - text.rfind("\n", 0, mark.start()), mark[1]))
    return text, found


def analysed(case: dict[str, Any], folder: Path) -> tuple[list[Found], list[tuple[str, int, int, str]]]:
    """What is found in a case, and what is to be found."""
    content: dict[str, Any] = {"subject": case.get("subject", "x"), "types": TYPES | case.get("own", {})}
    if case.get("params", {}) is not None:
        content["params"] = case.get("params", {})
    keys = {"in_place": "html", **{key: key for key in ("preheader", "headers", "attachments")}}
    content |= {name: case[key] for key, name in keys.items() if key in case}
    templates = dict(case.get("templates", {}))
    for part, name in (("html", "case.html"), ("text", "case.txt")):
        if part in case:
            templates[name] = case[part]
            content[part] = name
    content.setdefault("html", "x") if "text" not in content else None
    text = yaml.dump(content, Dumper=Literal, allow_unicode=True, sort_keys=False, width=10_000)
    text, expected = without_marks(text, "case.yaml")
    for name, source in templates.items():
        templates[name], more = without_marks(source, name)
        expected += more
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")

    reader = Reader()
    definition = read_definition(reader, path, "case", "case.yaml", Rules())
    assert definition is not None
    assert not reader.faults
    shipped = PrefixLoader({"notify": FolderLoader(templates_folder() / "notify")})
    loader = ChoiceLoader([DictLoader(templates), shipped])
    environment = TemplateEnvironment(limits=Limits(), loader=loader, extensions=case.get("extensions", ()))
    environment.globals.update(case.get("globals", {}))
    environment.globals.update(dict.fromkeys(case.get("functions", ()), object()))
    root = reader.load(path, "case.yaml")
    params = root.entries.get("params") if root is not None else None
    keys_of = params.keys if isinstance(params, MappingNode) else {}
    found = Templates(environment, loader).analyse(
        definition, Sources(environment, loader).of(definition), key=lambda name: keys_of[name]
    )
    return [each for each in found.found if each.kind != "unused-param" or case.get("unused")], expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["case"]).replace(" ", "_"))
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    """Everything is found that the marks say, at their very place, and nothing else."""
    found, expected = analysed(case, tmp_path)
    places = [(each.location.path, each.location.line, each.location.column, each.kind) for each in found]

    assert sorted(expected) == sorted(places)
    if "hint" in case:
        assert case["hint"] in {each.hint for each in found}


def test_the_corpus_is_large_enough() -> None:
    """There are many cases, and a third of them is right."""
    right = [case for case in CASES if "«" not in yaml.dump(case, allow_unicode=True)]

    assert len(CASES) >= 120
    assert len(right) * 3 >= len(CASES)


@pytest.mark.parametrize(
    "html",
    [
        "{{ " + "name + " * 3000 + "name }}",
        "{{ " + "name or " * 300 + "name }}",
        "{{ " + "(" * 200 + "name" + ")" * 200 + " }}",
        "{% if name %}" * 200 + "{{ name }}" + "{% endif %}" * 200,
        "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(name) }}",
        "{% include 'case.html' %}" * 20,
    ],
    ids=["sum", "or", "brackets", "if", "macro", "include"],
)
def test_what_has_many_levels(html: str, tmp_path: Path) -> None:
    """Deep templates, and those that call themselves, take no long time and raise nothing."""
    began = time.process_time()
    analysed({"params": {"name": "str"}, "html": html}, tmp_path)

    assert time.process_time() - began < 3
