"""The rules about templates: each fires where it must, at its place, and is silent where all is right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notify import Notifier
from notify.checks.rules.templates import RULES
from notify.checks.subjects import Declaring
from notify.checks.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.checks.rule import AnyRule, Problem

ROOT = Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "examples" / "shop"
NOTIFY = """\
sender: a@acme.example
default_environment: test
globals: {shop: {name: Acme}}
"""
BY_ID: dict[str, AnyRule] = {rule.id: rule for rule in RULES}
FIRES = {
    # rule: params, subject, HTML, where it fires
    "tpl-syntax": ("{name: str}", "x", "a\n{% if name %}", "templates/case.html:2:1"),
    "tpl-missing-include": ("{}", "x", "{% include 'a.html' %}", "templates/case.html:1:12"),
    "tpl-undefined-variable": ("{name: str}", "Hello {{ nmae }}", "{{ name }}", "notifications/case.yaml:2:20"),
    "tpl-undefined-attribute": ("{}", "x", "a\n{{ shop.nmae }}", "templates/case.html:2:9"),
    "tpl-optional-unguarded": ('{note: "str | None"}', "x", "{{ note }}", "templates/case.html:1:4"),
    "tpl-not-iterable": ("{total: int}", "x", "{% for a in total %}{% endfor %}", "templates/case.html:1:13"),
    "tpl-unknown-filter": ("{name: str}", "x", "{{ name | uper }}", "templates/case.html:1:11"),
    "tpl-macro-arguments": (
        "{}", "x", "{% macro m() %}{% endmacro %}{{ m(1) }}", "templates/case.html:1:35",
    ),
    "tpl-unused-param": ("{name: str, phone: str}", "x", "{{ name }}", "notifications/case.yaml:1:21"),
    "tpl-autoescape-bypass": ("{name: str}", "x", "{{ name | safe }}", "templates/case.html:1:11"),
    "tpl-unescaped-url": ("{url: str}", "x", '<a href="{{ url }}">x</a>', "templates/case.html:1:13"),
    "tpl-subject-newline": ("{note: Text}", "{{ note }}", "x", "notifications/case.yaml:2:14"),
    "tpl-nondeterministic": ("{}", "x", "{{ now() }}", "templates/case.html:1:4"),
}  # fmt: skip
PLUGIN = """\
import datetime

from notify import hookimpl


@hookimpl
def notify_jinja_environment(environment):
    environment.globals["now"] = datetime.datetime.now
    environment.filters["loud"] = str.upper
"""
CONTEXT = """

@hookimpl
def notify_context(definition, params, recipient, locale):
    return {"unread": 3}
"""


def project(folder: Path, params: str, subject: str, html: str, **more: str) -> Notifier:
    """A project with one notification; further files by their paths."""
    files = {
        "notify.yaml": NOTIFY + ("plugins: plugins\n" if "plugins/notify_own.py" in more else ""),
        "notifications/case.yaml": f'params: {params}\nsubject: "{subject}"\n',
        "templates/case.html": html,
        **more,
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return Notifier.load(folder / "notify.yaml")


def problems(notifier: Notifier, names: Iterable[str] | None = None) -> list[tuple[str, Problem]]:
    """What the rules find in all notifications, or in some."""
    declaring = Declaring(Whole.of(notifier))
    subjects = [declaring.declared(notifier.catalog[name]) for name in names or notifier.catalog]
    return [(rule.id, problem) for subject in subjects for rule in RULES for problem in rule.check(subject)]


def places(notifier: Notifier) -> list[str]:
    """Rule and place of each problem."""
    return [f"{rule} {problem.location}" for rule, problem in problems(notifier)]


@pytest.mark.parametrize("name", BY_ID)
def test_a_rule_fires(name: str, tmp_path: Path) -> None:
    """Each rule fires at the place, and no other does."""
    params, subject, html, place = FIRES[name]
    notifier = project(tmp_path, params, subject, html, **{"plugins/notify_own.py": PLUGIN})

    assert [f"{name} {place}"] == places(notifier)


def test_nothing_fires_where_all_is_right(tmp_path: Path) -> None:
    """A right notification has no problem; plugins' filters, globals and context are known."""
    html = (
        '<a href="{{ url }}">{{ name | loud }}</a>{% if note %}{{ note }}{% endif %}{{ unread }}'
        "{% for line in lines %}{{ line.title }}{% endfor %}{{ shop.name }}"
    )
    definition = (
        "params: {name: str, url: Url, note: 'str | None', lines: 'list[Line]'}\ntypes: {Line: {title: str}}\n"
        'subject: "Hello {{ name }}"\nsamples: {default: {name: a, url: "https://acme.example", lines: []}}\n'
    )
    more = {"plugins/notify_own.py": PLUGIN + CONTEXT, "notifications/case.yaml": definition}

    assert [] == places(project(tmp_path, "{}", "x", html, **more))


