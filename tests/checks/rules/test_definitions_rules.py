"""Rules about definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.wholes import told_of, whole_of

from notify.checks.rules import definitions

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for each in definitions.RULES}


def test_a_notification_without_a_sample(tmp_path: Path) -> None:
    """One is enough."""
    files = {"notifications/a.yaml": "subject: Hi\n", "notifications/b.yaml": "subject: Hi\nsamples: {default: {}}\n"}
    first, second = whole_of(tmp_path, files).definitions
    assert [each.message for each in RULES["def-missing-sample"].check(first)] == ["a has no sample"]
    assert list(RULES["def-missing-sample"].check(second)) == []


@pytest.mark.parametrize(
    ("definition", "templates", "found"),
    [
        ("subject: Hi\n", {"x.html": "Hi"}, []),
        ("subject: {en: Hi, fr: Salut}\n", {"x.html": "Hi", "x.fr.html": "Salut"}, []),
        (
            "subject: {en: Hi, fr: Salut}\n",
            {"x.html": "Hi", "x.fr.html": "Salut", "x.txt": "Hi"},
            ["notifications/x.yaml:1 warning x: there is no text in fr, only in en"],
        ),
        (
            "description: x\nsubject: Hi\n",
            {"x.html": "Hi", "x.fr.html": "Salut"},
            ["notifications/x.yaml:2 warning x: there is no subject in fr, only in en"],
        ),
        (
            "subject: {en: Hi, fr: Salut}\npreheader: {en: Hi}\n",
            {},
            ["notifications/x.yaml:2 warning x: there is no preheader in fr, only in en"],
        ),
        (
            "subject: {en: Hi, fr: Salut, pt-BR: Oi}\n",
            {"x.html": "Hi", "x.fr.html": "Salut", "x.pt.html": "Oi"},
            ["notifications/x.yaml:1 warning x: there is no subject in pt, only in en, fr, pt-BR"],
        ),
        ("subject: '{{ title }}'\n", {"x.html": "Hi", "x.fr.html": "Salut"}, []),
        ("subject: {en: Hi, fr: Salut}\n", {"x.html": "{{ words[locale] }}"}, []),
        ("subject: {fr: Salut, de: Hallo}\n", {"x.fr.html": "Salut", "x.de.html": "Hallo"}, []),
    ],
)
def test_parts_that_a_locale_lacks(
    tmp_path: Path, definition: str, templates: dict[str, str], found: list[str]
) -> None:
    """A mail in two languages is found; one template for all of them is not."""
    files = {"notifications/x.yaml": definition, **{f"templates/{name}": text for name, text in templates.items()}}
    assert told_of(RULES["def-missing-locale"], whole_of(tmp_path, files)) == found


TEMPLATES = {
    "templates/x.html": "{% extends 'layout.html' %}{% from 'macros.html' import m %}",
    "templates/x.fr.html": "{% include ['one.html', 'two.html'] %}",
    "templates/layout.html": "{% include 'footer.html' ignore missing %}",
    "templates/footer.html": "", "templates/macros.html": "", "templates/two.html": "", "templates/inline.txt": "",
    "templates/notes.css": "",
}  # fmt: skip


def test_templates_that_nothing_uses(tmp_path: Path) -> None:
    """All that others name are used; what is no template does not count."""
    files = {
        "notifications/x.yaml": "subject: '{% include \"inline.txt\" %}'\n",
        **TEMPLATES,
        "templates/old/y.html": "",
    }
    assert told_of(RULES["def-orphan-template"], whole_of(tmp_path, files)) == [
        "templates/old/y.html:1 info nothing uses the template old/y.html"
    ]


@pytest.mark.parametrize("source", ["{% include which %}", "{% if %}"])
def test_a_template_that_could_be_any(tmp_path: Path, source: str) -> None:
    """Then nothing is said."""
    files = {"notifications/x.yaml": "subject: Hi\n", "templates/x.html": source, "templates/y.html": ""}
    assert told_of(RULES["def-orphan-template"], whole_of(tmp_path, files)) == []


def test_files_to_attach(tmp_path: Path) -> None:
    """Where no sample shows it."""
    files: dict[str, str | bytes] = {
        "notifications/x.yaml": (
            "subject: Hi\nattachments:\n  - {path: a.pdf}\n  - {path: b.pdf}\n  - {path: '{{ c }}.pdf'}\n"
        ),
        "notifications/y.yaml": "subject: Hi\nattachments: [{path: b.pdf}]\nsamples: {default: {}}\n",
        "attachments/a.pdf": b"%PDF",
    }
    (told,) = told_of(RULES["def-missing-attachment"], whole_of(tmp_path, files))
    assert told.startswith("notifications/x.yaml:4 error attachment 'b.pdf': cannot be read below ")
