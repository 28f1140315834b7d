"""What is compared of a project: definitions and the sources of their bodies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notify.definition import InPlace
from notify.errors import DefinitionError, Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.configuration import Configuration
    from notify.definition import Definition
    from notify.plugins import Plugins
    from notify.rendering import Source, Sources


@dataclass(frozen=True, slots=True)
class Text:
    """The source of a template, and where it begins."""

    source: str
    location: Location


@dataclass(frozen=True, slots=True)
class Described:
    """A definition with its bodies by part (`html`, `text`, `markdown`) and locale."""

    definition: Definition
    bodies: Mapping[tuple[str, str], Text]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A project at one moment.

    Attributes:
        file: how notify.yaml is shown.
        sender: who messages come from where nothing else says so, as notify.yaml writes it.
        notifications: by id.
    """

    file: Location
    sender: str | None
    notifications: Mapping[str, Described]

    @classmethod
    def read(cls, configuration: Configuration, plugins: Plugins, *, revision: str = "") -> Snapshot:
        """The project as its files are.

        Args:
            configuration: what notify.yaml says.
            plugins: those that bring templates.
            revision: what faults call the files' revision.

        Raises:
            DefinitionError: a definition is wrong; all faults of all files. Samples and defaults may be.
        """
        reading = configuration.catalog_files().read()
        faults = [*(fault for file in reading.files.values() for fault in file.faults), *reading.other_faults]
        if faults:
            raise DefinitionError(
                replace(fault, location=_at(fault.location, revision)) for fault in sorted(faults, key=str)
            )
        sources = configuration.renderer({}, templates=plugins.templates(), inlined=False).sources()
        found = {
            name: Described(file.definition, _bodies(file.definition, sources, configuration))
            for name, file in reading.files.items()
            if file.definition is not None
        }
        shown = configuration.path.name if configuration.path else "notify.yaml"
        sender = configuration.shared.values.get("sender")
        place = configuration.shared.places.get("sender", Location(shown, 1))
        return cls(place, None if sender is None else str(sender), found)


def _at(location: Location, revision: str) -> Location:
    return replace(location, path=f"{revision}:{location.path}") if revision else location


def _bodies(definition: Definition, sources: Sources, configuration: Configuration) -> dict[tuple[str, str], Text]:
    return {
        (source.part, source.locale): _text(definition, source, configuration)
        for source in sources.of(definition)
        if source.found
    }


def _text(definition: Definition, source: Source, configuration: Configuration) -> Text:
    body = getattr(definition, source.part)
    if isinstance(body, InPlace):
        return Text(body.source, body.location)
    if source.path is None:
        return Text(f"the template {source.name}", source.location or definition.location)
    path = source.path
    shown = path.relative_to(configuration.base) if path.is_relative_to(configuration.base) else path
    return Text(path.read_text(encoding="utf-8", errors="replace"), Location(shown.as_posix(), 1))
