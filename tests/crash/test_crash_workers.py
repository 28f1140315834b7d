"""Nothing is lost where workers are killed, at any moment and at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from crash.killing import kill_workers, stop_workers
from crash.scale import IS_FULL, ROUNDS
from crash.shop import ONCE, POLICIES
from crash.steps import STEPS

from notify.outbox.worker.traffic import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.account import Account
    from crash.campaign import Campaign

_CAMPAIGNS = 4
_STOPS = 8 if IS_FULL else 2


@pytest.mark.parametrize("delivery", POLICIES)
def test_killed_workers(campaign: Campaign, judged: Callable[[], Account], delivery: str) -> None:
    """What may be sent twice arrives, twice only where a worker died with it; what may not arrives or is put aside."""
    kill_workers(campaign, delivery, -(-ROUNDS // _CAMPAIGNS))
    found = judged()

    assert [] == found.faults
    assert found.worst <= MOST
    assert set(STEPS) <= found.kills.keys()


def test_stopped_workers(campaign: Campaign, judged: Callable[[], Account]) -> None:
    """Who goes on when its leases are lost sends nothing that another sends, and changes no mark."""
    stop_workers(campaign, ONCE, _STOPS)
    found = judged()

    assert [] == found.faults
    assert 0 == found.duplicates
