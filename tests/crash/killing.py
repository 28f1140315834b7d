"""Rounds of kill -9: of workers at random moments and at each step, and of the enqueuer meanwhile."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from crash.steps import STEPS

if TYPE_CHECKING:
    from crash.campaign import Campaign
    from crash.nursing import Child

_EVERY = 4
_PAUSE = 0.02
_SHORTEST, _LONGEST = 0.05, 0.4


def kill_workers(campaign: Campaign, notification: str, rounds: int) -> None:
    """Kill so many workers, about half of them at the steps, each step as often as the others."""
    marked = max(1, rounds // 2 // len(STEPS)) * len(STEPS)
    blows = max(1, rounds - marked)
    enqueuer = _enqueuer(campaign, notification, marked)
    while blows > 0 or campaign.kills() < rounds:
        campaign.staff(campaign.any_number())
        time.sleep(campaign.chance.uniform(_SHORTEST, _LONGEST))
        if blows > 0:
            campaign.kill_worker()
            blows -= 1
        if enqueuer.code is not None or campaign.chance.random() < 1 / _EVERY:
            campaign.kill_enqueuer(enqueuer)
            campaign.nursery.wait(enqueuer)
            enqueuer = _enqueuer(campaign, notification, marked)
    enqueuer.signal(signal.SIGTERM)
    campaign.nursery.wait(enqueuer)
    campaign.drain()


def _enqueuer(campaign: Campaign, notification: str, marked: int) -> Child:
    return campaign.start_enqueuer(notification, _PAUSE, every=_EVERY, steps=STEPS, times=marked)
