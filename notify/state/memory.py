"""What a state is, and the one that lasts as long as the process."""

from __future__ import annotations

import copy
import os
import threading
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Document = dict[str, Any]
"""What JSON can hold."""


class State(Protocol):
    """Small documents by name. Safe to share between threads."""

    def read(self, key: str) -> Document:
        """A copy of the document; empty if there is none.

        Raises:
            ConfigError: the state cannot be read.
        """
        ...

    def change(self, key: str, change: Callable[[Document], T]) -> T:
        """Change a document in place while nobody else can, and give what `change` gives.

        `change` is short, and may be called on an empty document. If it raises, nothing is changed.

        Raises:
            ConfigError: the state cannot be written.
        """
        ...

    def close(self) -> None:
        """Let go of what is open. Using it again opens it again."""
        ...


class MemoryState:
    """Documents in this process; a forked child begins with copies."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._lock = threading.Lock()
        self._process = os.getpid()

    def read(self, key: str) -> Document:
        """See `State`."""
        with self._guard():
            return copy.deepcopy(self._documents.get(key, {}))

    def change(self, key: str, change: Callable[[Document], T]) -> T:
        """See `State`."""
        with self._guard():
            document = copy.deepcopy(self._documents.get(key, {}))
            result = change(document)
            self._documents[key] = document
            return result

    def close(self) -> None:
        """See `State`."""

    def _guard(self) -> threading.Lock:
        if self._process != os.getpid():  # the lock may have been held when the process forked
            self._process, self._lock = os.getpid(), threading.Lock()
        return self._lock
