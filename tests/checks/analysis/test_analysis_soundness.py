# ruff: noqa: E501  # templates are easier to read in one piece
"""Templates made at random: where nothing is found, nothing undefined and no None is met when they are rendered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader

from notify.checks.analysis import Templates
from notify.definition import InPlace, Rules, read_definition
from notify.errors import Location
from notify.rendering import Limits, Source
from notify.rendering.environment import TemplateEnvironment
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from notify.definition import Definition

# What it runs through is covered elsewhere, and coverage would take as long again.
pytestmark = pytest.mark.no_cover

DEFINITION = """\
subject: x
html: x
params:
  name: str
  note: "str | None"
  count: "int | None"
  person: Person
  boss: "Person | None"
  people: list[Person]
  others: "list[Person] | None"
types:
  Person: {name: str, phone: "str | None", friends: "list[Friend]"}
  Friend: {name: str, nick: "str | None"}
"""
WORD = st.sampled_from(["a", "b", ""])
FRIEND = st.fixed_dictionaries({"name": WORD, "nick": st.none() | WORD})
PERSON = st.fixed_dictionaries({"name": WORD, "phone": st.none() | WORD, "friends": st.lists(FRIEND, max_size=2)})
PARAMS = st.fixed_dictionaries({
    "name": WORD, "note": st.none() | WORD, "count": st.none() | st.integers(0, 2), "person": PERSON,
    "boss": st.none() | PERSON, "people": st.lists(PERSON, max_size=2), "others": st.none() | st.lists(PERSON, max_size=2),
})  # fmt: skip
MACROS = {
    "m.html": "{% macro show(a, b='x') %}{{ a }}{{ b }}{% endmacro %}"
    "{% macro careful(a, b=none) %}{% if a %}{{ a }}{% endif %}{{ b or '' }}{% endmacro %}"
    "{% macro person(p) %}{{ p.name }}{% if p.phone %}{{ p.phone }}{% endif %}{% endmacro %}"
    "{% macro around(a) %}{% if a %}{{ caller() }}{% endif %}{% endmacro %}"
}
FIELDS = ["name", "phone", "name", "phone", "friends", "nick", "nmae"]
ROOTS = ["name", "note", "count", "person", "boss", "people", "others", "person", "people", "naem"]


class Writer:
    """Writes a template; `names` are those that can be in scope, right or wrong."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.number = 0

    def choose(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def path(self, names: list[str]) -> str:
        found = self.choose(names)
        while self.draw(st.booleans()) and found.count(".") < 2:
            found += f".{self.choose(FIELDS)}"
        return str(found)

    def expression(self, names: list[str]) -> str:
        path = self.path(names)
        return str(
            self.choose([
                path, path, f"{path} or 'x'", f"{path} | default('x')", f"{path} | default('x', true)", f"{path} | upper",
                f"'x' ~ {path}", f"{path} if {self.condition(names)} else 'x'", f"{path} | length", f"{path} + 1",
                f"m.show({path})", f"m.careful({path})", f"m.person({path})", f"m.show('x', b={path})", f"'x' if {path} else 'y'",
                f"{path} | map(attribute='phone') | select | join", f"{path} | selectattr('phone') | map(attribute='phone') | join",
                f"({path} or []) | length", f"{path} | join(', ')",
            ])
        )  # fmt: skip

    def condition(self, names: list[str]) -> str:
        path = self.path(names)
        simple = str(self.choose([
            path, f"not {path}", f"{path} is defined", f"{path} is not none", f"{path} is none", f"{path} == 'a'",
            f"{path} > 1", f"{path} is string", f"{path} != none", f"{path} in ['a', 'b']", f"{path} | length > 1",
            f"{path} is undefined", f"{path} is mapping",
        ]))  # fmt: skip
        if self.draw(st.integers(0, 3)) == 0:
            return f"({simple} {self.choose(['and', 'or'])} {self.condition(names)})"
        return simple

    def body(self, names: list[str], depth: int) -> str:
        names = list(names)
        return "".join(self.statement(names, depth) for _ in range(self.draw(st.integers(1, 3))))

    def statement(self, names: list[str], depth: int) -> str:
        kind = self.choose(["print", "print", "if", "for", "set", "with", "call"]) if depth else "print"
        if kind == "print":
            return f"{{{{ {self.expression(names)} }}}}"
        if kind == "if":
            test = self.condition(names)
            otherwise = f"{{% else %}}{self.body(names, depth - 1)}" if self.draw(st.booleans()) else ""
            return f"{{% if {test} %}}{self.body(names, depth - 1)}{otherwise}{{% endif %}}"
        if kind == "call":
            return f"{{% call m.around({self.path(names)}) %}}{self.body(names, depth - 1)}{{% endcall %}}"
        self.number += 1
        new = f"v{self.number}"
        if kind == "set":
            value = self.choose([self.path(names), f"{self.path(names)} or 'x'", self.condition(names)])
            if self.draw(st.booleans()):
                new = self.choose([*names, new])
            names.append(new)
            return f"{{% set {new} = {value} %}}"
        if kind == "with":
            return f"{{% with {new} = {self.path(names)} %}}{self.body([*names, new, new], depth - 1)}{{% endwith %}}"
        test = f" if {self.condition([new])}" if self.draw(st.booleans()) else ""
        return f"{{% for {new} in {self.path(names)}{test} %}}{self.body([*names, new, new], depth - 1)}{{% endfor %}}"


@st.composite
def templates(draw: Any) -> str:
    """A template that may be right or wrong."""
    return "{% import 'm.html' as m %}" + Writer(draw).body(ROOTS, 2)


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """The params that the templates are about."""
    path: Path = tmp_path_factory.mktemp("sound") / "sound.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    found = read_definition(Reader(), path, "sound", "sound.yaml", Rules())
    assert found is not None
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=templates(), params=st.lists(PARAMS, min_size=3, max_size=5))
def test_what_is_passed_renders(definition: Definition, source: str, params: list[dict[str, Any]]) -> None:
    """A template in which nothing is found renders with any params, and prints no None."""
    loader = DictLoader(MACROS)
    environment = TemplateEnvironment(limits=Limits(), loader=loader)
    place = InPlace(source, Location("sound.yaml", 1))
    found = Templates(environment, loader).analyse(
        replace(definition, html=place), [Source("html", "", place.location)]
    )
    if any(each.kind != "unused-param" for each in found.found):
        return
    template = environment.from_string(source)
    for each in params:
        try:
            printed = template.render(each)
        except TypeError as error:
            # What operators make of a text and a number is not asked here.
            assert "NoneType" not in str(error)  # noqa: PT017
        else:
            assert "None" not in printed or "{" in printed  # a mapping that is printed as a whole may hold None
