"""How long one thread of a worker may keep the others waiting for Python's interpreter."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TURN = 0.001


@contextmanager
def short_turns() -> Iterator[None]:
    """A block in which a thread that comes back from the database, or from a server, waits for a millisecond at most.

    By default it is five, each time; and what waits so is what has the database's one writer, or a connection.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
