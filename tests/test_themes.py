"""Themes: globals of a brand, laid over the others where the theme is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from notify import Notifier
from notify.cli.group import notify as command
from notify.configuration import Configuration
from notify.errors import ConfigError, DefinitionError

if TYPE_CHECKING:
    from pathlib import Path

YAML = """\
sender: shop@example.com
globals:
  brand: {name: Shop, colours: {text: black, back: white}, links: [a, b]}
  motto: Plain
themes:
  acme:
    brand: {name: Acme, colours: {back: blue}, links: [c]}
  zeta:
    brand: Zeta
    only_zeta: "yes"
environments:
  development: {transport: memory}
  staging: {transport: memory, globals: {motto: Staged}}
"""
FILES = {
    "notify.yaml": YAML,
    "notifications/hello.yaml": "subject: '{{ brand.name }}: {{ motto }}'\nsamples: {default: {}}\n",
    "templates/hello.html": (
        "{% import 'macros.html' as m %}{% from 'macros.html' import sign with context %}"
        "<p>{{ m.name() }} {{ sign() }} {{ brand.colours.text }} {{ brand.colours.back }} "
        "{{ brand.links | join('') }}</p>{% include 'part.html' %}"
    ),
    "templates/macros.html": (
        "{% macro name() %}{{ brand.name }}{% endmacro %}{% macro sign() %}-{{ brand.name }}{% endmacro %}"
    ),
    "templates/part.html": "<i>{{ brand.name }} {{ motto }}</i>",
}


def project(folder: Path, **changes: str) -> Path:
    """A project with themes."""
    for name, text in {**FILES, **changes}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def notifier_of(folder: Path, environment: str | None = None) -> Notifier:
    """Its notifier."""
    return Notifier(configuration=Configuration.load(folder), environment=environment)


def test_a_theme_is_laid_over_the_globals(tmp_path: Path) -> None:
    """Mapping by mapping; other values take the place of the globals', and what a theme leaves out stays."""
    notifier = notifier_of(project(tmp_path))
    plain, acme = (notifier.render("hello", to="a@example.com", theme=theme) for theme in (None, "acme"))

    assert ("acme", "zeta") == tuple(notifier.themes)
    assert ("Shop: Plain", "Acme: Plain") == (plain.subject, acme.subject)
    assert "<p>Shop -Shop black white ab</p>" in (plain.html or "")
    assert "<p>Acme -Acme black blue c</p>" in (acme.html or "")
    assert "<i>Acme Plain</i>" in (acme.html or "")


def test_themes_do_not_mix(tmp_path: Path) -> None:
    """Renderings in turn, with macros of templates that both import, see each its own theme only."""
    notifier = notifier_of(project(tmp_path))
    subjects = [
        notifier.render("hello", to="a@example.com", theme=theme).html for theme in ("acme", None, "acme", None, "acme")
    ]

    assert ["Acme", "Shop"] * 2 + ["Acme"] == [(html or "").partition("<p>")[2][:4] for html in subjects]
    assert {"brand", "motto"} == set(notifier.globals)
    assert "Shop" == notifier.globals["brand"]["name"]


def test_a_theme_goes_over_the_environment(tmp_path: Path) -> None:
    """The environment's own globals are below the theme."""
    notifier = notifier_of(project(tmp_path), "staging")

    assert "Acme: Staged" == notifier.render("hello", to="a@example.com", theme="acme").subject


def test_an_unknown_theme(tmp_path: Path) -> None:
    """It is an error that says which was probably meant, or that there is none."""
    with pytest.raises(ConfigError, match=r"there is no theme 'amce' \(did you mean 'acme'\?\)"):
        notifier_of(project(tmp_path / "a")).render("hello", to="a@example.com", theme="amce")
    without = project(tmp_path / "b", **{"notify.yaml": "sender: a@example.com\n"})
    with pytest.raises(ConfigError, match="there is no theme 'acme'"):
        notifier_of(without).render("hello", to="a@example.com", theme="acme")


def test_send_takes_a_theme(tmp_path: Path) -> None:
    """What holds for rendering holds for sending."""
    receipt = notifier_of(project(tmp_path)).send("hello", to="a@example.com", theme="acme")

    assert ("a@example.com",) == receipt.accepted


def test_variables_in_themes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`${VAR}` is looked up when the theme is used, and only then."""
    text = (
        YAML.replace("only_zeta", "url").replace('"yes"', '"${ZETA_URL}"').replace("brand: Zeta", "brand: {name: Zeta}")
    )
    notifier = notifier_of(project(tmp_path, **{"notify.yaml": text}))
    notifier.render("hello", to="a@example.com", theme="acme")
    with pytest.raises(ConfigError, match="ZETA_URL"):
        notifier.render("hello", to="a@example.com", theme="zeta")
    monkeypatch.setenv("ZETA_URL", "https://zeta.example")

    assert "Zeta: Plain" == notifier_of(tmp_path).render("hello", to="a@example.com", theme="zeta").subject


@pytest.mark.parametrize("name", ["brand", "motto", "only_zeta"])
def test_names_of_themes_are_reserved(tmp_path: Path, name: str) -> None:
    """No param may have the name of a global of any theme: it would work without the theme only."""
    project(tmp_path, **{"notifications/hello.yaml": f"subject: x\ntext: |\n  x\nparams: {{{name}: str}}\n"})

    with pytest.raises(DefinitionError, match=name):
        notifier_of(tmp_path)


@pytest.mark.parametrize("themes", ["themes: [acme]", "themes: {acme: 1}", "themes: {'../x': {a: b}}"])
def test_wrong_themes(tmp_path: Path, themes: str) -> None:
    """Themes are mappings of globals by a name that may become part of a file's name."""
    project(tmp_path, **{"notify.yaml": f"sender: a@example.com\n{themes}\n"})

    with pytest.raises(ConfigError, match=r"notify.yaml:2:"):
        Configuration.load(tmp_path)


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`notify render --theme` renders in a theme; an unknown one is one message and exit code 2."""
    monkeypatch.chdir(project(tmp_path))
    right = CliRunner().invoke(command, ["render", "hello", "--theme", "acme"])
    wrong = CliRunner().invoke(command, ["render", "hello", "--theme", "amce"])

    assert 0 == right.exit_code
    assert "Subject:  Acme: Plain" in right.stdout
    assert (2, "") == (wrong.exit_code, wrong.stdout)
    assert "did you mean 'acme'" in wrong.stderr
