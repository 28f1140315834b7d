"""What `enqueue` has promised is there, wherever the process is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crash.killing import kill_enqueuers
from crash.scale import ROUNDS
from crash.shop import TWICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.account import Account
    from crash.campaign import Campaign

_CAMPAIGNS = 2


def test_killed_enqueuers(campaign: Campaign, judged: Callable[[], Account]) -> None:
    """Each mail that was promised arrives once; of a call that was cut short, all that it would enqueue is there or
    nothing."""
    rounds = -(-ROUNDS // _CAMPAIGNS)
    kill_enqueuers(campaign, TWICE, rounds)
    found = judged()

    assert [] == found.faults
    assert rounds == found.enqueuers
    assert 0 == found.duplicates
