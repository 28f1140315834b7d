"""Params, types and defaults follow from how a template uses what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from adopting.adopted import Project

if TYPE_CHECKING:
    from pathlib import Path

CASES: dict[str, tuple[str, dict[str, str]]] = {
    "plain": ("{{ word }}", {"word": "str"}),
    "global": ("{{ shop.name }} {{ recipient.name }} {{ locale }} {{ word }}", {"word": "str"}),
    "field": ("{{ car.wheel.size }}", {"car": "Car", "Car.wheel": "Wheel", "Wheel.size": "str"}),
    "key": ("{{ car['wheel'] }}", {"car": "Car", "Car.wheel": "str"}),
    "list": ("{% for tag in tags %}{{ tag }}{% endfor %}", {"tags": "list[str]"}),
    "objects": (
        "{% for p in parcels %}{{ p.label }}{% endfor %}{{ parcels[0].weight * 2 }}",
        {"parcels": "list[Parcel]", "Parcel.label": "str", "Parcel.weight": "Decimal"},
    ),
    "nested": (
        "{% for row in rows %}{% for cell in row %}{{ cell }}{% endfor %}{% endfor %}",
        {"rows": "list[list[str]]"},
    ),
    "mapping": ("{% for k, v in prices.items() %}{{ k }} ${{ v }}{% endfor %}", {"prices": "dict[str, Decimal]"}),
    "order": ("{% if seats > 3 %}{{ seats }}{% endif %}", {"seats": "int"}),
    "length": ("{% if tags | length > 1 %}x{% endif %}", {"tags": "list[str]"}),
    "money": ("${{ sum_of_all }} {{ other }} EUR", {"sum_of_all": "Decimal", "other": "Decimal"}),
    "format": (
        '{{ "%.2f" | format(a) }} {{ "%d" % b }} {{ "{:,.2f}".format(c) }}',
        {"a": "Decimal", "b": "int", "c": "Decimal"},
    ),
    "float": ("{{ price * 1.5 }} {{ price + other }}", {"price": "float", "other": "float"}),
    "mixed": ("${{ unit_price * quantity }}", {"unit_price": "Decimal", "quantity": "int"}),
    "texts": ("{{ first + ' ' + last }}", {"first": "str", "last": "str"}),
    "href": ('<a href="{{ target }}">x</a><img src="{{ face }}" alt="">', {"target": "Url", "face": "Url"}),
    "in an href": ('<a href="https://acme.example/{{ number }}">x</a>', {"number": "str"}),
    "mailto": ('<a href="mailto:{{ help_desk }}">x</a>', {"help_desk": "Email"}),
    "dates": (
        "{{ sent_at }} {{ due_on }} {{ start_date }}",
        {"sent_at": "datetime", "due_on": "date", "start_date": "date"},
    ),
    "clock": (
        "{{ a.strftime('%H:%M') }} {{ b.strftime('%Y') }} {{ c.year }}",
        {"a": "datetime", "b": "date", "c": "date"},
    ),
    "email": ("{{ email }} {{ billing_email }}", {"email": "Email", "billing_email": "Email"}),
    "bools": ("{% if gift %}x{% endif %}{{ 'y' if is_new }}", {"gift": "bool = False", "is_new": "bool = False"}),
    "optional": ("{% if note %}{{ note }}{% endif %}", {"note": "str | None = None"}),
    "unguarded": ("{% if note %}x{% endif %}{{ note }}", {"note": "str"}),
    "none": ("{% if note is not none %}{{ note }}{% endif %}", {"note": "str | None = None"}),
    "not equal": ("{% if note != none %}{{ note }}{% endif %}", {"note": "str | None = None"}),
    "or": ("{{ note or 'x' }}", {"note": "str | None = None"}),
    "choice": ("{{ note if note else 'x' }}", {"note": "str | None = None"}),
    "else": ("{% if not note %}x{% else %}{{ note }}{% endif %}", {"note": "str | None = None"}),
    "and": ("{% if a and a.b %}{{ a.b }}{% endif %}", {"a": "A | None = None", "A.b": "str | None = None"}),
    "default": ("{{ note | default('x') }}", {"note": "str = 'x'"}),
    "number default": ("{{ number | default(3) }}", {"number": "int = 3"}),
    "default of a field": ("{{ a.b | default('x') }}", {"a": "A", "A.b": "str = 'x'"}),
    "default of another": ("{{ note | default(other) }}", {"note": "str", "other": "str"}),
    "default for what is false": ("{{ note | default(other, true) }}", {"note": "str | None = None", "other": "str"}),
    "defined": ("{% if note is defined %}{{ note }}{% endif %}", {"note": "str"}),
    "optional list": ("{% if tags %}{% for t in tags %}{{ t }}{% endfor %}{% endif %}", {"tags": "list[str] = []"}),
    "other item": (
        "{% for a in xs %}{% if a.y %}{% for b in xs %}{{ b.y }}{% endfor %}{% endif %}{% endfor %}",
        {"xs": "list[X]", "X.y": "str"},
    ),
    "html": ("{{ body | safe }}", {"body": "Html"}),
    "text": ("{% for line in body.splitlines() %}{{ line }}{% endfor %}", {"body": "Text"}),
    "compared with another": ("{% if a < b %}{{ a | upper }}{% endif %}", {"a": "Decimal", "b": "Decimal"}),
    "moments": ("{% if due_on < today %}x{% endif %}", {"due_on": "date", "today": "date"}),
    "one of some": ("{% if state in ['new', 'old'] %}x{% endif %}", {"state": "str"}),
    "rates": (
        "{{ rates[currency] }}{{ pages.get(currency).size }}",
        {"rates": "dict[str, str]", "currency": "str", "pages": "dict[str, Page]", "Page.size": "str"},
    ),
    "get": (
        "{{ a.get('b', 'x') }}{% if a.get('c') %}{{ a.c }}{% endif %}",
        {"a": "A", "A.b": "str = 'x'", "A.c": "str"},
    ),
    "groups": (
        "{% for g in xs | groupby('kind') %}{{ g.grouper }}{% for x in g.list %}{{ x.y }}{% endfor %}{% endfor %}",
        {"xs": "list[X]", "X.kind": "str", "X.y": "str"},
    ),
    "chosen": (
        "{% for x in xs | selectattr('note') | rejectattr('size', 'eq', 3) %}{{ x.note }}{% endfor %}",
        {"xs": "list[X]", "X.note": "str", "X.size": "int"},
    ),
    "namespace": (
        "{% set ns = namespace(sum=0.0) %}{% for x in xs %}{% set ns.sum = ns.sum + x.cost %}{% endfor %}{{ ns.sum }}",
        {"xs": "list[X]", "X.cost": "float"},
    ),
    "numbers": (
        "{{ -a }}{{ b is odd }}{{ c | filesizeformat }}{{ d | int }}",
        {"a": "Decimal", "b": "int", "c": "int", "d": "int"},
    ),
    "date methods": ("{{ a.date() }}{{ b.isoformat() }}{{ c.hour }}", {"a": "datetime", "b": "date", "c": "datetime"}),
    "table": (
        "{% set cs = [{'k': 'a'}, {'k': 'b'}] %}{% for r in rs %}{% for c in cs %}{{ r[c.k] }}{% endfor %}{% endfor %}",
        {"rs": "list[R]", "R.a": "str", "R.b": "str"},
    ),
    "filter block": (
        "{% filter upper %}{{ a }}{% endfilter %}{% set b %}{{ c }}{% endset %}{{ b }}",
        {"a": "str", "c": "str"},
    ),
    "set": ("{% set a = user.name %}{{ a }}", {"user": "User", "User.name": "str"}),
    "with": ("{% with a = user.name %}{{ a }}{% endwith %}", {"user": "User", "User.name": "str"}),
    "own": ("{% set a = 1 %}{{ a }}{% for i in range(3) %}{{ i }}{{ loop.index }}{% endfor %}", {}),
    "macro": (
        "{% macro b(u, t='x') %}<a href='{{ u }}'>{{ t }}</a>{% endmacro %}{{ b(go) }}{{ b(u=stay, t=word) }}",
        {"go": "Url", "stay": "Url", "word": "str"},
    ),
    "call": (
        "{% macro m() %}{{ caller('x') }}{% endmacro %}{% call(a) m() %}{{ a }}{{ word }}{% endcall %}",
        {"word": "str"},
    ),
    "tree": (
        "{% for n in nodes recursive %}{{ n.label }}{{ loop(n.below) if n.below }}{% endfor %}",
        {"nodes": "list[Node]", "Node.label": "str", "Node.below": "list[Node] = []"},
    ),
    "attributes": (
        "{{ xs | map(attribute='label') | join(', ') }}{{ xs | sum(attribute='cost') }}",
        {"xs": "list[X]", "X.label": "str", "X.cost": "Decimal"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_params(tmp_path: Path, case: str) -> None:
    """The params and types are those that the uses tell; nothing is found wrong with them."""
    text, expected = CASES[case]
    project = Project.new(tmp_path / "shop")

    assert expected == project.params(text)
    assert [] == [each for each in project.findings() if "tpl-autoescape" not in each]


def test_a_name_that_is_set_in_one_arm_only(tmp_path: Path) -> None:
    """Elsewhere it is read from outside, so that it is a param, and a note says so."""
    project = Project.new(tmp_path / "shop")
    adoption = project.adopt(project.template("{% if a %}{% set x = 'y' %}{% endif %}{{ x }}"))

    assert "'x' is set in one arm of an `if` only" in str(adoption.notes[0])
    assert "y" in (project.render("mail").html or "")
    assert "X" in (project.render("mail", "least").html or "")


def test_the_subject_is_the_title(tmp_path: Path) -> None:
    """What <title> says becomes the subject, in one line, without entities."""
    project = Project.new(tmp_path / "shop")
    definition = project.adopted("<title>\n  Fish &amp; {{ side }}\n</title>")

    assert "Fish & {{ side }}" == definition.subject[""].source


@pytest.mark.parametrize("text", ["<title>{{ subject }}</title>", "{% set a = b %}<title>{{ a }}</title>", "<p>x</p>"])
def test_a_title_that_does_not_stand_by_itself(tmp_path: Path, text: str) -> None:
    """Where the title needs what only the template has, the subject is the name."""
    project = Project.new(tmp_path / "shop")
    adoption = project.adopt(project.template(text, "order_paid.html"))

    assert "Order paid" == project.notifier_after(adoption).subject[""].source


def test_a_subject_that_is_given(tmp_path: Path) -> None:
    """Its params are declared too, and none of it may have several lines."""
    project = Project.new(tmp_path / "shop")
    params = project.params("{{ body.splitlines() | join }}", subject="{{ number }}: {{ body }}")

    assert {"body": "str", "number": "str"} == params
    assert [] == project.findings()


def test_a_preheader_is_lifted_from_a_copy(tmp_path: Path) -> None:
    """What is hidden at the top of a template from elsewhere goes into the definition, and shows once."""
    project = Project.new(tmp_path / "shop")
    file = tmp_path / "old.html"
    file.write_text('<p>x</p><div class="preheader" style="display:none">Hi {{ who }} &nbsp;&zwnj;</div>{{ who }}')
    definition = project.notifier_after(project.adopt(file))

    assert "Hi {{ who }}" == definition.preheader[""].source
    assert "{{ preheader }} &nbsp;&zwnj;</div>" in (project.folder / "templates" / "old.html").read_text()
    assert 1 == (project.render("old").html or "").count("Hi Who")


def test_a_preheader_stays_in_a_template_that_stays(tmp_path: Path) -> None:
    """A template of the project is not changed; a note says what can be done."""
    project = Project.new(tmp_path / "shop")
    file = project.template('<div class="preheader">Hi {{ who }}</div>')
    adoption = project.adopt(file)

    assert [project.folder / "notifications" / "mail.yaml"] == list(adoption.files)
    assert "the template holds its preheader itself" in str(adoption.notes[0])


def test_a_text_template_beside_it(tmp_path: Path) -> None:
    """It is the text part, and its params are declared; else the text is made from the HTML."""
    project = Project.new(tmp_path / "shop")
    (tmp_path / "old.html").write_text("{{ a }}")
    (tmp_path / "old.txt").write_text("{{ b }}\n")
    definition = project.notifier_after(project.adopt(tmp_path / "old.html", "new.name"))

    assert definition.contract is not None
    assert ["a", "b"] == list(definition.contract.params)
    assert "B\n" == project.render("new.name").text
    assert project.adopted("<p>x</p>").text_auto


def test_names(tmp_path: Path) -> None:
    """The id comes from the file's name; a file that is called otherwise is named in the definition."""
    project = Project.new(tmp_path / "shop")
    adoption = project.adopt(project.template("x", "Billing/order-PaidLate.html"))

    assert "billing.order_paid_late" == adoption.id
    assert "x" in (project.render(adoption.id).html or "")
