"""When a message that was not taken is offered again: by the class of its error, and within a budget."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Protocol

from notify.errors import TemporaryError, UnknownOutcomeError

_FIRST = 1.0
_LONGEST = 30.0
_DOUBLINGS = 5


class Promised(Protocol):
    """A message, or what a transport makes of one."""

    @property
    def delivery(self) -> str:
        """`at_least_once` or `at_most_once`; see `Message`."""
        ...


@dataclass(frozen=True, slots=True)
class Retries:
    """The budget of one message: so many further tries.

    Before try n there is a pause of a random length up to 2^(n-1) seconds, at most 30 (full jitter, so that clients
    that were put off together do not come back together). It comes on top of the error's `retry_after`, and takes at
    most half of the time that is left then, so that the try has the other half.

    Attributes:
        most: how many further tries there may be.
    """

    most: int

    def pause(self, error: Exception, message: Promised, *, tries: int, remaining: float) -> float | None:
        """Seconds until another try, or None if there is to be none.

        What is temporary is tried again. What is unknown is, if the message's `delivery` is `at_least_once`: it may
        arrive twice, with the same Message-ID. Nothing else is, nor what would have to wait longer than there is time.

        Args:
            error: why the message was not taken.
            message: the message.
            tries: how many further tries there were already.
            remaining: seconds that are left for all of them.
        """
        if tries >= self.most or not may_be_repeated(error, message):
            return None
        wait: float = getattr(error, "retry_after", None) or 0.0
        left = remaining - wait
        if left <= 0:
            return None
        longest = min(_LONGEST, _FIRST * 2 ** min(tries, _DOUBLINGS), left / 2)
        return wait + random.uniform(0.0, longest)  # noqa: S311 - no secret


def may_be_repeated(error: Exception, message: Promised) -> bool:
    """Whether the same message may be offered again after this error, here or elsewhere."""
    if isinstance(error, UnknownOutcomeError):
        return message.delivery == "at_least_once"
    return isinstance(error, TemporaryError)
