"""A rule about style sheets of a project that nothing uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.reading.css import sheet
from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole
from notify.errors import Location
from notify.markup.tokens import tokens
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.checks.reading.css import StyleRule

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PRINTED = "\ue000"
"""Stands for each letter of an expression."""
_BLOCK = re.compile(r"\{%-?\s*block styles\s*-?%\}(.*?)\{%-?\s*endblock\b[^%]*%\}", re.DOTALL)
"""The block of notify/base.html that holds CSS, without a tag."""
_EXTENDS = re.compile(r"\{%-?\s*extends\b")
_NAME = re.compile(r"[.#]([A-Za-z_-][\w-]*)")
_IN_BRACKETS = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[A-Za-z_-][\w-]*")
_CLIENTS = re.compile(
    r"apple|body$|externalclass|gmail|gs$|ii$|iosaddr|ms-|mso|moz|outlook|ox-|readmsgbody|messageview|samsung|yahoo"
    r"|yshortcuts|yiv|data-og|im$|a6s|aolmail|aol|lws|protonmail|sfr|webkit",
    re.IGNORECASE,
)
"""Names that mail clients give to elements of their own around a mail."""
_TEMPLATES = (".html", ".htm", ".j2", ".jinja", ".md", ".mjml", ".txt")
_TEXTS = (*_TEMPLATES, ".yaml", ".yml")


@rule(
    Whole,
    "css-unused-selector",
    severity="info",
    why="Each mail carries the rules that match nothing in it: that costs octets, of which Gmail shows about 102,000.",
    example=".old-banner { padding: 24px }",
    cure="Remove the rule, or the name that is no longer used from it.",
)
def unused_selector(whole: Whole) -> Iterator[Problem]:
    """A style sheet has a class or an id that no template of the project uses."""
    configuration = whole.configuration
    templates = {path: _tagged(_read(path)) for path in _files(configuration.templates, _TEMPLATES)}
    others = (*configuration.notifications, templates_folder())
    texts = [*templates.values(), *map(_read, _files(others, _TEXTS))]
    used = {word for text in texts for word in _WORD.findall(_without_styles(text))}
    for path, text in templates.items():
        for start, found in _rules(text):
            names = _unused(found, used)
            if names:
                line = text.count("\n", 0, start) + 1
                column = start - text.rfind("\n", 0, start)
                yield Problem(
                    Location(whole.shown(path), line, column), f"no template uses {', '.join(names)}", "remove the rule"
                )


def _unused(found: StyleRule, used: set[str]) -> list[str]:
    """The names that are not used, if each of the rule's selectors has one."""
    lists = [
        [name[0] for name in _NAME.finditer(_IN_BRACKETS.sub("", selector)) if name[1] not in used]
        for selector in found.selectors
        if not _CLIENTS.search(selector)
    ]
    is_all = len(lists) == len(found.selectors) and all(lists)
    return list(dict.fromkeys(name for names in lists for name in names)) if is_all else []


def _rules(text: str) -> Iterator[tuple[int, StyleRule]]:
    """The rules of the style sheets of a template, each with its place; a rule with Jinja in it is left out."""
    blank = _JINJA.sub(lambda found: re.sub(r"[^\n]", _PRINTED if found[0].startswith("{{") else " ", found[0]), text)
    for token in tokens(blank):
        if token.kind == "raw" and token.name == "style":
            for found in sheet(blank[token.start : token.end]).rules:
                if not any(_PRINTED in selector for selector in found.selectors):
                    yield token.start + found.start, found


def _tagged(text: str) -> str:
    """A template with its block of CSS as a style element, each letter of it where it was."""
    return _BLOCK.sub(_as_style, text) if _EXTENDS.search(text) else text


def _as_style(block: re.Match[str]) -> str:
    before, after = block.start(1) - block.start(), block.end() - block.end(1)
    return f"{'<style>'.ljust(before)}{block[1]}{'</style>'.ljust(after)}"


def _without_styles(text: str) -> str:
    return re.sub(r"<style\b.*?</style", "", text, flags=re.DOTALL | re.IGNORECASE)


def _files(folders: tuple[Path, ...], suffixes: tuple[str, ...]) -> Iterator[Path]:
    return (
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in suffixes and path.is_file()
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


RULES: tuple[AnyRule, ...] = (unused_selector,)
