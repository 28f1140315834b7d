"""Nothing is lost where workers are killed, at any moment and at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from crash.killing import kill_workers
from crash.scale import ROUNDS
from crash.shop import POLICIES
from crash.steps import STEPS

from notify.outbox.worker.traffic import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.account import Account
    from crash.campaign import Campaign

_CAMPAIGNS = 4


@pytest.mark.parametrize("delivery", POLICIES)
def test_killed_workers(campaign: Campaign, judged: Callable[[], Account], delivery: str) -> None:
    """What may be sent twice arrives, twice only where a worker died with it; what may not arrives or is put aside."""
    kill_workers(campaign, delivery, -(-ROUNDS // _CAMPAIGNS))
    found = judged()

    assert [] == found.faults
    assert found.worst <= MOST
    assert set(STEPS) <= found.kills.keys()
