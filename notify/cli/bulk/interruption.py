"""An interruption while receipts are awaited."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import Receipt, Receipts

_INTERRUPTED = b"\nInterrupted: waiting for what is on its way. Ctrl-C again waits no longer.\n"
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Interruption:
    """Ctrl-C, SIGTERM, or a terminal that is closed; a context manager.

    They are heard only while receipts are waited for, so that none is lost on its way to the journal; one that is
    ignored, as `nohup` has it, stays so.

    Attributes:
        heard: whether they are heard now.
        came: whether one came.
    """

    def __init__(self) -> None:
        self.heard = True
        self.came = False
        self._old: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for each in _SIGNALS:
            if (old := signal.getsignal(each)) is not signal.SIG_IGN:
                self._old[each] = old
                signal.signal(each, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for each, old in self._old.items():
            signal.signal(each, old)

    def record(self, receipts: Receipts, enter: Callable[[Receipt], bool]) -> None:
        """Enter all receipts; after Ctrl-C, or when `enter` says so, those of the messages that were begun.

        Args:
            receipts: the receipts.
            enter: takes one; whether no further message is to be begun. It raises nothing.
        """
        try:
            for receipt in receipts:
                self.heard = False  # nothing that can be interrupted stands between the iterator and this
                if enter(receipt) or self.came:
                    break
                self.heard = True
        except KeyboardInterrupt:
            pass
        for receipt in self._rest(receipts):
            enter(receipt)

    def _rest(self, receipts: Receipts) -> tuple[Receipt, ...]:
        self.heard = True
        try:
            rest = receipts.close()
        except KeyboardInterrupt:
            rest = receipts.close()
        self.heard = False
        return rest

    def _on_signal(self, *_: object) -> None:
        if not self.came:
            with suppress(OSError):  # the terminal may be gone
                os.write(2, _INTERRUPTED)  # whatever else was about to be written to stderr
        self.came = True
        if self.heard:
            raise KeyboardInterrupt
