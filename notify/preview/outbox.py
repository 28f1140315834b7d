"""The environment's outbox as the preview sees it: looked at where it is there, and never made."""

from __future__ import annotations

import threading
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify.database import Database
    from notify.preview.project import Project

_FILE = "sqlite:///"
_MOMENT = 10.0
"""Seconds for which a server that was there, or was not, is taken to be so still."""
_PATIENCE = 0.5


class NoOutboxError(Exception):
    """There is no outbox (any more)."""


class OutboxView:
    """The outbox of a project, which may change with notify.yaml. Safe to share between threads.

    Args:
        project: whose outbox it is.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._opened: tuple[str, Database] | None = None
        self._asked = ("", 0.0)
        self._answer = False

    def is_there(self) -> bool:
        """Whether there is one to look at: its file, or its tables on a server that answers.

        A server is asked now and then, and not waited for: until it answers it is as it was before.
        """
        if find_spec("sqlalchemy") is None:
            return False
        try:
            url = self._url()
            if url.startswith(_FILE):
                return (self._project.notifier.configuration.base / url[len(_FILE) :].partition("?")[0]).is_file()
        except NotifyError:
            return False
        with self._lock:
            is_known = self._asked[0] == url and time.monotonic() - self._asked[1] < _MOMENT
            if not is_known:
                self._answer = self._answer and self._asked[0] == url
                self._asked = (url, time.monotonic())
        if not is_known:
            asking = threading.Thread(target=self._ask, args=(url,), daemon=True, name="notify-outbox")
            asking.start()
            asking.join(_PATIENCE)
        return self._answer

    def database(self) -> Database:
        """What it is in.

        Raises:
            NoOutboxError: there is none.
        """
        if not self.is_there():
            raise NoOutboxError
        return self._database(self._url())

    def close(self) -> None:
        """Close its connections."""
        with self._lock:
            if self._opened is not None:
                self._opened[1].close()
                self._opened = None

    def _url(self) -> str:
        notifier = self._project.notifier
        return notifier.configuration.environment(notifier.environment).outbox

    def _database(self, url: str) -> Database:
        from notify.database import Database

        with self._lock:
            if self._opened is None or self._opened[0] != url:
                if self._opened is not None:
                    self._opened[1].close()
                self._opened = url, Database(url, self._project.notifier.configuration.base)
            return self._opened[1]

    def _ask(self, url: str) -> None:
        from notify.database.migrations import version

        try:
            answer = version(self._database(url)) > 0
        except NotifyError:
            answer = False
        with self._lock:
            if self._asked[0] == url:
                self._answer = answer
