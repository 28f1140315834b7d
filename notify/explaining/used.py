"""The templates of one message: which is taken for each part, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.definition.model import InPlace
from notify.explaining.chains import Chains, Link
from notify.rendering.locales import chosen, default_names, fallback, names
from notify.rendering.plan import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import jinja2

    from notify import Definition, Notifier
    from notify.errors import Location
    from notify.rendering import Source

_SUFFIXES = {"html": "html", "text": "txt"}


@dataclass(frozen=True, slots=True)
class Line:
    """A subject or a preheader: the variant that is taken, and its locale, empty for the one for all."""

    locale: str
    template: InPlace


@dataclass(frozen=True, slots=True)
class Body:
    """The template of a part.

    Attributes:
        part: html, text, markdown, or layout.
        source: the template.
        file: its file as it is shown, or its place in the definition; None where there is no such template.
        tried: the names that were looked for before.
        links: what it is made of.
    """

    part: str
    source: Source
    file: str | None
    tried: tuple[str, ...]
    links: tuple[Link, ...]


class Used:
    """The templates of a notification in a locale.

    Args:
        notifier: what would render them.
        definition: the notification.
        locale: the locale.

    Attributes:
        bodies: the templates of the parts that have one.
        layout: what a Markdown body is put into: its name, its file and where it is named, if it is.
        names: the names that the templates take from their context.
        added: the names that plugins add to the environment of all templates.
    """

    def __init__(self, notifier: Notifier, definition: Definition, locale: str) -> None:
        self._definition = definition
        self._locale = locale
        self._default = notifier.configuration.default_locale
        environment = _environment(notifier)
        self._chains = Chains(environment, notifier.configuration.base)
        self.bodies = tuple(self._bodies(notifier.sources().of(definition)))
        self.layout = self._layout()
        for template in self._in_place():
            self._chains.of_in_place(template)
        self.names = frozenset(self._chains.names)
        self.added = _added(environment, notifier.globals)

    def line(self, variants: Mapping[str, InPlace]) -> Line | None:
        """The variant of a subject or a preheader."""
        locale = chosen({each: each for each in variants}, self._locale, self._default)
        return None if locale is None else Line(locale, variants[locale])

    def _bodies(self, sources: Sequence[Source]) -> Iterator[Body]:
        for part in dict.fromkeys(source.part for source in sources):
            by_locale = {source.locale: source for source in sources if source.part == part}
            source = chosen(by_locale, self._locale, self._default)
            # Of files, unlike of texts in place, one for quite another locale is not taken.
            if source is not None and source.locale in {*fallback(self._locale, self._default), ""}:
                yield self._body(source)

    def _body(self, source: Source) -> Body:
        declared = getattr(self._definition, source.part)
        if isinstance(declared, InPlace):
            return Body(source.part, source, str(declared.location), (), self._chains.of_in_place(declared))
        name = source.name or ""
        wanted = declared.name if declared is not None else self._wanted(source)
        tried = []
        for each in names(wanted, self._locale, self._default):
            if each == name:
                break
            tried.append(each)
        file = self._chains.file(name) if source.found else None
        return Body(source.part, source, file, tuple(tried), self._chains.of(name))

    def _wanted(self, source: Source) -> str:
        """The default name that a template was found by: of several endings, its own."""
        wanted = default_names(self._definition.id, _SUFFIXES[source.part])
        mine = (each for each in wanted if source.name in set(names(each, self._locale, self._default)))
        return next(mine, wanted[0])

    def _layout(self) -> tuple[str, str | None, Location | None] | None:
        definition = self._definition
        if definition.markdown is None:
            return None
        named = definition.markdown_layout
        tried = names(named.name, self._locale, self._default) if named else iter((LAYOUT,))
        name = next((each for each in tried if self._chains.file(each) is not None), named.name if named else LAYOUT)
        self._chains.of(name)
        return name, self._chains.file(name), named.location if named else None

    def _in_place(self) -> Iterator[InPlace]:
        definition = self._definition
        for variants in (definition.subject, definition.preheader):
            if (line := self.line(variants)) is not None:
                yield line.template
        yield from definition.headers.values()
        yield from definition.tags
        for attachment in definition.attachments:
            fields = (attachment.path, attachment.filename, attachment.type, attachment.cid, attachment.method)
            yield from (field for field in fields if field is not None)


def _environment(notifier: Notifier) -> jinja2.Environment:
    found: list[jinja2.Environment] = []
    notifier.composer(found.append)
    return found[0]


def _added(environment: jinja2.Environment, own: Mapping[str, Any]) -> dict[str, Any]:
    from notify.rendering.environment import TemplateEnvironment
    from notify.rendering.limits import Limits

    known = TemplateEnvironment(limits=Limits()).globals
    return {name: value for name, value in environment.globals.items() if name not in known and name not in own}
