"""Rows sent one after the other, each written down before and after."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from notify.cli.bulk.halting import Halting
from notify.cli.bulk.interruption import Interruption
from notify.cli.bulk.journal import UnwritableError
from notify.cli.bulk.state import state_of
from notify.errors import SuppressedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Progress, Receipt
    from notify.cli.bulk.account import Account
    from notify.cli.bulk.choice import Choice
    from notify.cli.bulk.journal import Journal
    from notify.cli.bulk.messages import Messages
    from notify.cli.bulk.progress import Bar
    from notify.cli.bulk.row import Row

_AHEAD = 64
"""How many rows are marked at once. So many, and those on their way, are unknown when the process is killed."""

_INTERRUPTED = "interrupted"
"""The phase of messages that were not begun, or not waited for."""


class Sending:
    """Sends the rows of a choice.

    Args:
        choice: the rows.
        account: what is told of each.
        bar: where it is shown.

    Attributes:
        accepted: how many messages were taken for anybody.
        failed: how many were not.
        why: why it ended before the last row; empty if it did not.
        interrupted: whether Ctrl-C ended it.
        error: why the journal or the account could not be written; None if they could.
    """

    def __init__(self, choice: Choice, account: Account, bar: Bar) -> None:
        self._choice = choice
        self._journal: Journal = choice.journal
        self._account = account
        self._bar = bar
        self._begun: deque[Row] = deque()
        self._entered = 0
        self._halting = Halting()
        self.accepted = self.failed = 0
        self.why = ""
        self.interrupted = False
        self.error: Exception | None = None

    def run(self, messages: Messages) -> None:
        """Send them.

        Raises:
            Wrong: the file was changed meanwhile.
            UnwritableError: the journal cannot be written; what it lacks was not begun.
        """
        pairs = ((row.to, row.params) for row in self._marked())
        receipts = messages.notifier.send_many(
            messages.name, pairs, via=messages.via, progress=self._show, **messages.keywords
        )
        try:
            with receipts, Interruption() as interruption:
                try:
                    interruption.record(receipts, self._enter)
                finally:
                    self.interrupted = interruption.came
        finally:
            with suppress(UnwritableError):  # else they stay begun, and are unknown
                self._journal.end(exact=self._entered == receipts.rows)

    def _marked(self) -> Iterator[Row]:
        """The rows, each after the journal says that it is begun."""
        rows = iter(self._choice)
        while batch := list(islice(rows, _AHEAD)):
            self._choice.rows.source.check_unchanged()
            self._journal.begin(row.number for row in batch)
            for row in batch:
                self._begun.append(row)
                yield row

    def _enter(self, receipt: Receipt) -> bool:
        """Write down what became of the next row; whether to stop."""
        row, state = self._begun.popleft(), state_of(receipt)
        self._entered += 1
        try:
            self._journal.enter(row.number, state, receipt.message_id)
            if self.error is None:
                self._account.enter(row, receipt)
        except UnwritableError as error:
            self.error = self.error or error
        if not all(error.phase == _INTERRUPTED for error in receipt.rejected.values()):
            self._tell(row, receipt)
        self.accepted += bool(receipt.accepted)
        self.why = self.why or self._halting.reason(receipt, state)
        return bool(self.why or self.error)

    def _tell(self, row: Row, receipt: Receipt) -> None:
        self.failed += not receipt.accepted
        for address, error in receipt.rejected.items():
            said = str(error).splitlines()[0]
            if not isinstance(error, SuppressedError):
                said = f"{address} was refused: {said}"
            self._bar.say(f"{self._choice.rows.place(row.line)}: {said}", "red")

    def _show(self, progress: Progress) -> None:
        self._bar.show(progress.settled, progress.failed + progress.partly)
