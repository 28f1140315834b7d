"""Rendering for the eye: each mail once, as long as none of its files changes, and the last good one kept."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notify.definition import RECIPIENT
from notify.errors import ConfigError, DefinitionError, NotifyError
from notify.preview.opened import open_mail
from notify.preview.project import candidates, modified
from notify.preview.state import NO_SAMPLE
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notify import Definition, Message, Notifier
    from notify.definition import Sample
    from notify.preview.opened import Opened
    from notify.preview.project import Entry, Project
    from notify.preview.state import State

DATE = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""The Date of every preview: equal input gives equal octets, so that two previews can be compared."""
_GRAIN = 20_000_000
"""Nanoseconds that a file system's clock may be behind."""
_MOST = 64
_MOST_GOOD = 32

Key = tuple[str, str, str | None, str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What came of rendering a mail: a message, or an error.

    Attributes:
        definition: what was rendered.
        message: the message, its Message-ID, Date and boundary fixed.
        mail: the same, taken apart from its octets.
        error: why there is none.
        seconds: how long it took.
        templates: the names of the templates that were asked for, in that order.
        files: the files that it depends on, there or not, each with its time of change.
    """

    definition: Definition | None
    message: Message | None = None
    mail: Opened | None = None
    error: NotifyError | None = None
    seconds: float = 0.0
    templates: tuple[str, ...] = ()
    files: Mapping[Path, int | None]

    def is_fresh(self, entry: Entry) -> bool:
        """Whether rendering again would give the same."""
        return self.definition is entry.definition and all(
            modified(path) == stamp for path, stamp in self.files.items()
        )


class Renderings:
    """Renders the states of a project. Safe to share between threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[Notifier, Rendition]] = OrderedDict()
        self._good: OrderedDict[Key, Rendition] = OrderedDict()
        self._files: dict[str, dict[Path, int | None]] = {}
        self._outdated: set[str] = set()

    def of(self, state: State, params: Mapping[str, Any] | None = None) -> Rendition:
        """The mail that a state shows.

        Args:
            state: which mail.
            params: what stands in for the sample's params; `state.data` is the name for it.

        Raises:
            UnknownNotificationError: there is no such notification.
            ConfigError: it has no such sample.
        """
        project = self._project
        entry, notifier = project[state.notification], project.notifier
        sample = sample_of(entry, state.sample)
        key = (state.notification, state.sample, state.locale, state.theme, state.data)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept[0] is notifier and kept[1].is_fresh(entry):
            rendition = kept[1]
        else:
            rendition = self._render(notifier, entry, state, sample, params)
        with self._lock:
            _keep(self._kept, key, (notifier, rendition), _MOST)
            if rendition.error is None:
                _keep(self._good, (*key[:4], ""), rendition, _MOST_GOOD)
            if state.notification in self._outdated:
                self._outdated.remove(state.notification)
                self._files[state.notification] = {}
            self._files.setdefault(state.notification, {}).update(rendition.files)
        return rendition

    def last_good(self, state: State) -> Rendition | None:
        """The last rendering of this mail that was right, whatever its params were."""
        key = (state.notification, state.sample, state.locale, state.theme, "")
        with self._lock:
            return self._good.get(key)

    def affected(self, paths: set[Path]) -> set[str]:
        """The ids of the notifications that were rendered from one of these files, or would be if it were there."""
        folders = {path for path in paths if not path.suffix}
        with self._lock:
            return {
                name
                for name, files in self._files.items()
                if not paths.isdisjoint(files) or any(not folders.isdisjoint(file.parents) for file in files if folders)
            }

    def changed(self) -> set[str]:
        """The ids of the notifications of which a file has changed since they were rendered; for who is not told."""
        with self._lock:
            known = {name: tuple(files.items()) for name, files in self._files.items()}
        now = {path: modified(path) for path in {path for files in known.values() for path, _ in files}}
        return {name for name, files in known.items() if any(now[path] != stamp for path, stamp in files)}

    def forget(self, names: set[str]) -> None:
        """What is known of the files of these notifications holds only until they are rendered again."""
        with self._lock:
            self._outdated |= names
            for name in self._outdated - self._project.entries.keys():
                self._outdated.remove(name)
                self._files.pop(name, None)

    @staticmethod
    def _render(
        notifier: Notifier, entry: Entry, state: State, sample: Sample | None, params: Mapping[str, Any] | None
    ) -> Rendition:
        definition = entry.definition
        if definition is None:
            return Rendition(definition=None, error=DefinitionError(entry.faults), files={})
        if params is None:
            params = sample.params if sample else {}
        message = mail = problem = None
        begin, since = time.perf_counter(), time.time_ns() - _GRAIN
        notifier = notifier.for_samples()
        with notifier.recording() as recorded:
            try:
                message = notifier.render(
                    definition.id,
                    to=(sample.to if sample else None) or RECIPIENT,
                    params=params,
                    locale=state.locale or (sample.locale if sample else None),
                    theme=state.theme,
                )
                seconds = time.perf_counter() - begin
                message = fixed(message)
                mail = open_mail(message.as_bytes(smtputf8=message.needs_smtputf8))
            except NotifyError as error:
                message, problem, seconds = None, error, time.perf_counter() - begin
        root = notifier.configuration.attachments
        files = [*candidates(notifier, recorded.templates), *(root / path for path in recorded.attachments)]
        return Rendition(
            definition=definition,
            message=message,
            mail=mail,
            error=problem,
            seconds=seconds,
            templates=tuple(recorded.templates),
            files={path: _stamp(path, since) for path in files},
        )


def fixed(message: Message) -> Message:
    """The message with a Message-ID, Date and boundary that are the same each time."""
    words = f"{message.notification} {message.locale} {message.envelope} {message.subject}"
    number = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
    return message.replace(
        message_id=f"<preview.{number[:16]}@{message.sender.domain}>", date=DATE, boundary=f"=_{number[16:32]}"
    )


def sample_of(entry: Entry, name: str) -> Sample | None:
    """The sample of that name; None for NO_SAMPLE.

    Raises:
        ConfigError: there is none.
    """
    samples = entry.definition.samples if entry.definition is not None else {}
    if name == NO_SAMPLE or name in samples or entry.definition is None:
        return samples.get(name)
    raise ConfigError(f"{entry.id} has no sample {name!r} ({did_you_mean(name, samples) or 'it has none'})")


def _stamp(path: Path, since: int) -> int | None:
    """When a file was changed; a time that it never has where that was while it was read."""
    stamp = modified(path)
    return -1 if stamp is not None and stamp > since else stamp


def _keep(kept: OrderedDict[Key, Any], key: Key, value: Any, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
