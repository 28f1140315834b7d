"""Sparing Python's garbage collector what is there anyway as long as a worker works."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def unwatched() -> Iterator[None]:
    """A block in which the collector does not look at what was there before it: modules, definitions, templates.

    It would again and again, since messages come and go: a tenth of a worker's time.
    """
    if gc.get_freeze_count():  # somebody else has seen to it, and wants it to stay so
        yield
        return
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
