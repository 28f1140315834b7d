"""Sessions kept for the next message: bounded, shared by threads, never by a forked child."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from notify.errors import TemporaryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify_smtp.deadline import Deadline
    from notify_smtp.session import Session

_STALE = 30.0  # providers do not say when they end an idle connection; this is sooner than any


class Pool:
    """At most `size` sessions at once, the last used one first.

    Args:
        opener: opens a session.
        size: how many there may be.
        name: the transport's name, for errors.
    """

    def __init__(self, opener: Callable[[Deadline], Session], size: int, name: str) -> None:
        self._opener = opener
        self._size = size
        self._name = name
        self._closed = False
        self._idle: list[Session] = []
        self._start()

    @property
    def wanted(self) -> bool:
        """Whether sessions in use should come back soon: somebody waits for one, or the pool was closed."""
        return self._closed or bool(self._queue)

    @contextlib.contextmanager
    def session(self, deadline: Deadline, *, fresh: bool = False) -> Iterator[Session]:
        """A session to oneself, kept afterwards if it can carry another message; `fresh` asks for a new one.

        Who came first is served first.

        Raises:
            DeliveryError: none can be opened, or none became free in time.
        """
        if os.getpid() != self._process:
            self._start()
        place = object()
        try:
            session = self._obtain(place, deadline, fresh=fresh)
            try:
                yield session
            except BaseException:
                if not self._keep(session, place):
                    session.abandon()
                raise
            if not self._keep(session, place):
                # a failure is not to wait for a goodbye
                (session.abandon if session.unfinished else session.quit)()
        finally:
            self._vacate(place)

    def close(self) -> None:
        """Say goodbye on the idle sessions now, and on those in use when they are given back."""
        if os.getpid() != self._process:
            self._start()
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        with contextlib.ExitStack() as goodbyes:
            for session in idle:
                goodbyes.callback(session.quit)

    def _start(self) -> None:
        """Begin with nothing; what a parent process had open is its own, and so is the lock it may have held."""
        for session in self._idle:
            session.abandon()
        self._idle = []
        self._taken: set[object] = set()
        self._queue: deque[object] = deque()
        self._process = os.getpid()
        self._changed = threading.Condition()

    def _obtain(self, place: object, deadline: Deadline, *, fresh: bool) -> Session:
        """An idle session that is still good, or a new one."""
        while (session := self._take(place, deadline)) is not None:
            try:
                lively = time.monotonic() - session.idle_since <= _STALE
                if not fresh and lively and session.ready(deadline):
                    return session
                session.quit()
            except BaseException:
                session.abandon()
                raise
        return self._opener(deadline)

    def _take(self, place: object, deadline: Deadline) -> Session | None:
        """Occupy a place, once; then an idle session, or None when a new one is to be opened."""
        with self._changed:
            if place not in self._taken:
                self._queue.append(place)
                while self._queue[0] is not place or (not self._idle and len(self._taken) >= self._size):
                    if not self._changed.wait(max(deadline.remaining, 0.0)):
                        raise TemporaryError(
                            f"all {self._size} connections were busy for {deadline.seconds:g} seconds",
                            transport=self._name, phase="connect",
                            advice="More connections at once are allowed by the setting pool.",
                        )  # fmt: skip
                self._taken.add(place)
                self._queue.popleft()
                self._changed.notify_all()
            return self._idle.pop() if self._idle else None

    def _keep(self, session: Session, place: object) -> bool:
        """Put a session aside for the next message, if it can carry one."""
        if os.getpid() != self._process or place not in self._taken:
            session.abandon()  # it is another process's
        if not session.usable or not session.has_room():
            return False
        with self._changed:
            if not self._closed:
                session.idle_since = time.monotonic()
                self._idle.append(session)
            return not self._closed

    def _vacate(self, place: object) -> None:
        """Leave a place, whatever has happened, and however far it got."""
        if os.getpid() == self._process:
            with self._changed:
                self._taken.discard(place)
                with contextlib.suppress(ValueError):
                    self._queue.remove(place)
                self._changed.notify_all()
