"""How long threads wait for the interpreter."""

from __future__ import annotations

import sys

import pytest

from notify.outbox.worker.turns import short_turns


def test_turns_are_short_while_a_worker_works() -> None:
    """And as long as before when it has ended; what is shorter already stays so."""
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)
        with short_turns():
            during = sys.getswitchinterval()
        after = sys.getswitchinterval()
        sys.setswitchinterval(0.0002)
        with short_turns():
            shorter = sys.getswitchinterval()
    finally:
        sys.setswitchinterval(before)

    assert pytest.approx([0.001, 0.005, 0.0002], rel=0.02) == [during, after, shorter]
