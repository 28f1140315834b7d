"""How two projects differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader

from notify import hookimpl
from notify.configuration import Configuration
from notify.contracts import Snapshot, compare
from notify.errors import DefinitionError
from notify.plugins import Plugins

if TYPE_CHECKING:
    from pathlib import Path

    from contracts.conftest import Project

    from notify.contracts import Change

BASE = """\
category: transactional
params:
  customer: Customer
  note: {type: "str | None", max_length: 9}
  plan: {type: "'free' | 'paid'", default: free}
  code: {type: str, sensitive: true}
  items: "list[Item]"
types:
  Customer: {name: str, email: Email}
  Item: {sku: str, price: int}
subject: {en: Hello, fr: Bonjour}
preheader: Soon
html: <p>Hello</p>
text: Hello
headers: {List-Unsubscribe: "<https://acme.example/u>", X-Entity: "1"}
reply_to: support@acme.example
tags: [orders]
options: {sendgrid: {ip_pool: shop}}
attachments: [{path: terms.pdf}]
samples:
  default: {customer: {name: Ada, email: a@acme.example}, code: x, items: []}
  long: {extends: default, note: Long}
"""
CASES = [
    ("  code: {", "  extra: int\n  code: {", "param-added", "caller queue", 6),
    ("  code: {", "  extra: {type: int, default: 1}\n  code: {", "param-added", "", 6),
    ("  code: {type: str, sensitive: true}\n", "", "param-removed", "caller", 1),
    ('{type: "str | None", max_length: 9}', "{type: str, max_length: 9}", "param-required", "caller queue", 4),
    ("sku: str,", 'sku: "str | None",', "param-optional", "", 10),
    ("price: int", "price: Decimal", "param-widened", "", 10),
    ("name: str,", "name: Text,", "param-retyped", "", 9),
    ("max_length: 9", "max_length: 9, min_length: 0", "constraint-loosened", "", 4),
    ("email: Email", "email: Url", "param-retyped", "caller queue", 9),
    ("name: str,", "name: Email,", "param-narrowed", "caller queue", 9),
    ("'free' | 'paid'", "'free' | 'paid' | 'pro'", "param-widened", "", 5),
    ("'free' | 'paid'", "'free'", "param-narrowed", "caller queue", 5),
    ('"list[Item]"', '"dict[str, Item]"', "param-retyped", "caller queue", 7),
    ('"list[Item]"', "Item", "param-retyped", "caller queue", 7),
    ("price: int}", "price: int, size: {type: int, default: 1}}", "param-added", "", 10),
    ("price: int}", "price: int, size: int}", "param-added", "caller queue", 10),
    (", price: int}", "}", "param-removed", "caller", 1),
    ("max_length: 9", "max_length: 8", "constraint-tightened", "caller queue", 4),
    ("max_length: 9", "max_length: 10", "constraint-loosened", "", 4),
    ('items: "list[Item]"', 'items: {type: "list[Item]", max_length: 5}', "constraint-tightened", "caller queue", 7),
    ("default: free", "default: paid", "default-changed", "", 5),
    (", sensitive: true", "", "sensitive-changed", "queue", 6),
    ("email: Email}", "email: {type: Email, sensitive: true}}", "sensitive-changed", "", 9),
    ("category: transactional", "category: marketing", "category-changed", "caller queue", 1),
    ("reply_to: support@acme.example\n", "", "reply-to-changed", "", 1),
    ("tags: [orders]", "tags: [order]", "tags-changed", "", 1),
    ("tags:", "sender: other@acme.example\ntags:", "sender-changed", "", 1),
    ("tags:", "delivery: at_least_once\ntags:", "delivery-changed", "caller queue", 1),
    ("ip_pool: shop", "ip_pool: other", "options-changed", "", 1),
    ("{path: terms.pdf}", "{path: terms.html}", "attachments-changed", "", 19),
    ('List-Unsubscribe: "<https://acme.example/u>", ', "", "list-header-removed", "caller queue", 1),
    ("acme.example/u>", "acme.example/v>", "list-header-changed", "", 15),
    ("X-Entity:", "X-Other:", "header-removed", "", 1),
    ("fr: Bonjour", "de: Hallo", "locale-removed", "caller queue", 1),
    ("fr: Bonjour", "fr: Salut", "subject-changed", "", 11),
    ("preheader: Soon\n", "", "preheader-changed", "", 1),
    ("text: Hello\n", "", "part-removed", "", 1),
    ("html: <p>Hello</p>\n", "", "part-removed", "caller queue", 1),
    ("<p>Hello</p>", "<p>Hallo</p>", "html-changed", "", 13),
    ("  long: {extends: default, note: Long}\n", "", "sample-removed", "", 1),
    ("note: Long", "note: Longer", "sample-changed", "", 22),
    ("  long:", "  longer:", "sample-added", "", 22),
]


def changes(project: Project, old: str, new: str) -> list[Change]:
    """The changes of one notification."""
    return compare(*(project({"notifications/order.yaml": text}) for text in (old, new)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[2]} {case[1][:20].strip()}")
def test_each_kind_of_change(project: Project, case: tuple[str, str, str, str, int]) -> None:
    """It is found, where it is in the new revision, with those whom it breaks."""
    before, after, kind, breaks, line = case
    assert before in BASE
    found = {change.kind: change for change in changes(project, BASE, BASE.replace(before, after))}

    assert kind in found
    assert breaks.split() == list(found[kind].breaks)
    assert ("order", "notifications/order.yaml", line) == (
        found[kind].notification,
        found[kind].location.path,
        found[kind].location.line,
    )


def test_each_change_is_told_once(project: Project) -> None:
    """A narrower field is no change of what holds it, and what is the same in other words is none at all."""
    renamed = BASE.replace("Customer", "Person").replace("  Item:", "  # a line\n  Item:")

    assert [] == changes(project, BASE, BASE)
    assert [] == changes(project, BASE, renamed)
    for before, after, kind, _, _ in CASES[:23]:
        assert [kind] == [
            change.kind for change in changes(project, BASE, BASE.replace(before, after))
            if not change.kind.startswith("sample")
        ]  # fmt: skip


def test_the_path_of_a_field_is_in_the_message(project: Project) -> None:
    """Brackets stand for each item of a list."""
    found = changes(project, BASE, BASE.replace("price: int", "price: str"))

    assert ["the param items[].price takes other values (int, now str)"] == [change.message for change in found]


def test_notifications_come_and_go(project: Project) -> None:
    """One that is gone breaks everybody; a new one nobody."""
    first = project({"notifications/a.yaml": "subject: A\ntext: x\n"})
    second = project({"notifications/b.yaml": "subject: A\ntext: x\n"})

    assert [("a", "notification-removed", ("caller", "queue")), ("b", "notification-added", ())] == [
        (change.notification, change.kind, change.breaks) for change in compare(first, second)
    ]


def test_params_that_were_not_declared(project: Project) -> None:
    """To declare them breaks who gave others; to take anything again breaks nobody."""
    without = "subject: A\ntext: x\n"
    declared = f"{without}params: {{a: int}}\n"

    assert [("params-declared", ("caller", "queue"))] == [
        (c.kind, c.breaks) for c in changes(project, without, declared)
    ]
    assert [("params-undeclared", ())] == [(c.kind, c.breaks) for c in changes(project, declared, without)]


def test_parts_come_and_go(project: Project) -> None:
    """A template for a part is new, where the part is; Markdown gives the HTML."""
    without = "subject: A\ntext: x\n"

    assert ["part-added"] == [change.kind for change in changes(project, without, f"{without}html: <p>x</p>\n")]
    assert ["part-removed"] == [change.kind for change in changes(project, f"{without}markdown: x\n", without)]


def test_an_alias_is_looked_through(project: Project) -> None:
    """The fields of what an alias stands for are compared; models of the application as a whole."""
    types = "{P: Person, Person: {x: int}, M: 'contracts.test_canonical:Place'}"
    text = f"subject: A\ntext: x\nparams: {{a: P}}\ntypes: {types}\n"
    field = text.replace("x: int", "x: str")
    first, second = (text.replace("{a: P}", f"{{a: {kind}}}") for kind in ("M", "'M | None'"))

    assert ["the param a.x takes other values (int, now str)"] == [c.message for c in changes(project, text, field)]
    assert ["param-optional"] == [change.kind for change in changes(project, first, second)]
    assert ["param-retyped"] == [change.kind for change in changes(project, text, first)]


def test_templates_that_plugins_bring(project: Project) -> None:
    """They have no file of the project; only another name of one is a change."""
    first, second = (f"subject: A\nhtml: notify/{name}.html\n" for name in ("base", "markdown"))

    assert ["html-changed"] == [change.kind for change in changes(project, first, second)]


def test_templates_that_have_no_file(tmp_path: Path) -> None:
    """What a plugin keeps elsewhere is compared by its name."""

    class Plugin:
        @hookimpl
        def notify_templates(self) -> list[DictLoader]:
            return [DictLoader({"kept.html": "<p>Hello</p>"})]

    (tmp_path / "notifications").mkdir()
    (tmp_path / "notify.yaml").write_text("sender: a@acme.example\n")
    (tmp_path / "notifications/a.yaml").write_text("subject: A\nhtml: kept.html\n")
    snapshot = Snapshot.read(Configuration.load(tmp_path), Plugins(others=[Plugin()]))

    assert {("html", ""): "the template kept.html"} == {
        key: text.source for key, text in snapshot.notifications["a"].bodies.items()
    }


def test_a_type_that_contains_itself(project: Project) -> None:
    """The walk ends, and finds what changed inside of it once."""
    text = "subject: A\ntext: x\nparams: {tree: Tree}\ntypes: {Tree: {size: int, inside: 'list[Tree]'}}\n"

    assert ["the param tree.size takes more (int, now float)"] == [
        change.message for change in changes(project, text, text.replace("size: int", "size: float"))
    ]


def test_templates_and_shared_types_are_compared(project: Project) -> None:
    """A file of a locale, and a type of notify.yaml, are found at their own place."""
    definition = "subject: A\nparams: {who: Person}\nsamples: {default: {who: {name: Ada}}}\n"
    config = "sender: a@acme.example\ntypes: {Person: {name: str}}\n"
    old = project({
        "notify.yaml": config, "notifications/a.yaml": definition, "templates/a.html": "<p>",
        "templates/a.fr.html": "<p>",
    })  # fmt: skip
    new = project({
        "notify.yaml": config.replace("name: str", "name: int").replace("a@", "b@"), "templates/a.html": "<b>",
        "notifications/a.yaml": definition, "templates/a.de.html": "<p>",
    })  # fmt: skip

    assert [
        "notify.yaml:1 sender-changed",
        "notify.yaml:2 param-retyped",
        "notifications/a.yaml:1 locale-removed",
        "templates/a.de.html:1 locale-added",
        "templates/a.html:1 html-changed",
    ] == [f"{change.location.path}:{change.location.line} {change.kind}" for change in compare(old, new)]


def test_faulty_definitions_are_told(project: Project) -> None:
    """What cannot be read cannot be compared; faults of samples are no matter."""
    with pytest.raises(DefinitionError, match=r"^notifications/a.yaml:1:1: there is no subject"):
        project({"notifications/a.yaml": "text: x\n"})
    project({"notifications/a.yaml": "subject: A\ntext: x\nparams: {a: int}\nsamples: {default: {a: x}}\n"})


def test_another_model_of_the_application(project: Project) -> None:
    """Fields are compared as far as notify has words for them; what else differs is told as a whole."""
    text = "subject: A\ntext: x\nparams: contracts.test_canonical:{}\n"
    person, place, longer = (text.format(name) for name in ("Person", "Place", "LongNamed"))

    assert [] == changes(project, person, text.format("Somebody"))
    assert {"param-added", "param-removed"} == {change.kind for change in changes(project, person, place)}
    assert [("model-changed", ("caller", "queue"))] == [(c.kind, c.breaks) for c in changes(project, person, longer)]
