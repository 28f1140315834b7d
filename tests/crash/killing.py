"""Rounds of kill -9: of workers at random moments and at each step, and of the enqueuer meanwhile."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from crash.steps import RANDOM, STEPS

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from crash.campaign import Campaign
    from crash.nursing import Child

_EVERY = 8
_SELDOM = 0.15
_PAUSE = 0.01
_SHORTEST, _LONGEST = 0.05, 0.4
_STOPPABLE = 4
_SHORT_LEASE = 1.0
_CALLS = 0.03
_MOSTLY = 0.8
_MOMENT = 0.002


def kill_workers(campaign: Campaign, notification: str, rounds: int) -> None:
    """Kill so many workers, about half of them at the steps, each step as often as the others."""
    at_steps = max(1, rounds // 2 // len(STEPS)) * len(STEPS)
    enqueuer = _enqueuer(campaign, notification)
    while not _is_enough(struck := campaign.kills(), rounds, at_steps):
        campaign.staff(campaign.any_number())
        time.sleep(campaign.chance.uniform(_SHORTEST, _LONGEST))
        if struck[RANDOM] < rounds - at_steps:
            campaign.kill_worker()
        if enqueuer.code is not None or campaign.chance.random() < _SELDOM:
            campaign.kill_enqueuer(enqueuer)
            campaign.nursery.wait(enqueuer)
            enqueuer = _enqueuer(campaign, notification)
    enqueuer.signal(signal.SIGTERM)
    campaign.nursery.wait(enqueuer)
    campaign.drain()


def stop_workers(campaign: Campaign, notification: str, rounds: int) -> None:
    """So many times, have half of the workers stand still for longer than their leases last, and go on then."""
    enqueuer = campaign.start_enqueuer(notification, _PAUSE)
    for _ in range(rounds):
        campaign.staff(_STOPPABLE, lease=_SHORT_LEASE)
        time.sleep(campaign.chance.uniform(_SHORTEST, _LONGEST))
        stopped = campaign.chance.sample(campaign.workers, _STOPPABLE // 2)
        for worker in stopped:
            worker.signal(signal.SIGSTOP)
        time.sleep(_SHORT_LEASE * campaign.chance.uniform(1.1, 1.5))
        for worker in stopped:
            worker.signal(signal.SIGCONT)
    enqueuer.signal(signal.SIGTERM)
    campaign.nursery.wait(enqueuer)
    campaign.drain(_STOPPABLE)


def kill_enqueuers(campaign: Campaign, notification: str, rounds: int) -> None:
    """Kill so many enqueuers, most within some calls of their first promise; then have all sent that is there."""
    for _ in range(rounds):
        size = campaign.enqueued.path.stat().st_size
        enqueuer = campaign.start_enqueuer(notification, 0.0)
        wanted = b"promised" if campaign.chance.random() < _MOSTLY else b"tried"
        while wanted not in _since(campaign.enqueued.path, size):
            time.sleep(_MOMENT)
        time.sleep(campaign.chance.uniform(0.0, _CALLS))
        campaign.kill_enqueuer(enqueuer)
        campaign.nursery.wait(enqueuer)
    campaign.drain()


def _since(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(size)
        return file.read()


def _is_enough(struck: Counter[str], rounds: int, at_steps: int) -> bool:
    """Whether so many were killed, so many of them at the steps, and some at each of these."""
    named = struck.total() - struck[RANDOM]
    return struck.total() >= rounds and named >= at_steps and all(struck[step] for step in STEPS)


def _enqueuer(campaign: Campaign, notification: str) -> Child:
    return campaign.start_enqueuer(notification, _PAUSE, every=_EVERY, steps=STEPS)
