"""When it makes no sense to go on for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.bulk.pace import duration
from notify.cli.bulk.state import State
from notify.errors import DeliveryError, TemporaryError, ThrottledError, TransportConfigError

if TYPE_CHECKING:
    from notify import Receipt

_LONG = 60.0
_IN_A_ROW = 20


class Halting:
    """Looks at receipts, one after the other."""

    def __init__(self) -> None:
        self._failed = 0

    def reason(self, receipt: Receipt, state: State) -> str:
        """Why no further row is to be begun after this one, in a sentence; empty if there is no reason."""
        error = next(iter(receipt.rejected.values()), None)
        if error is None or state not in {State.LATER, State.BLOCKED}:
            self._failed = 0
            return ""
        if isinstance(error, ThrottledError) and (error.retry_after or 0.0) > _LONG:
            return f"What may be sent is used up; there is room again in {duration(error.retry_after or 0.0)}."
        self._failed = self._failed + 1 if _is_about_the_transport(error) else 0
        if self._failed < _IN_A_ROW:
            return ""
        return f"{_IN_A_ROW} rows in a row could not be sent: {str(error).splitlines()[0]}"


def _is_about_the_transport(error: DeliveryError) -> bool:
    personal = error.recipient is not None or bool(error.rejected)
    return isinstance(error, TransportConfigError) or (isinstance(error, TemporaryError) and not personal)
