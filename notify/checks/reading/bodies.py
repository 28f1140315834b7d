"""The templates of a mail's bodies, and where in them something stands that carries no mark of its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import Location
from notify.rendering.locales import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from notify.checks.mail import Mail

_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_WORD = re.compile(r"\w+")


def beginning(mail: Mail) -> Location:
    """The first line of what the HTML is made of."""
    path = _path(mail, "html", "markdown")
    return mail.at_html if path is None else Location(mail.whole.shown(path), 1)


def ending(mail: Mail) -> Location:
    """The last line of it; of the text's where there is no HTML."""
    path = _path(mail, "html", "markdown", "text")
    if path is None:
        return mail.at_html
    return Location(mail.whole.shown(path), max(1, len(_text(path).rstrip().splitlines())))


def of_text(mail: Mail, offset: int) -> Location:
    """Where the letter of the text at an offset comes from: the line of the template that has most of its line's words.

    What sets columns or underlines headings counts letters, so that a text with marks is another text.
    """
    path = _path(mail, "text")
    return mail.at_text if path is None else _nearest(mail, path, mail.text, offset)


def of_markdown(mail: Mail, offset: int) -> Location:
    """Where the letter of the HTML at an offset comes from, likewise; Markdown becomes HTML without marks."""
    path = _path(mail, "markdown")
    return mail.at_html if path is None else _nearest(mail, path, mail.document, offset)


def _nearest(mail: Mail, path: Path, rendered: str, offset: int) -> Location:
    """The line of a template that has most of the words that the rendered text has in its line; else the first."""
    start = rendered.rfind("\n", 0, offset) + 1
    words = set(_WORD.findall(rendered[start:].partition("\n")[0]))
    shared = [len(words & set(_WORD.findall(_CODE.sub(" ", line)))) for line in _text(path).splitlines()]
    best = max(shared, default=0)
    return Location(mail.whole.shown(path), shared.index(best) + 1 if best else 1)


def _path(mail: Mail, *parts: str) -> Path | None:
    """The file that the first of these parts comes from in the mail's locale."""
    default = mail.whole.configuration.default_locale
    sources = mail.whole.sources.of(mail.definition)
    for part in parts:
        paths = {each.locale: each.path for each in sources if each.part == part and each.path is not None}
        if path := chosen(paths, mail.locale, default):
            return path
    return None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace")
