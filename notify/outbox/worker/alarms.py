"""Saying once what a person must mend, and once that it works again."""

from __future__ import annotations

import logging

_log = logging.getLogger("notify.worker")


class Alarms:
    """What is broken at the moment, by the name of a transport, or by what was said where there is none."""

    def __init__(self) -> None:
        self._broken: set[str] = set()

    def broken(self, name: str, reason: str) -> None:
        """A person must mend it."""
        if name not in self._broken:
            self._broken.add(name)
            _log.error("%s; its messages wait until that is mended", reason)

    def works(self, name: str) -> None:
        """It carried a message."""
        if name in self._broken:
            self._broken.discard(name)
            _log.warning("%s works again", name)
