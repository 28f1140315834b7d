"""All definitions of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.catalog.files import CatalogFiles, twice
from notify.errors import DefinitionError, UnknownNotificationError
from notify.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from notify.catalog.files import Reading
    from notify.definition import Definition
    from notify.yamlnodes import MappingNode


class Catalog:
    """Definitions by id.

    Iterating gives the ids in the order of the alphabet.

    Raises:
        DefinitionError: two definitions have the same id.
    """

    def __init__(self, definitions: Iterable[Definition] = ()) -> None:
        self._definitions: dict[str, Definition] = {}
        for definition in sorted(definitions, key=lambda each: each.id):
            if (other := self._definitions.get(definition.id)) is not None:
                raise DefinitionError([twice(definition.id, other.location.path, definition.location.path)])
            self._definitions[definition.id] = definition

    @classmethod
    def load(
        cls,
        folders: Sequence[Path],
        *,
        shown_from: Path | None = None,
        types: MappingNode | None = None,
        categories: Collection[str] = (),
        reserved: Collection[str] = (),
    ) -> Catalog:
        """Read every `.yaml` and `.yml` file below the folders; other files are passed over.

        Args:
            folders: where definitions lie; `billing/paid.yaml` below one of them is `billing.paid`.
            shown_from: messages show paths relative to this folder.
            types: the types that all definitions share, as a node of notify.yaml.
            categories: the application's own categories.
            reserved: names that params may not have, such as the application's globals.

        Raises:
            DefinitionError: definitions are wrong; it has every fault of every file, or, where the files are right,
                every value of samples and defaults that the params do not allow.
            ConfigError: a folder cannot be read.
        """
        files = CatalogFiles(folders, shown_from=shown_from, types=types, categories=categories, reserved=reserved)
        return cls.of(files.read())

    @classmethod
    def of(cls, reading: Reading) -> Catalog:
        """The catalog of files that were read.

        Raises:
            DefinitionError: as `load`.
        """
        if faults := reading.faults:
            raise DefinitionError(faults)
        return cls(file.definition for file in reading.files.values() if file.definition is not None)

    def __getitem__(self, name: str) -> Definition:
        try:
            return self._definitions[name]
        except KeyError:
            raise UnknownNotificationError(name, nearest(str(name), self._definitions)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._definitions

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def __repr__(self) -> str:
        return f"<Catalog of {len(self)}>"
