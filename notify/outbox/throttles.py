"""How many messages of a notification one recipient has had lately."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from notify.limits import Usage

if TYPE_CHECKING:
    from notify.definition.gathering import Throttle
    from notify.state import State

PREFIX = "throttle/"
"""What the names of the documents in the state begin with."""


def room(state: State, bucket: str, throttle: Throttle) -> float:
    """Take room for one message; 0.0 if there was some, else seconds until there is.

    Args:
        state: where the counts are kept; workers that share it count together.
        bucket: what belongs to one recipient and notification; see `notify.outbox.digests.bucket_of`.
        throttle: how many there may be.
    """
    return Usage(f"{PREFIX}{bucket}", (throttle.rate,), state).take(1, time.time())
