"""Rows put into the outbox, each under a key of its own, so that none is put there twice."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from notify.cli.output import count, say
from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify.cli.bulk.choice import Choice
    from notify.cli.bulk.messages import Messages
    from notify.cli.bulk.progress import Bar

_AT_ONCE = 5000
"""How many rows one transaction has: others are kept waiting by it for a moment only."""


class Enqueueing:
    """Enqueues the rows of a choice; the key of a row is `bulk:RUN:NUMBER`.

    Args:
        choice: the rows.
        bar: where it is shown.
    """

    def __init__(self, choice: Choice, bar: Bar) -> None:
        self._choice = choice
        self._bar = bar

    def run(self, messages: Messages) -> int:
        """Enqueue them; how many were not in the outbox before.

        Raises:
            NotifyError: as `Notifier.enqueue_many`.
            UnwritableError: the journal cannot be written.
            Wrong: the file was changed meanwhile.
        """
        journal, rows = self._choice.journal, iter(self._choice)
        done = new = 0
        while some := list(islice(rows, _AT_ONCE)):
            self._choice.rows.source.check_unchanged()
            if not journal.enqueueing:
                journal.enqueue()
            try:
                new += messages.notifier.enqueue_many(
                    messages.name,
                    [(row.to, row.params) for row in some],
                    keys=[f"bulk:{journal.run}:{row.number}" for row in some],
                    via=messages.via,
                    **messages.keywords,
                )
            except NotifyError:
                if done:
                    say(
                        f"{count(done, 'row')} are in the outbox; row 1 is now {self._choice.rows.place(some[0].line)}."
                    )
                raise
            done += len(some)
            self._bar.show(done)
        journal.end(enqueued=True)
        return new
