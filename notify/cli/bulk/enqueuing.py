"""Rows put into the outbox, each under a key of its own, so that none is put there twice."""

from __future__ import annotations

from itertools import tee
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.cli.bulk.choice import Choice
    from notify.cli.bulk.messages import Messages
    from notify.cli.bulk.progress import Bar
    from notify.cli.bulk.row import Row


class Enqueuing:
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
        """
        run = self._choice.journal.run
        rows, again = tee(self._rows())
        pairs = ((row.to, row.params) for row in rows)
        keys = (f"bulk:{run}:{row.number}" for row in again)
        new = messages.notifier.enqueue_many(messages.name, pairs, keys=keys, via=messages.via, **messages.keywords)
        self._choice.journal.end(enqueued=True)
        return new

    def _rows(self) -> Iterator[Row]:
        for done, row in enumerate(self._choice):
            if done == 0 and not self._choice.journal.enqueuing:
                self._choice.journal.enqueue()
            self._choice.rows.source.check_unchanged()
            self._bar.show(done)
            yield row
