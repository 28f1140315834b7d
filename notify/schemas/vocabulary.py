"""The names of one project that editors offer, and that are checked where a list of them is complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.definition import CATEGORIES
from notify.rendering import FolderLoader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from notify import Transport
    from notify.configuration import Configuration
    from notify.plugins import Plugins

_SUFFIXES = frozenset({".html", ".txt", ".md", ".mjml", ".j2", ".jinja"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a project calls its things.

    Attributes:
        templates: template files of the project, and what plugins bring.
        locales: those that definitions and template files name, and the default.
        categories: all that a definition may have.
        types: those under `types` of notify.yaml.
        globals: what templates see in any environment or theme.
        environments: by name.
        transports: the classes that plugins offer, by name.
    """

    templates: Collection[str] = ()
    locales: Collection[str] = ()
    categories: Collection[str] = field(default_factory=lambda: tuple(CATEGORIES))
    types: Collection[str] = ()
    globals: Collection[str] = ()
    environments: Collection[str] = ()
    transports: Mapping[str, type[Transport]] = field(default_factory=dict)

    @classmethod
    def of(cls, configuration: Configuration, plugins: Plugins) -> Vocabulary:
        """The names of a project. Faulty definitions do no harm: what they would add is left out."""
        brought = list(plugins.templates())
        sources = configuration.renderer({}, templates=brought, inlined=False).sources()
        files = configuration.catalog_files().read().files.values()
        locales = {locale for file in files if file.definition for locale in sources.locales(file.definition)}
        sections = (configuration.shared, *configuration.environments.values())
        named = [section.values.get("globals", ()) for section in sections]
        return cls(
            templates=sorted(_templates([*configuration.templates, *brought])),
            locales=sorted({configuration.default_locale, *locales}),
            categories=sorted({*CATEGORIES, *configuration.categories}),
            types=sorted(configuration.types.entries if configuration.types else ()),
            globals=sorted({name for names in (*named, *configuration.themes.values()) for name in names}),
            environments=list(configuration.environments),
            transports=plugins.transports(),
        )


def _templates(places: Iterable[Any]) -> set[str]:
    """The names of all templates in folders and loaders."""
    loaders = (FolderLoader(Path(each)) if isinstance(each, (str, Path)) else each for each in places)
    return {name for loader in loaders for name in loader.list_templates() if Path(name).suffix in _SUFFIXES}
