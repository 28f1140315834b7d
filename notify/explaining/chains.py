"""Which templates a template is made of, as far as they are named in it, and which names they use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError, meta, nodes

from notify.definition.walk import shown_path
from notify.errors import Location
from notify.rendering.compiling import line_of
from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from notify.definition.model import InPlace

_HOW: dict[type[nodes.Node], str] = {
    nodes.Extends: "extends",
    nodes.Include: "includes",
    nodes.Import: "imports",
    nodes.FromImport: "imports",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A place in a template that brings in another one.

    Attributes:
        how: extends, includes or imports.
        name: the other's name; None where it is only known when the template runs.
        location: the place.
        file: the other's file as it is shown; None where there is no such template.
        links: the places in the other one, unless they were told before, or it ships with notify.
    """

    how: str
    name: str | None
    location: Location
    file: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """The source of a template, and where its lines are written."""

    source: str
    path: str
    in_place: InPlace | None = None


class Chains:
    """Follows templates. Each is looked at once.

    Args:
        environment: what they are compiled in.
        base: the folder that paths are shown from.

    Attributes:
        names: the names that the templates so far take from their context.
    """

    def __init__(self, environment: Environment, base: Path) -> None:
        # Jinja2 tells of no name that its environment knows, and those of the configuration are wanted.
        self._environment = environment.overlay()
        self._environment.globals = {}
        self._base = base
        self._seen: set[str] = set()
        self.names: set[str] = set()

    def of_in_place(self, in_place: InPlace) -> tuple[Link, ...]:
        """The links of a template that the definition holds."""
        return tuple(self._links(_Text(in_place.source, in_place.location.path, in_place)))

    def of(self, name: str) -> tuple[Link, ...]:
        """The links of a template; none where there is no such template."""
        found = self._read(name)
        if found is None or name in self._seen:
            return ()
        self._seen.add(name)
        return tuple(self._links(found))

    def file(self, name: str) -> str | None:
        """The file of a template as it is shown; None where there is no such template."""
        found = self._read(name)
        if found is None:
            return None
        return f"{name}, which ships with notify" if _ships(found) else found.path

    def _links(self, text: _Text) -> Iterator[Link]:
        try:
            tree = self._environment.parse(text.source)
            self.names |= meta.find_undeclared_variables(tree)
        except (TemplateError, RecursionError):
            return  # rendering tells
        for node in tree.find_all(tuple(_HOW)):
            names = _names(getattr(node, "template", None))
            how = _HOW[type(node)]
            if not names:
                yield Link(how, None, _location(text, node.lineno, None))
            for name in names:
                links = self.of(name)  # those of what ships are followed for the names alone
                yield Link(
                    how,
                    name,
                    _location(text, node.lineno, name),
                    self.file(name),
                    () if _ships(self._read(name)) else links,
                )

    def _read(self, name: str) -> _Text | None:
        loader = self._environment.loader
        try:
            source, filename, _ = loader.get_source(self._environment, name) if loader else ("", None, None)
        except TemplateError:
            return None
        return _Text(source, shown_path(Path(filename), self._base) if filename else name)


def _ships(found: _Text | None) -> bool:
    """Whether the template is one of those that ship with notify."""
    return found is not None and Path(found.path).is_absolute() and Path(found.path).is_relative_to(templates_folder())


def _names(template: object) -> list[str]:
    """The names that are written out."""
    items = template.items if isinstance(template, (nodes.List, nodes.Tuple)) else [template]
    return [each.value for each in items if isinstance(each, nodes.Const) and isinstance(each.value, str)]


def _location(text: _Text, line: int, name: str | None) -> Location:
    """Where the name stands, or else the statement."""
    lines = text.source.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    offset = max(written.find(name) if name else -1, written.find("{%") if name is None else -1, 0)
    if text.in_place is None:
        return Location(text.path, line, offset + 1)
    place = text.in_place
    if not place.by_line:
        return place.location
    first = place.location.column if line == 1 else place.indent + 1
    return Location(text.path, line_of(place, line), first + offset)
