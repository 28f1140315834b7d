"""The same templates for Handlebars, with the layout put around each, which is a small advantage for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.workload import CASES, PARTS, TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
_EXTENDS = re.compile(r'{% extends "([^"]+)" %}\n')
_WORDS = (
    (re.compile(r"{% for item in items %}"), "{{#each items}}"),
    (re.compile(r"{% endfor %}"), "{{/each}}"),
    (re.compile(r"{% if (\w+) %}"), r"{{#if \1}}"),
    (re.compile(r"{% endif %}"), "{{/if}}"),
    (re.compile(r"{{ item\.(\w+) }}"), r"{{this.\1}}"),
    (re.compile(r"{{ (\w+) }}"), r"{{\1}}"),
)


def write(folder: Path) -> None:
    """Write each case's parts as `CASE/html.hbs`, `CASE/text.hbs` and `CASE/subject.hbs`."""
    for case in CASES:
        (folder / case).mkdir(parents=True)
        for part in PARTS:
            name = "text" if part == "txt" else part
            (folder / case / f"{name}.hbs").write_text(converted(_flat(f"{case}.{part}")), encoding="utf-8")


def converted(source: str) -> str:
    """A template of Jinja2 without inheritance, in the words of Handlebars."""
    for pattern, words in _WORDS:
        source = pattern.sub(words, source)
    return source


def _flat(name: str) -> str:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    extends = _EXTENDS.match(source)
    if extends is None:
        return source
    blocks: dict[str, str] = dict(_BLOCK.findall(source))
    layout = (TEMPLATES / extends[1]).read_text(encoding="utf-8")
    return _BLOCK.sub(lambda block: blocks.get(block[1], block[2]), layout)
