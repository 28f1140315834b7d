"""Lookups, calls, the sandbox, and what templates have by themselves."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import jinja2
import pytest
from rendering.making import block, case, html, render, text

from notify.errors import RenderError
from notify.rendering import Renderer


@dataclass
class Point:
    x: int
    _hidden: int = 0


def once(source: str, renderer: Renderer, **context: Any) -> str:
    """The text part, rendered a single time: what a template does is done once."""
    return str(renderer.render(case(text=block(source)), context, locale="en").text)


@pytest.mark.parametrize(
    "order",
    [
        {"items": [1], "keys": "k"},
        OrderedDict(items=[1], keys="k"),
        MappingProxyType({"items": [1], "keys": "k"}),
    ],
)
@pytest.mark.parametrize("sandbox", [True, False])
def test_a_field_wins_over_a_method(order: Any, sandbox: bool) -> None:  # noqa: FBT001
    """`order.items` is the field of that name, in every kind of mapping, sandboxed or not."""
    source = "{{ order.items }}{{ order['keys'] }}{{ [order] | map(attribute='items') | list }}"

    assert "[1]k[[1]]\n" == text(source, renderer=Renderer(sandbox=sandbox), order=order)


def test_methods_and_attributes_are_found_behind_fields() -> None:
    """What is no key is looked for as an attribute."""
    assert "[('a', 1)]3X\n" == text("{{ d.items() | list }}{{ p.x }}{{ s.upper() }}", d={"a": 1}, p=Point(3), s="x")


def test_each_lookup_is_evaluated_once() -> None:
    """The fast lookup of a field does not repeat what stands before the dot."""
    calls: list[int] = []

    def order() -> dict[str, dict[str, int]]:
        calls.append(1)
        return {"a": {"b": 1}}

    assert "1\n" == once("{{ order().a.b }}", Renderer(), order=order)
    assert [1] == calls


def test_lookups_work_wherever_code_is_nested() -> None:
    """Fields are found in macros, defaults, filtered loops, call blocks, set blocks and conditions."""
    source = (
        "{% macro m(a, b=d.x.y) %}{{ a.n ~ b }}{{ caller(a.n) if caller is defined }}{% endmacro %}"
        "{{ m({'n': 1}) }}{% call(z) m({'n': 2}) %}[{{ z }}{{ d.x.y }}]{% endcall %}"
        "{% for i in d.l if i.ok and d.x.y %}{{ i.ok }}{{ loop.index }}{% endfor %}"
        "{% set s %}{{ d.x.y }}{% endset %}{{ s }}{{ d.x.y if d.x.y > 1 else 'no' }}"
    )

    assert "1525[25]yes155\n" == text(source, d={"x": {"y": 5}, "l": [{"ok": "yes"}, {"ok": ""}]})


@pytest.mark.parametrize(
    "source",
    [
        "{{ p._hidden }}",
        "{{ p.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ l.append(1) }}",
        "{{ d.update(a=1) }}",
        "{{ f() }}",
        "{{ ('x' | attr('__class__')) }}",
    ],
)
def test_the_sandbox_holds(source: str) -> None:
    """Nothing behind what a template is given can be reached, and nothing can be changed."""

    def unsafe() -> None:
        raise AssertionError

    unsafe.unsafe_callable = True  # type: ignore[attr-defined]
    with pytest.raises(RenderError, match=r"unsafe|must not be called"):
        text(source, p=Point(1), l=[], d={}, f=unsafe)


def test_the_sandbox_can_be_turned_off() -> None:
    """Without it, attributes with an underscore and changes are allowed."""
    source = "{{ p._hidden }}{{ l.append(1) }}{{ l }}"

    assert "7None[1]\n" == once(source, Renderer(sandbox=False), p=Point(1, 7), l=[])


def test_nothing_random_is_offered() -> None:
    """Rendering gives the same for the same input: neither `lipsum` nor `random` is there."""
    for source in ("{{ lipsum() }}", "{{ [1] | random }}"):
        with pytest.raises(RenderError, match=r"lipsum|random"):
            text(source)


def test_globals_filters_and_extensions_reach_every_part() -> None:
    """Globals, `configure` and extensions count in HTML, text, Markdown and macros; a param wins over a global."""

    def configure(environment: jinja2.Environment) -> None:
        environment.filters["louder"] = lambda value: f"{value}!".upper()

    renderer = Renderer(globals={"shop": {"name": "Acme"}, "x": 1}, configure=configure, extensions=["jinja2.ext.do"])
    source = "{% macro m() %}{{ shop.name | louder }}{% endmacro %}{% do [] %}{{ m() }}{{ x }}"
    both = render(case(html=block(source), text=block(source)), renderer=renderer, x=2)

    assert "ACME!2" in (both.html or "")
    assert "ACME!2\n" == both.text
    assert "ACME!2\n" == render(case(markdown=block(source)), renderer=renderer, x=2).text


def test_message_catalogs_can_come() -> None:
    """Jinja2's i18n extension works in every part, escaping as the part does."""

    def configure(environment: jinja2.Environment) -> None:
        install: Any = environment
        install.install_gettext_callables(str.upper, lambda one, many, n: one if n == 1 else many, newstyle=True)

    renderer = Renderer(extensions=["jinja2.ext.i18n"], configure=configure)
    plural = "{% trans n=2, who=who %}{{ who }}{% pluralize n %}{{ n }} of {{ who }}{% endtrans %}"
    source = f"{{% trans %}}hi{{% endtrans %}} {plural}"
    rendered = render(case(html=block(source), text=block(source)), renderer=renderer, who="<b>")

    assert "HI 2 of &lt;b&gt;" in (rendered.html or "")
    assert "HI 2 of <b>\n" == rendered.text


