"""All definitions of an application."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from notify.definition import CATEGORIES, Rules, check_samples, read_definition
from notify.definition.walk import Walk, shown_path
from notify.errors import DefinitionError, Fault, Location, UnknownNotificationError
from notify.params import read_types
from notify.suggest import nearest
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from notify.definition import Definition
    from notify.yamlnodes import MappingNode

_PART = re.compile(r"[a-z][a-z0-9_]*")


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
                raise DefinitionError([_twice(definition.id, other.location.path, definition.location.path)])
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
        reader = Reader()
        rules = Rules({*CATEGORIES, *categories}, read_types(reader, types), frozenset(reserved))
        definitions: dict[str, Definition | None] = {}
        shown_paths: dict[str, str] = {}
        for path, below in chain.from_iterable(Walk(reader, folder, shown_from) for folder in folders):
            shown = shown_path(path, shown_from)
            name = ".".join(below.with_suffix("").parts)
            if _bad_name(reader, name, shown):
                continue
            if name in shown_paths:
                fault = _twice(name, shown_paths[name], shown)
                reader.fault(fault.location, fault.message, fault.hint)
                continue
            shown_paths[name] = shown
            definitions[name] = read_definition(reader, path, name, shown, rules)
        if reader.faults:
            raise DefinitionError(reader.faults)
        catalog = cls(definition for definition in definitions.values() if definition is not None)
        if faults := catalog.check_samples():
            raise DefinitionError(faults)
        return catalog

    def check_samples(self) -> list[Fault]:
        """Every value of samples and defaults that the params do not allow; definitions in the order of their ids."""
        faults = (fault for definition in self._definitions.values() for fault in check_samples(definition))
        return list(dict.fromkeys(faults))

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


def _bad_name(reader: Reader, name: str, shown: str) -> bool:
    wrong = [part for part in name.split(".") if not _PART.fullmatch(part)]
    if not wrong:
        return False
    better = re.sub(r"[^a-z0-9_]+", "_", wrong[0].lower()).strip("_")
    hint = f"rename it, such as {better}" if _PART.fullmatch(better) else "rename it"
    rule = "made of a-z, 0-9 and _, a letter first"
    reader.fault(Location(shown, 1), f"{wrong[0]!r} cannot be part of an id, which is {rule}", hint)
    return True


def _twice(name: str, first: str, second: str) -> Fault:
    return Fault(Location(second, 1), f"the notification {name!r} is defined twice: in {first} too", "remove one")
