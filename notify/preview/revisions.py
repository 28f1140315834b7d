"""A project as it was at a git revision."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from notify import Notifier
from notify.revisions import Repository

if TYPE_CHECKING:
    from notify.preview.project import Project

_MOST = 3


class Revisions:
    """Notifiers of earlier revisions, each read once; their files lie in a temporary folder until `close`."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Notifier] = OrderedDict()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def notifier(self, revision: str) -> Notifier:
        """The notifier of a revision: its notify.yaml, definitions and templates; plugins are those of now.

        Raises:
            ConfigError: git is not there, or knows no such revision, or notify.yaml was not there or wrong.
            DefinitionError: definitions were wrong then.
        """
        repository = Repository(self._project.notifier.configuration)
        with self._lock:
            commit = repository.commit(revision)
            if commit not in self._kept:
                self._kept[commit] = self._read(repository, commit, revision)
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
            return self._kept[commit]

    def close(self) -> None:
        """Remove what was read."""
        with self._lock:
            self._kept.clear()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _read(self, repository: Repository, commit: str, revision: str) -> Notifier:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="notify-revisions-")
        folder = Path(self._folder.name).resolve() / commit
        configuration = repository.extract(commit, folder, revision=revision)
        now = self._project.notifier
        return Notifier(configuration=configuration, environment=now.environment, plugins=now.plugins)
