"""How long, and how often, a worker tries."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60.0
HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistence:
    """How long, and how often, a worker tries to send one job; times in seconds.

    Attributes:
        pauses: before the second try, the third, and so on; the last one stands for all further ones.
        jitter: by which part a pause is longer or shorter, by chance.
        tries: how many there are at most; those that were throttled, or that failed of the configuration, do not count.
        longest: how long after its first try a message is tried.
        throttled: the pause where a server does not say when there is room.
        misconfigured: the pause where a person must mend something.
        unknown: the pause where it may have been taken: the server's own timeouts have passed then.
        doubts: how often one that may be sent twice is sent again because of that.
    """

    pauses: tuple[float, ...] = (MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)
    jitter: float = 0.2
    tries: int = 20
    longest: float = 72 * HOUR
    throttled: float = MINUTE
    misconfigured: float = 15 * MINUTE
    unknown: float = 10 * MINUTE
    doubts: int = 5

    def pause(self, tries: int, chance: float) -> float:
        """The pause after so many tries.

        Args:
            tries: from 1.
            chance: from 0 to 1.
        """
        length = self.pauses[min(tries, len(self.pauses)) - 1]
        return length * (1 + self.jitter * (2 * chance - 1))

    def later(self, seconds: float, chance: float) -> float:
        """So many seconds or somewhat more, so that those that were put off together do not come back together."""
        return seconds * (1 + self.jitter * chance)
