"""The thread that keeps leases from ending."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify.outbox.worker.holding import Holds
    from notify.outbox.worker.ledger import Ledger

_log = logging.getLogger("notify.worker")


class Keeping:
    """Renews each lease when a third of it has passed.

    Args:
        holds: the leases.
        ledger: renews them.
    """

    def __init__(self, holds: Holds, ledger: Ledger) -> None:
        self._holds = holds
        self._ledger = ledger
        self._pause = min(0.5, holds.seconds / 12)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notify-keeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Stop, and wait for that."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                self._renew()
            except Exception:  # noqa: BLE001 - what goes wrong once must not end the leases
                _log.exception("the leases cannot be renewed")

    def _renew(self) -> None:
        for hold in self._holds.all():
            if hold.is_due():
                try:
                    self._ledger.renew(hold)
                except NotifyError as error:  # tried again in a moment; what is lost then is noticed
                    _log.debug("a lease could not be renewed: %s", error)
