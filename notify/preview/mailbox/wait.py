"""Waits for a mail."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from notify.preview.mailbox.mail import Mail
    from notify.preview.mailbox.search import Query
    from notify.preview.mailbox.store import Mailbox

_PAUSE = 0.1
_COARSE = 2_000_000_000
"""Nanoseconds within which two changes of a folder may bear the same time, whatever the file system."""


class Watch:
    """Looks at a mailbox again and again, each time at what has come since only."""

    def __init__(self, mailbox: Mailbox, query: Query, since: datetime | None) -> None:
        self._mailbox = mailbox
        self._query = query
        self._since = since
        self._refused: set[tuple[str, int, int]] = set()
        self._change: tuple[int, ...] = ()

    async def wait(self, patience: float) -> Mail | None:
        """The newest mail, or None after `patience` seconds."""
        end = time.monotonic() + patience
        while True:
            mail = await asyncio.to_thread(self._look)
            left = end - time.monotonic()
            if mail is not None or left <= 0:
                return mail
            await asyncio.sleep(min(_PAUSE, left))

    def _look(self) -> Mail | None:
        change = self._mailbox.latest_change()
        if change == self._change and time.time_ns() - max(change) > _COARSE:
            return None
        self._change = change
        new = [
            file for file in self._mailbox.files()
            if file.version not in self._refused and (self._since is None or file.received >= self._since)
        ]  # fmt: skip
        for _, mail in self._mailbox.matching(self._query, new):
            return mail
        self._refused.update(file.version for file in new)
        return None
