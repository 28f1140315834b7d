"""What `enqueue` has promised is there, wherever the process is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crash.killing import kill_enqueuers
from crash.scale import ENQUEUERS
from crash.shop import TWICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.account import Account
    from crash.campaign import Campaign


def test_killed_enqueuers(campaign: Campaign, judged: Callable[[], Account]) -> None:
    """Each mail that was promised arrives once; of a call that was cut short, all of it is there or nothing."""
    kill_enqueuers(campaign, TWICE, ENQUEUERS)
    found = judged()

    assert [] == found.faults
    assert ENQUEUERS == found.enqueuers
    assert 0 == found.duplicates == found.calls["failed"]
