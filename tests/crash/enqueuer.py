"""A process that enqueues one mail after the other, in every way there is, and journals what was promised.

`tried` is written before a call, with the names of its mails, and `promised` after it, with their Message-IDs as far as
the call tells them. Of a call that was tried and not promised, all is in the outbox or nothing.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crash.journal import Journal
from crash.shop import notifier_of
from crash.steps import DATA, NONE, address

from notify.errors import OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify import Notifier
    from notify.outbox.job import Job

PLAIN, KEYED, MANY, CONNECTED = KINDS = ("plain", "keyed", "many", "connected")
"""By itself; with a key; several at once; in the caller's transaction."""
_LONG = 12_000
_AGAIN = 0.05
_SEVERAL = 3


class Marking(NamedTuple):
    """Which mails ask for a blow: every so many, at these steps in turn; none if there are no steps."""

    every: int
    steps: Sequence[str]

    def step(self, number: int) -> str:
        """What the mail of a number asks for."""
        place, rest = divmod(number, self.every)
        return NONE if rest or not self.steps else self.steps[place % len(self.steps)]


class Enqueuer:
    """Enqueues mails.

    Args:
        notifier: the project.
        notification: which.
        journal: where it is written down.
        marking: which mails ask for a blow.
    """

    def __init__(self, notifier: Notifier, notification: str, journal: Journal, marking: Marking) -> None:
        self._notifier = notifier
        self._notification = notification
        self._journal = journal
        self._marking = marking

    def enqueue(self, number: int) -> None:
        """Enqueue the mail, or the mails, of a number; an outbox that cannot be used is written down."""
        step = self._marking.step(number)
        kind = KINDS[number % len(KINDS)] if step == NONE else PLAIN
        names = [f"{number}-{each}" for each in range(_SEVERAL)] if kind == MANY else [str(number)]
        self._journal.write("tried", number=number, kind=kind, names=names, pid=os.getpid())
        try:
            ids = self._put(kind, names, step)
        except OutboxError as error:
            self._journal.write("failed", number=number, names=names, reason=str(error))
            time.sleep(_AGAIN)
        else:
            self._journal.write("promised", number=number, names=names, ids=ids)

    def _put(self, kind: str, names: list[str], step: str) -> list[str]:
        if kind == MANY:
            rows = [(address(name), {"name": name, "lines": 0}) for name in names]
            assert self._notifier.enqueue_many(self._notification, rows) == len(names)
            return []
        if kind == CONNECTED:
            with self._notifier.outbox.database.writing() as connection:
                job = self._one(names[0], step, connection=connection)
        else:
            job = self._one(names[0], step, key=f"number:{names[0]}" if kind == KEYED else None)
        return [job.message_id]

    def _one(self, name: str, step: str, **keywords: Any) -> Job:
        to = address(name, step)
        params = {"name": name, "lines": _LONG if step == DATA else 0}
        return self._notifier.enqueue(self._notification, to=to, sender=f"Shop <{to}>", params=params, **keywords)


def run(folder: str, *, notification: str, pause: float, every: int = 1, steps: Sequence[str] = ()) -> int:
    """Go on where the one before was killed, until SIGTERM."""
    logging.basicConfig(format=f"enqueuer {os.getpid()}: %(levelname)s %(message)s", level=logging.WARNING)
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    journal = Journal(Path(folder) / "enqueued")
    with notifier_of(folder) as notifier:
        enqueuer = Enqueuer(notifier, notification, journal, Marking(every, steps))
        for number in _numbers(journal):
            if stopped:
                return 0
            enqueuer.enqueue(number)
            time.sleep(pause)
    return 0


def _numbers(journal: Journal) -> Iterator[int]:
    """Those that were not tried yet; before them the last one, once more, if it has a key and may be in the outbox."""
    tried = journal.read("tried")
    if tried and tried[-1]["kind"] == KEYED:
        yield tried[-1]["number"]
    yield from count(tried[-1]["number"] + 1 if tried else 0)
