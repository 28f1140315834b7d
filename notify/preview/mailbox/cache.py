"""A memory that forgets what was not asked for the longest."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Cache(Generic[T]):
    """Values by key, of a bounded weight together; safe to share between threads.

    Args:
        capacity: the weight that it holds.
        weigh: the weight of a value; 1 if left out.
    """

    def __init__(self, capacity: int, weigh: Callable[[T], int] = lambda _: 1) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._held: dict[Hashable, T] = {}
        self._weight = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """The value of a key, or None."""
        with self._lock:
            value = self._held.pop(key, None)
            if value is not None:
                self._held[key] = value  # now the youngest
            return value

    def put(self, key: Hashable, value: T) -> None:
        """Keep a value; others make room."""
        with self._lock:
            self._drop(key)
            self._held[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._capacity:
                self._drop(next(iter(self._held)))

    def _drop(self, key: Hashable) -> None:
        value = self._held.pop(key, None)
        if value is not None:
            self._weight -= self._weigh(value)
