"""Waiting for a socket: by `poll`, or by `select` where the system has no `poll`."""

from __future__ import annotations

import math
import select
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import socket

_MOMENT = 0.0001
_DISTRUST = 3


class Waiter(Protocol):
    """Waits for one socket; no call of the socket itself ever does."""

    def __call__(self, seconds: float, *, write: bool = False, read: bool = True) -> bool:
        """Wait until there is something to be read, or, with `write`, room to write; false if the time was up."""
        ...


def waiter(sock: socket.socket) -> Waiter:
    """The best kind of waiter that this system has."""
    return PollWaiter(sock) if hasattr(select, "poll") else SelectWaiter(sock)


class PollWaiter:
    """Any number of a descriptor will do.

    A process that sleeps takes tens of microseconds to wake. What answered sooner than in a tenth of a millisecond the
    last time, such as a server on the same machine, is therefore looked at again and again for so long before the
    process sleeps. If that was in vain, it is not done again before some more such answers.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._swift = 0
        self._descriptor = sock.fileno()
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)

    def __call__(self, seconds: float, *, write: bool = False, read: bool = True) -> bool:
        """See `Waiter`."""
        milliseconds = math.ceil(max(seconds, 0.0) * 1000)
        if not write:
            return bool(self._poll.poll(0) or (milliseconds and self._wait(milliseconds)))
        self._poll.modify(self._descriptor, select.POLLOUT | (select.POLLIN if read else 0))
        try:
            return bool(self._poll.poll(milliseconds))
        finally:
            self._poll.modify(self._descriptor, select.POLLIN)

    def _wait(self, milliseconds: int) -> bool:
        began = time.perf_counter()
        looked = self._swift > 0
        came = looked and self._look(until=began + _MOMENT)
        if not came:
            came = bool(self._poll.poll(milliseconds))
        if time.perf_counter() - began < _MOMENT:
            self._swift = min(self._swift + 1, 1)
        elif looked:
            self._swift = -_DISTRUST
        return came

    def _look(self, until: float) -> bool:
        while not self._poll.poll(0):
            if time.perf_counter() > until:
                return False
        return True


class SelectWaiter:
    """For Windows; elsewhere descriptors must be below 1024."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def __call__(self, seconds: float, *, write: bool = False, read: bool = True) -> bool:
        """See `Waiter`."""
        readers, writers = [self._socket] if read else [], [self._socket] if write else []
        return any(select.select(readers, writers, [], max(seconds, 0.0)))
