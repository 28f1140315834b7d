"""What is previewed: a notifier that follows its files, and keeps what was right when a file is wrong."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify import Catalog
from notify.errors import ConfigError, NotifyError, UnknownNotificationError
from notify.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from notify import Definition, Notifier
    from notify.catalog import ReadFile
    from notify.errors import Fault
    from notify.rendering import Sources


_MOMENT = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification as its file is now.

    Attributes:
        id: the notification's id.
        definition: what the file says, or what it said when it was last right; None if it never was.
        faults: what is wrong with the file, or with values of its samples.
        stale: whether `definition` is from before the faults.
        path: the file, if it is known.
    """

    id: str
    definition: Definition | None
    faults: tuple[Fault, ...] = ()
    stale: bool = False
    path: Path | None = None


class Project:
    """A notifier and its definitions. Safe to share between threads.

    Args:
        notifier: what is previewed.
        load: makes the notifier again when notify.yaml has changed; without it such changes are not followed.
        follow: whether changes of the definitions' files are followed.

    Attributes:
        notifier: the notifier, whose catalog has every definition that is right or once was.
        entries: the notifications by id, in the order of the alphabet.
        trouble: why notify.yaml, or a folder that it names, cannot be read now; the last good state stays in use.
    """

    def __init__(self, notifier: Notifier, *, load: Callable[[], Notifier] | None = None, follow: bool = True) -> None:
        self.notifier = notifier
        self.entries: Mapping[str, Entry] = {}
        self.trouble: NotifyError | None = None
        self.follows = follow
        self.followed = False
        """Whether something watches the files and calls `refresh`, so that pages need not."""
        self._load = load
        self._lock = threading.RLock()
        self._sources: tuple[float, Sources] | None = None
        self._begin()
        self.refresh()

    def __getitem__(self, name: str) -> Entry:
        """The notification of that id.

        Raises:
            UnknownNotificationError: there is none.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise UnknownNotificationError(name, nearest(name, self.entries))
        return entry

    def refresh(self) -> set[str]:
        """Catch up with the files; the ids of notifications that are new, gone or not what they were."""
        with self._lock:
            if not self.follows:
                return self._take({name: Entry(name, self.notifier.catalog[name]) for name in self.notifier.catalog})
            if self._load is not None and self._stamp_now() != self._stamp:
                self._reload(self._load)
            try:
                reading = self._files.read()
            except ConfigError as error:
                self.trouble = self._broken or error
                return set()
            self.trouble = self._broken or (ConfigError(faults=reading.other_faults) if reading.other_faults else None)
            return self._take({name: self._entry(name, file) for name, file in reading.files.items()})

    def sources(self) -> Sources:
        """Which templates there are; looked up again when something that watches says so, else after a moment."""
        with self._lock:
            now = time.monotonic()
            if self._sources is None or (not self.followed and now - self._sources[0] > _MOMENT):
                self._sources = now, self.notifier.sources()
            return self._sources[1]

    def forget_sources(self) -> None:
        """Some template is new or gone."""
        with self._lock:
            self._sources = None

    def reload(self) -> None:
        """Read notify.yaml again, and load plugins again, whether it has changed or not."""
        with self._lock:
            if self._load is not None:
                self._reload(self._load)
                self.refresh()

    def replace(self, notifier: Notifier) -> None:
        """Go on with another notifier."""
        with self._lock:
            before, self.notifier = self.notifier, notifier
            self._begin()
            before.close()

    def _begin(self) -> None:
        self._broken: NotifyError | None = None
        self._sources = None
        self._files = self.notifier.configuration.catalog_files()
        self._stamp = self._stamp_now()

    def _reload(self, load: Callable[[], Notifier]) -> None:
        self._stamp = self._stamp_now()
        try:
            notifier = load()
        except NotifyError as error:
            self._broken = error
        else:
            self.replace(notifier)

    def _entry(self, name: str, file: ReadFile) -> Entry:
        faults = (*file.faults, *file.sample_faults)
        if file.definition is not None:
            before = self.entries.get(name)
            if before is not None and before.definition is file.definition and before.faults == faults:
                return before
            return Entry(name, file.definition, faults, path=file.path)
        before = self.entries.get(name)
        last = before.definition if before is not None else None
        return Entry(name, last, faults, stale=last is not None, path=file.path)

    def _take(self, entries: dict[str, Entry]) -> set[str]:
        before, self.entries = self.entries, entries
        changed = {name for name in {*before, *entries} if before.get(name) != entries.get(name)}
        known = [entry.definition for entry in entries.values() if entry.definition is not None]
        if changed or len(self.notifier.catalog) != len(known):
            self.notifier = self.notifier.with_catalog(Catalog(known))
        return changed

    def _stamp_now(self) -> int | None:
        path = self.notifier.configuration.path
        return None if path is None else modified(path)


def modified(path: Path | str) -> int | None:
    """When a file was last changed, in nanoseconds; None where there is none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116  # twice as fast, and it runs for every file of every view
    except (OSError, ValueError):
        return None


def candidates(notifier: Notifier, names: Iterable[str]) -> list[Path]:
    """Where templates of these names lie, or would lie, in the application's folders and among those that ship."""
    from notify.resources import templates_folder

    folders = notifier.configuration.templates
    found = [folder / name for name in names for folder in folders]
    return [*found, *(templates_folder() / name for name in names if name.startswith("notify/"))]
