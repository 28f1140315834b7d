"""Sessions kept for the next message: bounded, shared by threads, never by a forked child."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from notify.errors import TemporaryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify_smtp.connection import Deadline
    from notify_smtp.session import Session

_STALE = 30.0  # providers do not say when they end an idle connection; this is sooner than any


class Pool:
    """At most `size` sessions at once, the last used one first.

    Args:
        opener: opens a session.
        size: how many there may be.
        messages: after how many messages a session is given up.
        name: the transport's name, for errors.
    """

    def __init__(self, opener: Callable[[Deadline], Session], size: int, messages: int, name: str) -> None:
        self._opener = opener
        self._size = size
        self._messages = messages
        self._name = name
        self._closed = False
        self._idle: list[Session] = []
        self._start()

    def acquire(self, deadline: Deadline, *, fresh: bool = False) -> Session:
        """A session to be given back by `release`; `fresh` asks for a new one.

        Raises:
            DeliveryError: none can be opened, or none became free in time.
        """
        if os.getpid() != self._process:
            self._start()
        while (session := self._take(deadline)) is not None:
            lively = time.monotonic() - session.idle_since <= _STALE
            if not fresh and lively and session.ready(deadline):
                return session
            self._drop(session)
        try:
            return self._opener(deadline)
        except BaseException:
            self._free()
            raise

    def release(self, session: Session) -> None:
        """Take a session back; it is kept if it can carry another message."""
        if os.getpid() != self._process:
            session.abandon()
            return
        with self._changed:
            if session.usable and session.sent < self._messages and not self._closed:
                session.idle_since = time.monotonic()
                self._idle.append(session)
                self._changed.notify()
                return
        self._drop(session)

    def close(self) -> None:
        """Say goodbye on the idle sessions now, and on those in use when they are given back."""
        if os.getpid() != self._process:
            self._start()
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for session in idle:
            self._drop(session)

    def _start(self) -> None:
        """Begin with nothing; what a parent process had open is its own, and so is the lock it may have held."""
        for session in self._idle:
            session.abandon()
        self._idle = []
        self._open = 0
        self._process = os.getpid()
        self._changed = threading.Condition()

    def _take(self, deadline: Deadline) -> Session | None:
        """An idle session, or None when a new one may be opened."""
        with self._changed:
            while not self._idle:
                if self._open < self._size:
                    self._open += 1
                    return None
                if not self._changed.wait(max(deadline.remaining, 0.0)):
                    raise TemporaryError(
                        f"all {self._size} connections were busy for {deadline.seconds:g} seconds",
                        transport=self._name, phase="connect",
                        advice="More connections at once are allowed by the setting pool.",
                    )  # fmt: skip
            return self._idle.pop()

    def _drop(self, session: Session) -> None:
        session.quit()
        self._free()

    def _free(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify()
