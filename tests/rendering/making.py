"""Definitions and renderers for the tests of rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from notify.definition import Definition
from notify.definition.model import InPlace, Named
from notify.errors import Location
from notify.rendering import Renderer

if TYPE_CHECKING:
    from pathlib import Path

    from notify.rendering import Rendered, RenderedAttachment

AT = Location("notifications/case.yaml", 1)


def block(source: str, line: int = 3) -> InPlace:
    """A literal block, indented by two blanks, that begins on this line."""
    return InPlace(source, Location("notifications/case.yaml", line, 3), by_line=True, indent=2)


def word(source: str, line: int = 1, column: int = 10) -> InPlace:
    """A value on one line."""
    return InPlace(source, Location("notifications/case.yaml", line, column))


def named(name: str) -> Named:
    """A template's name, on line 2."""
    return Named(name, Location("notifications/case.yaml", 2, 7))


def case(**fields: Any) -> Definition:
    """A definition; `subject` and `preheader` may be plain text."""
    for name in ("subject", "preheader"):
        if isinstance(fields.get(name), str):
            fields[name] = {"": word(fields[name])}
    return Definition(**{"id": "case", "location": AT, "subject": {"": word("Hello")}, **fields})


def write(folder: Path, **files: str) -> Path:
    """The folder, with templates in it; `__` stands for a dot."""
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return folder


def render(definition: Definition, /, *, renderer: Renderer | None = None, locale: str = "en", **context: Any) -> Shown:
    """The definition, rendered with these names: the plain way, and, where that can be, the direct one."""
    renderer = renderer or Renderer()
    plain = renderer.render(definition, context, locale=locale)
    for _ in range(2):
        assert as_text(plain) == as_text(renderer.render(definition, context, locale=locale))
    return as_text(plain)


class Shown(NamedTuple):
    """What was rendered, its bodies as text, whatever they are at hand in; equal to the Rendered of the same values."""

    subject: str
    preheader: str
    html: str | None
    text: str
    headers: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    attachments: tuple[RenderedAttachment, ...]


def as_text(rendered: Rendered) -> Shown:
    """The same with its bodies as text."""
    html = None if rendered.html is None else str(rendered.html)
    return Shown(*rendered._replace(html=html, text=str(rendered.text)))  # type: ignore[arg-type]


def text(source: str, /, *, renderer: Renderer | None = None, **context: Any) -> str | None:
    """The text part that a template gives."""
    return render(case(text=block(source)), renderer=renderer, **context).text


def html(source: str, /, *, renderer: Renderer | None = None, **context: Any) -> str:
    """The HTML part that a template gives."""
    return render(case(html=block(source)), renderer=renderer, **context).html or ""
