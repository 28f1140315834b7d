"""Templates that tell which of their arms are reached."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notify import Notifier
from notify.call import Call
from notify.testing.cases import call_of, cases
from notify.testing.instrumented import Instrumented

if TYPE_CHECKING:
    from notify.testing.instrumented import Record

SHOP = Path(__file__).parents[2] / "examples/shop"


def record_of(folder: Path, html: str, *samples: str, **templates: str) -> Record:
    """What is reached of a template by samples, each the YAML of its params."""
    (folder / "notifications").mkdir()
    (folder / "templates").mkdir()
    (folder / "notify.yaml").write_text('sender: "hello@acme.example"\n')
    listed = "".join(f"  s{number}: {{{params}}}\n" for number, params in enumerate(samples))
    yaml = f"params: {{x: bool, items: {{type: 'list[str]', default: []}}}}\nsubject: Hi\nsamples:\n{listed}"
    (folder / "notifications/it.yaml").write_text(yaml)
    (folder / "templates/it.html").write_text(html)
    for name, text in templates.items():
        (folder / f"templates/{name}.html").write_text(text)
    notifier = Notifier.load(folder)
    instrumented, bare = Instrumented(notifier), notifier.composer(lambda _: None)
    for case in cases(notifier):
        plain = bare.rendered(case.definition, Call.read("it", **call_of(case)))
        assert plain == instrumented.rendered(case)
    return instrumented.record


@pytest.mark.parametrize(
    ("html", "samples", "missed"),
    [
        ("{% if x %}a{% endif %}", ["x: true"], ["1: the else of the if was not taken"]),
        ("{% if x %}a{% endif %}", ["x: false"], ["1: the if was not taken"]),
        ("{% if x %}a{% endif %}", ["x: false", "x: true"], []),
        ("{% if x %}a{% else %}b{% endif %}", ["x: true"], ["1: the else of the if was not taken"]),
        (
            "{% if x %}a\n{% elif items %}b\n{% else %}c{% endif %}",
            ["x: true"],
            ["1: the else of the if was not taken", "2: the elif was not taken"],
        ),
        ("{% if x %}a{% elif items %}b{% endif %}", ["x: false, items: [i]", "x: true", "x: false"], []),
        ("{% for i in items %}{{ i }}{% endfor %}", ["x: true"], ["1: the for was not entered"]),
        ("{% for i in items %}{{ loop.index }}{% endfor %}", ["x: true, items: [a, b]"], []),
        (
            "{% for i in items %}{{ i }}{% else %}none{% endfor %}",
            ["x: true, items: [a]"],
            ["1: the else of the for was not taken"],
        ),
        ("{% for i in items if i %}{{ i }}{% else %}none{% endfor %}", ["x: true, items: [a]", "x: true"], []),
        ("{% macro m(a) %}{{ a }}{% endmacro %}{{ x }}", ["x: true"], ["1: the macro m was not called"]),
        ("{% macro m(a=1) %}{{ a }}{% endmacro %}{{ m() }}", ["x: true"], []),
        (
            "{% macro m() %}{% if x %}{{ caller() }}{% endif %}{% endmacro %}{% call m() %}in{% endcall %}",
            ["x: false"],
            ["1: the body of the call was not asked for", "1: the if was not taken"],
        ),
        ("{{ 'a' if x else '<b>' }}", ["x: true"], ["1: the else of the inline if was not taken"]),
        ("{{ 'a' if x else '<b>' }}{{ '<i>' if x }}", ["x: true", "x: false"], []),
        (
            '{% extends "base.html" %}{% block a %}own{% endblock %}',
            ["x: true"],
            ["base: the block a was not rendered"],
        ),
        ('{% extends "base.html" %}{% block a %}{{ super() }}{% endblock %}', ["x: true"], []),
        ('{% extends "base.html" %}', ["x: true"], []),
        (
            "{% if x %}{% if items %}i{% endif %}{% endif %}",
            ["x: false"],
            ["1: the if was not taken"] * 2 + ["1: the else of the if was not taken"],
        ),
        ('{% if x %}{% include "part.html" %}{% endif %}', ["x: true", "x: false"], ["part: the for was not entered"]),
        (
            "{% set y = 'a' if x else 'b' %}{% filter upper %}{% if y == 'a' %}{{ y }}{% endif %}{% endfilter %}",
            ["x: true", "x: false"],
            [],
        ),
    ],
)  # fmt: skip
def test_arms(tmp_path: Path, html: str, samples: list[str], missed: list[str]) -> None:
    """Each kind of arm is missed where no sample reaches it, and the output is what it is without."""
    base = "<p>{% block a %}\n<b>of the base</b>{% endblock %}{% block empty %} {% endblock %}</p>"
    record = record_of(tmp_path, html, *samples, base=base, part="{% for i in items %}i{% endfor %}")

    def shown(words: str) -> str:
        place, _, rest = words.partition(": ")
        return f"templates/it.html:{place}: {rest}" if place.isdigit() else f"templates/{place}.html:1: {rest}"

    assert sorted(map(shown, missed)) == sorted(map(str, record.missed))


def test_the_shop_is_rendered_as_ever() -> None:
    """All mails of the example are the same with instrumented templates, and each arm of them is reached."""
    notifier = Notifier.load(SHOP)
    instrumented, bare = Instrumented(notifier), notifier.composer(lambda _: None)
    for case in cases(notifier):
        call = Call.read(case.definition.id, **call_of(case))
        assert bare.rendered(case.definition, call) == instrumented.rendered(case)

    assert [] == instrumented.record.missed
    assert 100 == instrumented.record.percentage
    assert {"notifications", "templates"} == {arm.path.split("/")[0] for arm in instrumented.record.arms}


def test_nothing_to_reach(tmp_path: Path) -> None:
    """A template without arms is wholly covered."""
    assert 100 == record_of(tmp_path, "{{ x }}", "x: true").percentage
