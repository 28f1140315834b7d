"""What happens, told to every open page."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 200
"""Events that a page may be behind."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: `changed`, `status`, `mail` or `trouble`, and what a page needs to know of it."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """As a server-sent event (HTML, section 9.2.5)."""
        return f"event: {self.kind}\ndata: {json.dumps(self.data)}\n\n".encode()


class Hub:
    """Hands events from any thread to subscribers in their event loops."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal's handler, which publishes too, may interrupt whoever holds it
        self._subscribers: dict[asyncio.Queue[Event], asyncio.AbstractEventLoop] = {}

    def __len__(self) -> int:
        return len(self._subscribers)

    def publish(self, kind: str, **data: Any) -> None:
        """Tell every subscriber. One that has fallen far behind loses events, and is told to start over."""
        event = Event(kind, data)
        with self._lock:
            for queue, loop in self._subscribers.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_put, queue, event)

    @contextmanager
    def subscription(self, changed: Callable[[], None] = lambda: None) -> Iterator[asyncio.Queue[Event]]:
        """A queue of what happens in the block; `changed` is called when the number of subscribers is another."""
        queue: asyncio.Queue[Event] = asyncio.Queue(_MOST)
        with self._lock:
            self._subscribers[queue] = asyncio.get_running_loop()
        changed()
        try:
            yield queue
        finally:
            with self._lock:
                del self._subscribers[queue]
            changed()


def _put(queue: asyncio.Queue[Event], event: Event) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        event = Event("reset")
    queue.put_nowait(event)
