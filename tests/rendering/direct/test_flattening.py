# ruff: noqa: E501, ISC004  # templates are easier to read in one piece
"""One flat function prints what Jinja2 does, whatever the template is made of; what cannot be followed is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from jinja2 import pass_context
from markupsafe import Markup
from rendering.direct.bodies import environment, made, plain, printed

from notify.rendering.direct import UnfitError

FILES = {
    "base": "{% set a = 'A' %}<{% block one %}1{{ a }}{% endblock %}|{% block two scoped %}2{% endblock %}>{{ a }}{{ b is defined }}",
    "middle": "{% extends 'base' %}{% block one %}m{{ super() }}{% block inner %}i{% endblock %}{% endblock %}",
    "part": "[{{ name }}{{ x is defined }}{% set x = 7 %}{{ x }}]",
    "extending part": "{% extends 'base' %}{% block one %}{{ name }}{% endblock %}",
    "macros": (
        "{% set mark = '*' %}{% set several = [1, {'k': 'v'}] %}"
        "{% macro m(a, b='d', c=none) %}{{ mark }}{{ a }}{{ b }}{% if c %}{{ c }}{% endif %}{% endmacro %}"
        "{% macro outer(x) %}({{ m(x, b=x) }}{{ caller() if caller is defined }}){% endmacro %}"
        "{% macro around(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}"
        "{% macro rows(items, columns) %}{% for i in items %}{% for c in columns %}{{ i[c.key] }}{{ loop.index }},"
        "{% endfor %}{{ loop.index0 }};{% endfor %}{% endmacro %}"
        "{% macro sees() %}{{ brand }}{{ name is defined }}{% endmacro %}"
    ),
}
CONTEXT: dict[str, Any] = {
    "name": "Ada & <Co>", "items": [{"k": 1, "v": "<a>"}, {"k": 2, "v": "b"}], "yes": True, "no": False, "none_": None,
    "number": Decimal("1.50"), "word": "w", "nested": {"a": {"b": "c"}}, "markup": Markup("<b>x</b>"), "empty": [],
}  # fmt: skip
SAME = [
    "",
    "text {{ name }} text",
    "{% extends 'middle' %}{% set b = 1 %}{% block two %}{{ name }}{{ b }}{% endblock %}",
    "  {% extends 'base' %} dropped {{ name }}",
    "{% include 'part' %}{{ x is defined }}{% for i in items %}{% include 'part' %}{% endfor %}",
    "{% include 'extending part' %}{% set a = 3 %}{{ a }}",
    "{% import 'macros' as ui %}{{ ui.m(name) }}{{ ui.m(name, c='z') }}{{ ui.outer('o') }}{{ ui.mark }}{{ ui.several }}",
    "{% from 'macros' import m, mark as star %}{{ m(1) }}{{ star }}{% for i in items %}{{ m(i.v, i.k) }}{% endfor %}",
    "{% import 'macros' as ui %}{% call ui.around('p') %}{{ name }}{% endcall %}{% call ui.outer(word) %}c{% endcall %}",
    "{% import 'macros' as ui %}{% set t = 'q' %}{% for i in items %}{% call ui.around(i.k) %}{{ i.v }}{{ t }}{{ loop.index }}"
    "{% endcall %}{% endfor %}",
    "{% import 'macros' as ui %}{{ ui.rows(items, [{'key': 'k'}, {'key': 'v'}]) }}{{ ui.rows([[word, name]], [{'key': 0}]) }}",
    "{% import 'macros' as ui %}{{ ui.sees() }}{{ brand }}",
    "{% macro m(a) %}{{ a }}{{ name }}{% endmacro %}{{ m(word) }}{{ m('c') }}",
    "{% macro lister(x) %}{% for i in x %}{{ loop.index }}{{ i }}{{ loop.last }}{% else %}none{% endfor %}{% endmacro %}"
    "{{ lister([1, word, 'c']) }}{{ lister([]) }}{{ lister(empty) }}",
    "{% set x = 1 %}{% if yes %}{% set x = 2 %}{% elif no %}{% set y = 3 %}{% endif %}{{ x }}{{ y is defined }}",
    "{% if no %}{% set x = 2 %}{% else %}{% set x = word %}{% endif %}{{ x }}{% set x = x ~ 'z' %}{{ x }}",
    "{% for i in items %}{% if i.k == 1 %}{% set f = i.v %}{% endif %}{{ f | default('-') }}{% endfor %}",
    "{% set ns = namespace(t=0) %}{% for i in items %}{% set ns.t = ns.t + i.k %}{% endfor %}{{ ns.t }}",
    "{% set a, b = 1, word %}{{ a }}{{ b }}{% set c, d = nested.items() | list | first %}{{ c }}{{ d }}",
    "{% with a = 1, b = name %}{{ a }}{{ b }}{% set word = 'in' %}{{ word }}{% endwith %}{{ word }}",
    "{% for k, v in nested.a | dictsort %}{{ k }}={{ v }}{% endfor %}{% for i in items if i.k > 1 %}{{ i.v }}{% endfor %}",
    "{% for i in items %}{% for i in items %}{{ i.k }}{{ loop.revindex }}{% endfor %}{{ i.k }}{{ loop.first }}{% endfor %}",
    "{% for i in range(3) %}{{ loop.cycle('a', 'b') }}{{ i }}{{ loop.previtem is defined }}{% endfor %}",
    "{% set s %}<i>{{ name }}</i>{% endset %}{{ s }}{{ s }}",
    "{{ word | upper }}{{ name | e }}{{ markup }}",
    "{{ 'a' if no }}{{ 'a' if yes }}{{ missing is defined }}{{ missing | default('d') }}{{ none_ or word }}{{ yes and word }}",
    "{{ name.split(' ')[0] }}{{ 'x y'.split(' ')[1] }}{{ nested.a.b }}{{ nested['a']['b'] }}{{ number }}{{ none_ }}{{ yes }}",
    "{{ [1, word] }}{{ {'a': name} }}{{ (1, 2) }}{{ 3 * 4 }}{{ '%s-%s' % (word, 2) }}{{ 1 < 2 < 3 }}{{ not no }}{{ -3 }}",
    "{{ brand.color }}{{ brand.none | default('q') }}{{ brand.color is defined }}{{ brand.other is defined }}{{ many }}",
    "{{ function(word) }}{{ items | map(attribute='v') | join('/') }}{{ items | length }}{{ items[-1].v }}{{ items[:1] }}",
    "{# a comment #}x{{- ' ' -}}y",
    "{% for c in [1, 2] %}{% for r in items %}{{ r.v }}{{ c }}{% endfor %}{% endfor %}",
    "{% if 'a' in 'abc' %}yes{% else %}{{ missing }}{% endif %}{% if false %}{{ missing }}{% endif %}",
]
REFUSED = {
    "{% extends word %}": "the name of a template",
    "{% if yes %}{% extends 'base' %}{% endif %}": "what it extends",
    "{% include word %}": "the name of a template",
    "{% include 'nothing' ignore missing %}": "nothing is not there",
    "{% include 'part' without context %}": "without context",
    "{% import 'macros' as ui with context %}": "with context",
    "{% import 'macros' as ui %}{% set x = ui.m %}{{ x(1) }}": "inside an expression",
    "{% import 'macros' as ui %}{{ ui.m(1) | upper }}": "inside an expression",
    "{% import 'macros' as ui %}{{ ui }}": "inside an expression",
    "{% import 'macros' as ui %}{{ ui.m(*items) }}": "hard to follow",
    "{% import 'macros' as ui %}{{ ui.m() }}": "does not get its argument a",
    "{% import 'macros' as ui %}{{ ui.m(1, q=2) }}": "does not name",
    "{% macro m() %}{{ varargs }}{% endmacro %}{{ m() }}": "it uses varargs",
    "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}": "a default of a macro",
    "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(word) }}": "hard to follow",
    "{{ self.x() }}{% block x %}{% endblock %}": "it uses self",
    "{{ super() }}": "super()",
    "{% block x required %}{% endblock %}": "required",
    "{% for i in items %}{% block x scoped %}{{ i }}{% endblock %}{% endfor %}": "scoped",
    "{% for i in items recursive %}{{ i }}{% endfor %}": "recursive",
    "{% if yes %}{% set s %}x{% endset %}{% endif %}": "stands in a condition",
    "{% set s %}x{% endset %}{{ s | upper }}": "inside an expression",
    "{% set s | upper %}x{% endset %}{{ s }}": "a set block",
    "{% filter upper %}x{% endfilter %}": "it holds a FilterBlock",
    "{{ looks() }}": "looks at the context",
    "{{ word | looking }}": "looks at the context",
    "{% extends 'base' %}{% if yes %}{% set a = 1 %}{% endif %}": "stands beside the blocks",
    "{% for a in " + str(list(range(24))) + " %}{% for b in " + str(list(range(24))) + " %}{% for c in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] %}"
    "{{ c }}{{ word }}{% endfor %}{% endfor %}{% endfor %}": "too large",
}  # fmt: skip


def _environment(*, escaping: bool = True) -> Any:
    env = environment(
        FILES, escaping=escaping, brand={"color": "#123"}, many=[1, 2], function=lambda word: f"f{word}<", looks=_looks
    )
    env.filters["looking"] = _looking
    return env


@pass_context
def _looks(context: Any) -> str:
    return str(len(context))


@pass_context
def _looking(_: Any, value: str) -> str:
    return value


@pytest.mark.parametrize("escaping", [True, False])
@pytest.mark.parametrize("source", SAME)
def test_the_same_is_printed(source: str, escaping: bool) -> None:  # noqa: FBT001
    """Inheritance, includes, macros, scopes, loops, constants: the same text, from one function."""
    env = _environment(escaping=escaping)
    body = made(source, CONTEXT, env)

    assert plain(source, CONTEXT, env) == printed(body, CONTEXT, env)


@pytest.mark.parametrize("source", REFUSED)
def test_what_cannot_be_followed_is_refused(source: str) -> None:
    """The reason is told; the plain way renders it."""
    with pytest.raises(UnfitError, match=REFUSED[source].replace("(", r"\(").replace(")", r"\)")):
        made(source, CONTEXT, _environment())


@pytest.mark.parametrize(
    "source",
    [
        "{% import 'macros' as ui %}{{ ui.m(name) | upper }}{% set s %}{{ name }}{% endset %}{{ s | length }}"
        "{% for i in items %}{{ ui.m(i.v) | length }}{% endfor %}{% call ui.outer('x') %}{{ word }}{% endcall %}"
        "{% if yes %}{% set s | upper %}q{{ word }}{% endset %}{% endif %}{{ s }}",
        "{% macro m() %}x{{ name }}{% endmacro %}{{ m() | upper }}{% extends 'base' %}",
    ],
)
def test_text_may_call_macros_in_expressions(source: str) -> None:
    """Where nothing is escaped, what a macro prints is a text like any other."""
    env = _environment(escaping=False)

    assert plain(source, CONTEXT, env) == printed(made(source, CONTEXT, env), CONTEXT, env)


def test_constants_are_computed_once() -> None:
    """What depends on globals only is text, and a loop over a constant is written out."""
    env = _environment()
    body = made("{% for n in many %}{{ n * 2 }}{{ brand.color }}{% endfor %}", CONTEXT, env)

    assert (["2#1234#123"], 0, ()) == body._function({})


def test_names_that_come_later() -> None:
    """A name that the first context did not have may be in another; then the body is not for it."""
    env = _environment()
    body = made("{{ note | default('none') }}", CONTEXT, env)

    assert {"note"} == body.absent
    assert "none" == printed(body, CONTEXT, env)


def test_a_name_that_is_missing_is_for_the_plain_way() -> None:
    """It raises the error that names the place."""
    env = _environment()
    body = made("{{ name }}", CONTEXT, env)

    assert None is printed(body, {}, env)


def test_long_loops_are_watched() -> None:
    """What prints very much is left to the plain way, which holds it to its limits."""
    env = _environment()
    body = made("{% for i in range(100000) %}{{ i }}{{ word }}{{ i }}{% endfor %}", CONTEXT, env)

    assert None is printed(body, CONTEXT, env)


def test_what_fails_again_and_again_is_given_up() -> None:
    """A body that never works costs nothing more."""
    env = _environment()
    body = made("{{ name }}", CONTEXT, env)
    for _ in range(20):
        assert None is printed(body, {}, env)

    assert None is printed(body, CONTEXT, env)