def test_names_of_plugins_without_a_sample(tmp_path: Path) -> None:
    """Where a plugin adds names and no sample shows which, any name may be one of them."""
    more = {"plugins/notify_own.py": PLUGIN + CONTEXT}

    assert [] == places(project(tmp_path, "{}", "x", "{{ read }}", **more))


def test_every_locale_is_followed(tmp_path: Path) -> None:
    """A fault in the template of one locale is found there, and a param that only one locale shows is used."""
    more = {"templates/case.fr.html": "{{ nom }}{{ city }}", "templates/case.txt": "{{ name }}"}

    assert ["tpl-undefined-variable templates/case.fr.html:1:4"] == places(
        project(tmp_path, "{name: str, city: str}", "x", "{{ name }}", **more)
    )


def test_a_body_that_is_not_there(tmp_path: Path) -> None:
    """The definition is told of where it names a template that there is not."""
    definition = "params: {}\nsubject: x\nhtml: csae.html\n"

    found = problems(project(tmp_path, "{}", "x", "x", **{"notifications/case.yaml": definition}))

    assert ["notifications/case.yaml:3:7"] == [str(problem.location) for _, problem in found]
    assert "did you mean 'case.html'?" == found[0][1].hint


def test_a_markdown_body_and_its_layout(tmp_path: Path) -> None:
    """The layout sees `content`; the Markdown does not."""
    definition = "params: {name: str}\nsubject: x\nmarkdown: case.md\nmarkdown_layout: layout.html\n"
    more = {
        "notifications/case.yaml": definition,
        "templates/case.md": "{{ name }} {{ content }}",
        "templates/layout.html": "{{ content }} {{ contents }}",
    }

    assert [
        "tpl-undefined-variable templates/case.md:1:15",
        "tpl-undefined-variable templates/layout.html:1:18",
    ] == places(project(tmp_path, "{}", "x", "x", **more))


def test_the_templates_that_were_asked_for(tmp_path: Path) -> None:
    """A notification knows which templates it was read with, those that are missing too."""
    html = "{% include 'a.html' %}{% include 'b.html' ignore missing %}"
    notifier = project(tmp_path, "{}", "x", html, **{"templates/a.html": "x"})

    assert ("a.html", "b.html", "case.html") == Declaring(Whole.of(notifier)).declared(
        notifier.catalog["case"]
    ).templates


@pytest.mark.parametrize("folder", ["examples/shop", "bench/project"])
def test_the_examples_are_clean(folder: str) -> None:
    """Nothing is found in the examples, nor in the layout and the components that ship with notify."""
    assert [] == places(Notifier.load(ROOT / folder))


def test_the_scaffold_is_clean() -> None:
    """Nothing is found in the project that `notify init` writes."""
    assert [] == places(Notifier.load(ROOT / "templates" / "scaffold" / "project"))


def _typos() -> list[tuple[str, int, str]]:
    """Each name in an expression of the shop's templates, with a letter doubled."""
    found = []
    for path in sorted((SHOP / "templates").iterdir()):
        text = path.read_text(encoding="utf-8")
        for expression in re.finditer(r"\{\{.*?\}\}", text):
            for name in re.finditer(r"(?<![\w\"'%# ])\.?(?<![\"'])\b[a-z_]{3,}\b(?=[ .,)(|])", expression[0]):
                word = name[0].lstrip(".")
                if word not in {"strftime", "or", "and", "none", "true", "join", "not"}:
                    found.append((path.name, expression.start() + name.end(), word))
    return found


@pytest.mark.no_cover  # others cover it
def test_typos_are_found(tmp_path: Path) -> None:
    """A letter too many in any name of any expression of the shop is found, in its line."""
    for path in SHOP.rglob("*"):
        if path.suffix in {".yaml", ".html", ".txt", ".md"} and path.is_file() and ".notify" not in path.parts:
            target = tmp_path / path.relative_to(SHOP)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    notifier = Notifier.load(tmp_path)
    typos = _typos()
    missed = []
    declaring = Declaring(Whole.of(notifier))
    asked = {name: declaring.declared(notifier.catalog[name]).templates for name in notifier.catalog}
    for file, end, word in typos:
        path = tmp_path / "templates" / file
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text[:end]}{text[end - 1]}{text[end:]}", encoding="utf-8")
        line = text.count("\n", 0, end) + 1
        users = [name for name, templates in asked.items() if file in templates]
        found = [problem.location for _, problem in problems(notifier, names=users)]
        path.write_text(text, encoding="utf-8")
        if not any((at.path, at.line) == (f"templates/{file}", line) for at in found):
            missed.append((file, line, word))

    assert len(typos) >= 20
    assert [] == missed


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_explains_itself(rule: AnyRule) -> None:
    """Each rule has a title, a reason, an example and a cure, and is named as its family."""
    assert rule.id.startswith("tpl-")
    assert all((rule.title, rule.why, rule.example, rule.cure))
    assert rule.why.endswith(".")
