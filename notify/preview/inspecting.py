"""Finding out how every notification stands, behind the back of whoever looks at one."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from notify.errors import NotifyError
from notify.preview.standing import Standing, standing

if TYPE_CHECKING:
    from notify.preview.events import Hub
    from notify.preview.project import Project
    from notify.preview.renderings import Renderings

_QUIET = 0.25
"""Seconds after a request in which the inspector stays out of the way."""
_LONGEST = 1.0
"""Seconds after which it goes on all the same, for whoever asks again and again how things stand."""
_TELL = 0.5
"""Seconds between two tellings, so that pages are not repainted for each notification."""


class Inspector:
    """Renders the samples of notifications whose standing is unknown, one after another, in a thread of its own.

    It works while there is something to do, and only in the pauses between requests.
    """

    def __init__(self, project: Project, renderings: Renderings, hub: Hub) -> None:
        self._project = project
        self._renderings = renderings
        self._hub = hub
        self._lock = threading.Lock()
        self._known: dict[str, Standing] = {}
        self._thread: threading.Thread | None = None
        self._busy_until = 0.0
        self._closed = False
        self._round = 0

    def known(self) -> dict[str, Standing]:
        """What is known so far, by id."""
        with self._lock:
            return dict(self._known)

    def busy(self) -> None:
        """Somebody waits for a page: stay out of the way for a moment."""
        self._busy_until = time.monotonic() + _QUIET

    def forget(self, names: set[str] | None = None) -> None:
        """Look again at these notifications, or at all."""
        with self._lock:
            self._round += 1
            for name in tuple(self._known) if names is None else names:
                self._known.pop(name, None)

    def start(self) -> None:
        """Begin, unless it is under way."""
        with self._lock:
            if self._closed or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="notify-preview-inspector", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop, and wait until it has."""
        self._closed = True
        thread = self._thread
        if thread is not None and thread.is_alive():
            thread.join(10)

    def _run(self) -> None:
        told = time.monotonic()
        fresh: dict[str, str] = {}
        while not self._closed and (name := self._next()) is not None:
            begun = self._round
            found = self._inspect(name)
            with self._lock:
                # What was forgotten meanwhile may be of the files as they were before.
                if found is not None and begun == self._round:
                    fresh[name] = found.word
                    self._known[name] = found
            if fresh and time.monotonic() - told > _TELL:
                self._hub.publish("status", standings=fresh)
                told, fresh = time.monotonic(), {}
        if fresh:
            self._hub.publish("status", standings=fresh)

    def _next(self) -> str | None:
        """The next one to look at; it ends where there is none."""
        entries = self._project.entries
        with self._lock:
            for name in self._known.keys() - entries.keys():
                del self._known[name]
            found = next((name for name in entries if name not in self._known), None)
            if found is None:
                self._thread = None
        return found

    def _inspect(self, name: str) -> Standing | None:
        found = None
        try:
            entry = self._project[name]
            for found in standing(entry, self._renderings, self._project.sources()):  # noqa: B007 - the last is whole
                self._pause()
                if self._closed or self._project.entries.get(name) is not entry:
                    return None
        except NotifyError:
            return None if name not in self._project.entries else found or Standing()
        return found

    def _pause(self) -> None:
        latest = time.monotonic() + _LONGEST
        while not self._closed and (wait := min(self._busy_until, latest) - time.monotonic()) > 0:
            time.sleep(min(wait, _QUIET))
        time.sleep(0.002)  # the page that is asked for just now goes first
