"""What became of a row, as far as it matters for starting again."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from notify.errors import SuppressedError, TemporaryError, TransportConfigError, UnknownOutcomeError

if TYPE_CHECKING:
    from notify import Receipt


class State(IntEnum):
    """What became of a row; in lower case, the word that the journal has for it."""

    WAITING = 0
    """It was not begun."""
    UNKNOWN = 1
    """It was begun, and may have been sent."""
    SENT = 2
    """It was taken for all of its recipients."""
    PARTLY = 3
    """It was taken for some of its recipients; again it would reach these twice."""
    LATER = 4
    """It was surely not taken, and may be tried again."""
    BLOCKED = 5
    """It was surely not taken, and somebody has to mend the transport first."""
    REFUSED = 6
    """It was surely not taken, and never will be as it is."""
    SUPPRESSED = 7
    """None of its recipients is to be written to; nothing was sent."""

    @property
    def word(self) -> str:
        """The word for it."""
        return self.name.lower()


def state_of(receipt: Receipt) -> State:
    """The state that a receipt leads to."""
    kinds = {type(error) for error in receipt.rejected.values()} - {SuppressedError}
    if receipt.accepted:
        return State.PARTLY if kinds else State.SENT
    if receipt.rejected and not kinds:
        return State.SUPPRESSED
    for kind, state in (
        (UnknownOutcomeError, State.UNKNOWN),
        (TransportConfigError, State.BLOCKED),
        (TemporaryError, State.LATER),
    ):
        if any(issubclass(each, kind) for each in kinds):
            return state
    return State.REFUSED
