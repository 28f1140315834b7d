"""Rules about definitions: what a notification lacks, and what nothing uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.reading.references import References
from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole
from notify.definition import Definition, InPlace
from notify.errors import ConfigError, Location
from notify.message.files import read_below
from notify.rendering.locales import fallback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


_TEMPLATE = re.compile(r".+\.(?:html|txt|md|mjml)(?:\.j2|\.jinja)?")
_TRANSLATES = re.compile(r"\{%-?\s*trans\b|\b(?:n?p?gettext|_)\(")
_EXPRESSION = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")


@rule(
    Definition,
    "def-missing-sample",
    severity="warning",
    why="Without a sample a notification cannot be previewed, checked or tested: its first rendering is the one that "
    "a customer gets.",
    example="subject: Welcome, {{ name }}\nparams: {name: str}",
    cure="Add one: `samples: {default: {name: Ada}}`. A second one for the longest or the emptiest values pays.",
)
def missing_sample(definition: Definition) -> Iterator[Problem]:
    """A notification has no sample."""
    if not definition.samples:
        hint = "add `samples: {default: {...}}` with a value for each param"
        yield Problem(definition.location, f"{definition.id} has no sample", hint)


@rule(
    Whole,
    "def-missing-locale",
    severity="warning",
    why="A part that a locale has no words for falls back to another language, so that the reader gets a mail in two.",
    example='subject: {en: Welcome, fr: Bienvenue}\npreheader: {en: "One click, and you are in."}',
    cure="Write the missing part: a locale under the key, or a template such as welcome.fr.html.",
)
def missing_locale(whole: Whole) -> Iterator[Problem]:
    """A part of a notification is missing in one of its locales."""
    default = whole.configuration.default_locale
    for definition in whole.definitions:
        parts = {name: part for name, part in _parts(whole, definition).items() if part[1]}
        named = {locale or default for _, locales in parts.values() for locale in locales}
        for name, (place, locales) in parts.items():
            for locale in sorted(named):
                if not _has(locales, locale, default):
                    others = ", ".join(sorted(each or default for each in locales))
                    message = f"{definition.id}: there is no {name} in {locale}, only in {others}"
                    yield Problem(place, message, f"write it, or take {locale} out of the other parts")


def _parts(whole: Whole, definition: Definition) -> dict[str, tuple[Location, set[str]]]:
    """The parts that are written in a language: where each is declared, and the locales that it has words for."""
    found: dict[str, tuple[Location, set[str]]] = {}
    lines: Mapping[str, Mapping[str, InPlace]] = {"subject": definition.subject, "preheader": definition.preheader}
    for name, templates in lines.items():
        if templates and not any(map(_is_neutral, (each.source for each in templates.values()))):
            found[name] = (next(iter(templates.values())).location, set(templates))
    for source in whole.sources.of(definition):
        # One template may serve all languages, by gettext or since it has no words of its own.
        if source.path is not None and source.found and not _serves_all(source.path):
            place = source.location or definition.location
            found.setdefault(source.part, (place, set()))[1].add(source.locale)
    return found


def _serves_all(path: Path) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    return "locale" in " ".join(_EXPRESSION.findall(text)) or _TRANSLATES.search(text) is not None


def _is_neutral(source: str) -> bool:
    return bool(_TRANSLATES.search(source)) or "locale" in source or not _LETTER.search(_EXPRESSION.sub("", source))


def _has(locales: set[str], wanted: str, default: str) -> bool:
    own = {each.replace("_", "-") for each in fallback(wanted, wanted)}
    for_all = "" in locales and wanted.partition("-")[0] == default.partition("-")[0]
    return for_all or not own.isdisjoint(locales)


@rule(
    Whole,
    "def-orphan-template",
    severity="info",
    why="A template that nothing uses is kept up to date for nobody, and misleads who looks for the one that is sent.",
    example="templates/welcome_old.html, which no definition and no template names",
    cure="Delete it, or name it where it is meant to be used.",
)
def orphan_template(whole: Whole) -> Iterator[Problem]:
    """A template is never used."""
    files = {path for folder in whole.configuration.notifications for path in folder.rglob("*.y*ml")}
    references = References(whole)
    if not references.complete or len(files) > len(whole.definitions):
        return  # what cannot be read may use any
    for folder in whole.configuration.templates:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and _TEMPLATE.fullmatch(name) and name not in references.names:
                hint = "delete it, or name it where it is meant to be used"
                yield Problem(Location(whole.shown(path), 1), f"nothing uses the template {name}", hint)


@rule(
    Whole,
    "def-missing-attachment",
    severity="error",
    why="A mail whose attachment cannot be read is not sent.",
    example="attachments: [{path: terms.pdf}]",
    cure="Put the file below the attachments folder, or correct the path.",
)
def missing_attachment(whole: Whole) -> Iterator[Problem]:
    """A file to attach is not there."""
    root = whole.configuration.attachments
    for definition in whole.definitions:
        if definition.samples:
            continue  # rendering them finds it, whatever the path is made of
        for attachment in definition.attachments:
            path = attachment.path
            if path is None or "{" in path.source:
                continue
            try:
                read_below(root, path.source)
            except ConfigError as error:
                yield Problem(path.location, str(error), f"attachments lie below {whole.shown(root)}")


RULES: tuple[AnyRule, ...] = (missing_sample, missing_locale, orphan_template, missing_attachment)