def test_escaping_follows_the_part() -> None:
    """A macro from a .txt escapes when it is called in HTML, and one from a .html does not in the text."""
    loader = jinja2.DictLoader({"m.txt": "{% macro m(x) %}<b>{{ x }}{% endmacro %}"})
    loader.mapping = {**loader.mapping, "m.html": loader.mapping["m.txt"]}
    renderer = Renderer(loaders=[loader])
    from_text = "{% import 'm.txt' as m %}{{ m.m('<&') }}"
    from_html = "{% import 'm.html' as m %}{{ m.m('<&') }}{{ '<' }}"

    assert "<b>&lt;&amp;" in html(from_text, renderer=renderer)
    assert "<b><&<\n" == text(from_html, renderer=renderer)


def test_values_are_not_rendered_again() -> None:
    """Template code in a value stays what it is."""
    rendered = render(case(subject="{{ v }}", html=block("{{ v }}"), text=block("{{ v }}")), v="{{ 7*7 }}{% if %}")

    assert ("{{ 7*7 }}{% if %}", "{{ 7*7 }}{% if %}\n") == (rendered.subject, rendered.text)
    assert "{{ 7*7 }}{% if %}" in (rendered.html or "")


def test_blocks_leave_no_blank_lines() -> None:
    """`trim_blocks`, `lstrip_blocks`, and the line break at the end of an included file."""
    renderer = Renderer(loaders=[jinja2.DictLoader({"part.txt": "part\n"})])

    assert "a\npart\n1\nb\n" == text(
        "a\n{% include 'part.txt' %}\n  {% for i in [1] %}\n{{ i }}\n  {% endfor %}\nb", renderer=renderer
    )


def test_volatile_escaping_still_escapes() -> None:
    """`{% autoescape %}` with a condition works, with `~` in it too."""
    source = "{% autoescape on %}{{ '<' ~ x }}{{ x }}{% endautoescape %}"

    assert "&lt;&amp;&amp;" in html(source, on=True, x="&")
    assert "<&&\n" == text(source, on=False, x="&")


def test_threads_do_not_meet() -> None:
    """One renderer renders different things in many threads at once."""
    renderer = Renderer()
    definition = case(
        subject="{{ n }}", preheader="pre {{ n }}", markdown=block("# {{ n }}\n\n{% for i in n %}{{ i }}*{% endfor %}")
    )
    wrong: list[str] = []

    def work(letter: str) -> None:
        for count in range(1, 40):
            value = letter * count + "_*"
            rendered = render(definition, renderer=renderer, n=value)
            if not (
                value == rendered.subject and value in (rendered.html or "") and f"pre {value}" == rendered.preheader
            ):
                wrong.append(value)

    threads = [threading.Thread(target=work, args=(letter,)) for letter in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == wrong


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{% for x in [1] %}{{ loop.indx }}{% endfor %}", "indx"),
        ('{% import "notify/components.html" as ui %}{{ ui.buton() }}', "buton"),
    ],
)
def test_what_loop_and_import_lack_is_undefined(source: str, name: str) -> None:
    """A typo after `loop.` or the name of an import is an error that names it."""
    with pytest.raises(RenderError, match=name):
        html(source)
