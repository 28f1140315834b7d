"""The files of definitions below some folders; reading them again costs only what has changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from notify.definition import CATEGORIES, Rules, check_samples, read_definition
from notify.definition.walk import Walk, shown_path
from notify.errors import Fault, Location
from notify.params import read_types
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from notify.definition import Definition
    from notify.yamlnodes import MappingNode

    Stamp = tuple[int, int, int]

_PART = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file: its definition, or None where it cannot be used, and its faults.

    `faults` are those of the file itself; where it has none, `sample_faults` are the values of samples and defaults
    that the params do not allow, and the definition can be used all the same.
    """

    path: Path
    definition: Definition | None
    faults: tuple[Fault, ...] = ()
    sample_faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All files at one moment, by the id of their notification.

    Attributes:
        files: in the order of the alphabet.
        other_faults: what is wrong with names of files, links and shared types.
    """

    files: dict[str, ReadFile]
    other_faults: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault of every file by place, or, where the files are right, of their samples and defaults."""
        own = [fault for file in self.files.values() for fault in file.faults]
        if found := dict.fromkeys((*own, *self.other_faults)):
            return tuple(sorted(found, key=lambda fault: fault.location))
        return tuple(dict.fromkeys(fault for file in self.files.values() for fault in file.sample_faults))


class CatalogFiles:
    """Reads definitions, and remembers them with their files; not for several threads at once.

    Args:
        folders: where definitions lie; `billing/paid.yaml` below one of them is `billing.paid`.
        shown_from: messages show paths relative to this folder.
        types: the types that all definitions share, as a node of notify.yaml.
        categories: the application's own categories.
        reserved: names that params may not have, such as the application's globals.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        shown_from: Path | None = None,
        types: MappingNode | None = None,
        categories: Collection[str] = (),
        reserved: Collection[str] = (),
    ) -> None:
        reader = Reader()
        self._folders = folders
        self._shown_from = shown_from
        self._rules = Rules({*CATEGORIES, *categories}, read_types(reader, types), frozenset(reserved))
        self._faults = reader.faults
        self._known: dict[str, tuple[Stamp | None, ReadFile]] = {}

    def read(self) -> Reading:
        """All definitions as they are now; a file that has not changed is not read again.

        Raises:
            ConfigError: a folder cannot be read.
        """
        reader = Reader()
        known: dict[str, tuple[Stamp | None, ReadFile]] = {}
        walks = (Walk(reader, folder, self._shown_from) for folder in self._folders)
        for path, below in chain.from_iterable(walks):
            shown = shown_path(path, self._shown_from)
            name = ".".join(below.with_suffix("").parts)
            if _bad_name(reader, name, shown):
                continue
            if name in known:
                fault = twice(name, shown_path(known[name][1].path, self._shown_from), shown)
                reader.fault(fault.location, fault.message, fault.hint)
                continue
            stamp, before = _stamp(path), self._known.get(name)
            if before is not None and stamp is not None and before[0] == stamp and before[1].path == path:
                known[name] = before
            else:
                known[name] = stamp, self._read(path, name, shown)
        self._known = known
        return Reading({name: known[name][1] for name in sorted(known)}, (*self._faults, *reader.faults))

    def _read(self, path: Path, name: str, shown: str) -> ReadFile:
        reader = Reader()
        definition = read_definition(reader, path, name, shown, self._rules)
        if reader.faults or definition is None:
            return ReadFile(path, None, reader.faults)
        return ReadFile(path, definition, sample_faults=_distinct(check_samples(definition)))


def _distinct(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(dict.fromkeys(faults))


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _bad_name(reader: Reader, name: str, shown: str) -> bool:
    wrong = [part for part in name.split(".") if not _PART.fullmatch(part)]
    if not wrong:
        return False
    better = re.sub(r"[^a-z0-9_]+", "_", wrong[0].lower()).strip("_")
    hint = f"rename it, such as {better}" if _PART.fullmatch(better) else "rename it"
    rule = "made of a-z, 0-9 and _, a letter first"
    reader.fault(Location(shown, 1), f"{wrong[0]!r} cannot be part of an id, which is {rule}", hint)
    return True


def twice(name: str, first: str, second: str) -> Fault:
    """The fault of a notification that two files define."""
    return Fault(Location(second, 1), f"the notification {name!r} is defined twice: in {first} too", "remove one")
