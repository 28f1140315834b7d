"""What hostile input may cost."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """The block takes less than so many seconds of this thread's processor, whatever else the machine does.

    Coverage is not measured meanwhile: it takes several times as long as the code.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    began = time.thread_time()
    try:
        yield
        took = time.thread_time() - began
    finally:
        sys.settrace(tracer)
    assert took < seconds
