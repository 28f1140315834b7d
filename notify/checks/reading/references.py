"""Which templates are used: those that definitions name, and those that these name in turn."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from jinja2 import Environment, TemplateError, TemplateSyntaxError, meta

from notify.definition.model import InPlace
from notify.rendering.locales import variants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.whole import Whole
    from notify.definition import Definition

_EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols")


class References:
    """The templates that a project uses.

    Attributes:
        names: of all that are used.
        complete: whether these are all; a name that is worked out when a mail is rendered could be any.
    """

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._environment = Environment(extensions=_EXTENSIONS)  # noqa: S701 - nothing is rendered, only parsed
        self.names: set[str] = set()
        self.complete = True
        for definition in whole.definitions:
            for source in self._in_place(definition):
                self._follow(source)
            for name in self._named(definition):
                self._use(name)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The project's templates."""
        folders = reversed(self._whole.configuration.templates)
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig", errors="replace")
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }

    def _named(self, definition: Definition) -> Iterator[str]:
        if definition.markdown_layout is not None:
            yield definition.markdown_layout.name
        yield from (source.name for source in self._whole.sources.of(definition) if source.name is not None)

    @staticmethod
    def _in_place(definition: Definition) -> Iterator[str]:
        bodies = (definition.html, definition.text, definition.markdown)
        lines = (*definition.subject.values(), *definition.preheader.values(), *definition.headers.values())
        yield from (each.source for each in (*bodies, *lines, *definition.tags) if isinstance(each, InPlace))

    def _use(self, name: str) -> None:
        if name in self.names:
            return
        self.names.add(name)
        for each in variants([name], self._texts).values():
            self.names.add(each)
            self._follow(self._texts[each])

    def _follow(self, source: str) -> None:
        if "{%" not in source:
            return
        try:
            found = list(meta.find_referenced_templates(self._environment.parse(source)))
        except (TemplateSyntaxError, TemplateError, RecursionError):
            self.complete = False
            return
        for name in found:
            if name is None:
                self.complete = False
            else:
                self._use(name)
