"""What the garbage collector is spared while a worker works."""

from __future__ import annotations

import gc

import pytest

from notify.outbox.worker.unwatched import unwatched


def test_what_was_there_before_is_not_looked_at() -> None:
    """Until the worker has ended, however it ends."""
    during = []

    def work() -> None:
        with unwatched():
            during.append(gc.get_freeze_count())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()

    assert (True, 0) == (during[0] > 0, gc.get_freeze_count())


def test_what_an_application_has_set_aside_stays_so() -> None:
    """It did that on purpose, perhaps before a fork."""
    gc.freeze()
    try:
        with unwatched():
            pass
        after = gc.get_freeze_count()
    finally:
        gc.unfreeze()

    assert after > 0
