"""The way to the broker: one that gives up early, since whoever enqueues is not to wait for it."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from kombu.messaging import Producer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from celery import Celery  # type: ignore[import-untyped]
    from kombu.connection import Connection
    from kombu.entity import Queue

    T = TypeVar("T")

_PATIENCE = 1.0  # seconds for each step: to connect, to be answered, to write
_TIMEOUTS = {
    "amqp": {"read_timeout": _PATIENCE, "write_timeout": _PATIENCE},
    "redis": {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE},
}
_STALE = 0.2  # seconds in which a connection fails that was lost while it was idle


class Line:
    """One connection to a broker, opened when it is needed. Safe to share between threads, and to be found in a fork.

    Args:
        app: the application of Celery that says which broker.
        queue: where bells wait.
    """

    def __init__(self, app: Celery, queue: Queue) -> None:
        self._app = app
        self._queue = queue
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self._process = os.getpid()
        self._lock = threading.Lock()

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return str(self._app.connection_for_write().as_uri())

    def publish(self, task: Any, chunks: Iterable[Sequence[int]]) -> None:
        """Have the task called once for each of the chunks.

        Raises:
            Exception: whatever the broker's library raises; some of the bells may have rung.
        """
        bells = [list(chunk) for chunk in chunks]

        def all_of_them(producer: Producer) -> None:
            for ids in bells:
                task.apply_async((ids,), queue=self._queue, producer=producer, retry=False, add_to_parent=False)

        self._tried(all_of_them)

    def waiting(self) -> int:
        """How many bells wait for a worker.

        Raises:
            Exception: whatever the broker's library raises.
        """

        def declared(producer: Producer) -> int:
            return int(self._queue(producer.channel).queue_declare().message_count)  # type: ignore[no-untyped-call]

        return self._tried(declared)

    def close(self) -> None:
        """Hang up. Using it again opens it again."""
        with self._lock:
            self._hang_up()

    def _tried(self, call: Callable[[Producer], T]) -> T:
        if self._process != os.getpid():
            # What the parent has open must neither be used here nor be closed.
            self._connection = self._producer = None
            self._process, self._lock = os.getpid(), threading.Lock()
        with self._lock:
            began, used = monotonic(), self._producer is not None
            try:
                return self._once(call)
            except Exception:
                if not used or monotonic() - began > _STALE:
                    raise
            return self._once(call)

    def _once(self, call: Callable[[Producer], T]) -> T:
        if self._producer is None:
            self._connection = _connection(self._app)
            self._producer = Producer(self._connection, auto_declare=False)  # type: ignore[no-untyped-call]
        try:
            return call(self._producer)
        except BaseException:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            with suppress(Exception):  # it may be the very connection that failed
                connection.collect(_PATIENCE)  # type: ignore[no-untyped-call]


def _connection(app: Celery) -> Connection:
    # No heartbeat: nobody would send it between two bells.
    connection: Connection = app.connection_for_write(connect_timeout=_PATIENCE, heartbeat=0)
    options = dict(connection.transport_options or {})
    options |= _TIMEOUTS.get(connection.transport.driver_type, {})
    # Without a limit, kombu tries until it is connected: here, once for each of the broker's URLs.
    options |= {"max_retries": max(0, len(connection.alt) - 1), "interval_start": 0, "interval_step": 0}
    connection.transport_options = options
    return connection
