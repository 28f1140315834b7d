"""The circuit breaker: what failed is left alone for a while, and then tried with one message.

```
closed ── failures in a row, or a certain one ──> open ── time is up ──> half-open ── a probe succeeds ──> closed
                                                    ^── the probe fails: for twice as long ──┘
```

Nothing here knows a transport, a clock or where a circuit is kept. All times are seconds; `now` is of the epoch, so
that processes share it, and may be set back.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from notify.state import Document

LONGEST_COOL_DOWN = 900.0
LONGEST_WAIT = 86_400.0
CLAIM = 120.0
"""How long a probe may take before another one may go; its process may have died."""
MINUTE = 60.0
SLACK = 60.0
"""A `now` that is so much older than what is kept was read by someone who then had to wait, not set back."""
_MOMENT = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a transport.

    Attributes:
        reason: in a sentence.
        code: the reply code, if there was one.
        advice: what to do, if that is known.
        throttled: a rate or a quota was used up.
        certain: the next message would fail too, so that one failure is enough.
        wait: for how long, if that is known.
    """

    reason: str
    code: int | None = None
    advice: str = ""
    throttled: bool = False
    certain: bool = False
    wait: float | None = None

    @property
    def brief(self) -> bool:
        """Whether it passes in less than a minute, by its own word, so that nothing else is to be reckoned with."""
        return self.throttled and self.wait is not None and 0 < self.wait < MINUTE


@dataclass(frozen=True, slots=True)
class Patience:
    """What a breaker bears.

    Attributes:
        failures: it opens after so many in a row.
        cool_down: for how long it opens first.
    """

    failures: int = 3
    cool_down: float = 30.0


@dataclass(slots=True)
class Circuit:
    """The state of one breaker.

    Attributes:
        failures: how many there were in a row.
        opened: when it opened; None while it is closed.
        until: when the next message may be tried.
        cool_down: how long it opened for last, apart from what the transport itself asked for.
        probe: the name of the probe that is under way; empty if there is none.
        claimed: until when no other probe may go.
        reason, code, advice, throttled: of the failure that opened it.
    """

    failures: int = 0
    opened: float | None = None
    until: float = 0.0
    cool_down: float = 0.0
    probe: str = ""
    claimed: float = 0.0
    reason: str = ""
    code: int | None = None
    advice: str = ""
    throttled: bool = False

    @classmethod
    def of(cls, document: Document) -> Self:
        """The circuit that a document has; a closed one if it is empty."""
        return cls(**{name: document[name] for name in _NAMES if name in document}) if document else cls()

    def document(self) -> Document:
        """What `of` reads; empty if there is nothing to say."""
        return dataclasses.asdict(self) if self.opened is not None or self.failures else {}

    @property
    def closed(self) -> bool:
        """Whether all messages may go."""
        return self.opened is None

    def is_open(self, now: float) -> bool:
        """Whether no message may go, for the time is not up."""
        return self.opened is not None and self.opened - SLACK <= now < self.until

    def wait(self, now: float) -> float:
        """Seconds until a message may go, 0.0 if one may go now; while a probe is under way, a moment."""
        if self.opened is None:
            return 0.0
        if self.is_open(now):
            return self.until - now
        if self.probe and self.claimed - CLAIM - SLACK <= now < self.claimed:
            return min(_MOMENT, self.claimed - now)
        return 0.0

    def claim(self, now: float, probe: str) -> bool:
        """Whether a message may go; if the circuit is half-open, it is the probe of that name from now on."""
        if self.wait(now) > 0:
            return False
        if self.opened is not None:
            self.probe, self.claimed = probe, now + CLAIM
        return True

    def succeeded(self, probe: str = "") -> bool:
        """Note a success; whether it closed the circuit. A success while it is open came too late to say anything."""
        if self.opened is not None and not self._is_mine(probe):
            return False
        was_open = self.opened is not None
        for entry in dataclasses.fields(self):
            setattr(self, entry.name, entry.default)
        return was_open

    def failed(self, failure: Failure, now: float, patience: Patience, probe: str = "") -> bool:
        """Note a failure; whether it opened the circuit, or opened it again."""
        if self.opened is not None and not self._is_mine(probe):
            if failure.certain and failure.wait:
                self.until = max(self.until, now + min(failure.wait, LONGEST_WAIT))
            return False
        self.failures += 1
        if self.opened is None and not failure.certain and self.failures < patience.failures:
            return False
        longest = max(LONGEST_COOL_DOWN, patience.cool_down)
        if self.opened is None:
            self.cool_down = patience.cool_down
        elif not failure.brief:
            self.cool_down = min(2 * self.cool_down, longest)
        asked = min(failure.wait or 0.0, LONGEST_WAIT)
        self.opened = now
        self.until = now + (asked if failure.brief else max(self.cool_down, asked))
        self.probe = ""
        self.reason, self.code = failure.reason, failure.code
        self.advice, self.throttled = failure.advice, failure.throttled
        return True

    def released(self, probe: str) -> None:
        """Let another probe go: this one said nothing about the transport."""
        if self._is_mine(probe):
            self.probe = ""

    def _is_mine(self, probe: str) -> bool:
        return bool(probe) and probe == self.probe


_NAMES = tuple(entry.name for entry in dataclasses.fields(Circuit))
