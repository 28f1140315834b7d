"""The files that a mail was made of, to read beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from notify.preview.project import candidates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.preview.project import Entry, Project
    from notify.preview.renderings import Rendition

_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class TemplateUsed:
    """One file: its name, as a template or relative to notify.yaml, its path, its text and the language for colours."""

    name: str
    path: Path
    source: str
    language: str


def templates_used(project: Project, entry: Entry, rendition: Rendition) -> list[TemplateUsed]:
    """The definition first, then the templates in the order of asking; what cannot be read is left out."""
    found = list(_definition(project, entry))
    for name in rendition.templates:
        path = next((each for each in candidates(project.notifier, (name,)) if each.is_file()), None)
        source = _read(path)
        if path is not None and source is not None:
            found.append(TemplateUsed(name, path, source, _language(name)))
    return found


def _definition(project: Project, entry: Entry) -> Iterator[TemplateUsed]:
    source = _read(entry.path)
    if entry.path is not None and source is not None:
        base = project.notifier.configuration.base
        name = entry.path.relative_to(base).as_posix() if entry.path.is_relative_to(base) else entry.path.name
        yield TemplateUsed(name, entry.path, source, "jinja-yaml")


def _read(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8-sig")[:_LONGEST]
    except (OSError, UnicodeError):
        return None


def _language(name: str) -> str:
    suffixes = PurePosixPath(name).suffixes
    return "jinja-html" if ".html" in suffixes or ".mjml" in suffixes else "jinja-text"
