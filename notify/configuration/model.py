"""What notify.yaml says, as values; `${VAR}` is not yet resolved."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.configuration.categories import Category
from notify.configuration.checking import CheckSettings
from notify.configuration.environment import Environment
from notify.configuration.find import find_configuration
from notify.definition import CATEGORIES
from notify.errors import ConfigError
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import jinja2

    from notify.catalog import Catalog, CatalogFiles
    from notify.configuration.transports import Specification
    from notify.errors import Location
    from notify.rendering import Recorder, Renderer
    from notify.yamlnodes import MappingNode

DEFAULT_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class EnvironmentSection:
    """What the file says of one environment."""

    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)
    transports: Mapping[str, Specification] = field(default_factory=dict)


IMPLIED: Mapping[str, EnvironmentSection] = {
    "development": EnvironmentSection({"transport": "file"}),
    "test": EnvironmentSection({"transport": "memory"}),
    "production": EnvironmentSection(),
}
"""The environments of a configuration that lists none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What notify.yaml says. Paths are absolute; `base` is the folder of the file.

    Attributes:
        path: the file, or None where there is none.
        shared: what holds for all environments: sender and globals.
        categories: each category with its `unsubscribe`: required, allowed or never.
        kinds: what the file says of categories, as far as it says more; see `category`.
        themes: globals by the name of a theme, laid over those of the environment when the theme is asked for.
        types: the shared types as the file has them, or None.
        sandbox: whether templates are compiled in Jinja2's sandbox.
        default_environment: the environment where nothing selects one, or None.
    """

    base: Path
    path: Path | None = None
    notifications: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
    attachments: Path = Path()
    plugins: tuple[Path, ...] = ()
    default_locale: str = DEFAULT_LOCALE
    default_environment: str | None = None
    categories: Mapping[str, str] = field(default_factory=lambda: CATEGORIES)
    kinds: Mapping[str, Category] = field(default_factory=dict)
    themes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    types: MappingNode | None = None
    check: CheckSettings = field(default_factory=CheckSettings)
    sandbox: bool = True
    shared: EnvironmentSection = field(default_factory=EnvironmentSection)
    environments: Mapping[str, EnvironmentSection] = field(default_factory=lambda: IMPLIED)

    @classmethod
    def load(cls, path: Path | None = None) -> Configuration:
        """Read the file that `path` names, or that is found.

        Raises:
            ConfigError: there is none, or it is wrong; all faults at once.
        """
        from notify.configuration.file import read_configuration

        return read_configuration(find_configuration(path))

    @classmethod
    def default(cls, base: Path | None = None) -> Configuration:
        """What holds without a file: the conventional folders below `base`, and the implied environments."""
        base = base or Path.cwd()
        return cls(
            base=base,
            notifications=(base / "notifications",),
            templates=(base / "templates",),
            attachments=base / "attachments",
        )

    def environment(self, name: str | None = None, environ: Mapping[str, str] = os.environ) -> Environment:
        """The environment of that name, or the default one. Without a file there is one of any name.

        Raises:
            ConfigError: there is no such environment; the message lists them.
        """
        name = name or self.default_environment or ("development" if "development" in self.environments else None)
        if name is None:
            raise ConfigError(
                f"no environment is selected: set NOTIFY_ENV, or default_environment in notify.yaml, to one of "
                f"{', '.join(self.environments)}"
            )
        if name not in self.environments and self.path is not None:
            raise ConfigError(f"there is no environment {name!r} ({did_you_mean(name, self.environments)})")
        section, shared = self.environments.get(name, EnvironmentSection()), self.shared
        values = {**shared.values, **section.values}
        for key in ("globals", "unsubscribe", "feedback"):
            below, own = shared.values.get(key), section.values.get(key)
            if isinstance(below, dict) and (own is True or (own and isinstance(own, dict))):
                values[key] = below if own is True else {**below, **own}
        transports = dict(shared.transports)
        for key, specification in section.transports.items():
            transports[key] = transports[key].merged(specification) if key in transports else specification
        return Environment(
            name,
            values=values,
            places={**shared.places, **section.places},
            transports=transports,
            themes=self.themes,
            environ=environ,
        )

    def category(self, name: str) -> Category:
        """What holds for a category."""
        return self.kinds.get(name) or Category(name, self.categories.get(name, "allowed"))

    def catalog(self) -> Catalog:
        """All definitions of the configured folders.

        Raises:
            DefinitionError: a definition is wrong; all faults of all files.
        """
        from notify.catalog import Catalog

        return Catalog.of(self.catalog_files().read())

    def catalog_files(self) -> CatalogFiles:
        """The files of the configured folders, for who reads them again and again."""
        from notify.catalog import CatalogFiles

        return CatalogFiles(
            self.notifications,
            shown_from=self.base,
            types=self.types,
            categories=tuple(self.categories),
            reserved=self._globals(),
        )

    def _globals(self) -> frozenset[str]:
        """The names of the globals of any environment or theme: a param of that name would work in the others only."""
        sections = (self.shared, *self.environments.values())
        named = (section.values.get("globals", ()) for section in sections)
        return frozenset(name for names in (*named, *self.themes.values()) for name in names)

    def renderer(
        self,
        names: Mapping[str, Any],
        *,
        templates: Iterable[Any] = (),
        configure: Callable[[jinja2.Environment], None] | None = None,
        recorder: Recorder | None = None,
        auto_reload: bool = True,
        inlined: bool = True,
        direct: bool = True,
    ) -> Renderer:
        """A renderer over the configured folders and what plugins bring; `names` are the globals."""
        from notify.rendering import FolderLoader, Renderer

        loaders = [FolderLoader(Path(each)) if isinstance(each, (str, Path)) else each for each in templates]
        return Renderer(
            folders=self.templates,
            loaders=loaders,
            globals=names,
            default_locale=self.default_locale,
            sandbox=self.sandbox,
            shown_from=self.base,
            configure=configure,
            recorder=recorder,
            auto_reload=auto_reload,
            inlined=inlined,
            direct=direct,
        )
