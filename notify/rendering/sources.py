"""Where the bodies of a notification come from: the definition, or a template for each locale."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from notify.definition.model import InPlace
from notify.rendering.locales import default_names, variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import BaseLoader, Environment

    from notify.definition.model import Definition
    from notify.errors import Location


@dataclass(frozen=True, slots=True)
class Source:
    """Where a body comes from in one locale; the empty string is for those that have none of their own.

    Attributes:
        part: `html`, `text` or `markdown`.
        locale: such as `fr`.
        location: where the definition writes the template, or its name; None for one that goes by the id.
        name: the template's name; None for one in place.
        found: whether there is such a template.
        path: its file, if it has one.
    """

    part: str
    locale: str
    location: Location | None
    name: str | None = None
    found: bool = True
    path: Path | None = None


class Sources:
    """The templates that there are at one moment."""

    def __init__(self, environment: Environment, loader: BaseLoader) -> None:
        self._environment = environment
        self._loader = loader
        self._existing = loader.list_templates()

    def of(self, definition: Definition) -> tuple[Source, ...]:
        """What `Renderer.render` takes for each part of the mail, by part and locale; nothing for a derived text."""
        return (
            *(() if definition.markdown is not None else self._part(definition, "html", "html")),
            *self._part(definition, "markdown", None),
            *self._part(definition, "text", None if definition.text_auto else "txt"),
        )

    def locales(self, definition: Definition) -> list[str]:
        """The locales that the definition, its samples and its template files name, sorted."""
        named = {
            *definition.subject,
            *definition.preheader,
            *(sample.locale for sample in definition.samples.values()),
            *(source.locale for source in self.of(definition)),
        }
        return sorted(locale for locale in named if locale)

    def _part(self, definition: Definition, part: str, suffix: str | None) -> Iterator[Source]:
        declared = getattr(definition, part)
        if isinstance(declared, InPlace):
            yield Source(part, "", declared.location)
        elif declared is not None:
            yield from self._files(part, [declared.name], declared.location)
        elif suffix is not None:
            yield from self._files(part, default_names(definition.id, suffix), None)

    def _files(self, part: str, wanted: Sequence[str], location: Location | None) -> Iterator[Source]:
        by_locale = variants(wanted, self._existing)
        if location is not None and not by_locale:
            by_locale = {"": wanted[0]}  # a loader may have it and not tell
        for locale, name in by_locale.items():
            try:
                path, found = self._path(name), True
            except TemplateError:
                path, found = None, False
            yield Source(part, locale, location, name, found, path)

    def _path(self, name: str) -> Path | None:
        _, filename, _ = self._loader.get_source(self._environment, name)
        return Path(filename) if filename else None
