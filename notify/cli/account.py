"""What became of each row of `notify send --rows`, on paper and on the screen."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import IO, TYPE_CHECKING, Any, Self

import click

from notify.cli.failure import DONE, FAILED, TRY_AGAIN
from notify.cli.output import say
from notify.errors import TemporaryError

if TYPE_CHECKING:
    from notify import Progress, Receipt, Receipts

_OFTEN = 0.1
_INTERRUPTED = b"\nInterrupted: waiting for what is on its way. Ctrl-C again waits no longer.\n"


class UnwritableError(Exception):
    """The account cannot be written; the text says why."""


class Account:
    """Writes a line for each receipt, in order, and says who was refused.

    Args:
        file: where lines of JSON go, each written through at once; None writes none.
        first: the number of the first row.

    Attributes:
        row: the number of the next row.
    """

    def __init__(self, file: IO[str] | None, first: int) -> None:
        self._file = file
        self._errors: set[bool] = set()
        self._accepted = self._refused = 0
        self.row = first

    def enter(self, receipt: Receipt) -> None:
        """Write down the next row's.

        Raises:
            UnwritableError: it cannot be written.
        """
        if self._file is not None:
            self._write(self._file, receipt)
        for address, error in receipt.rejected.items():
            self._errors.add(isinstance(error, TemporaryError))
            say(f"row {self.row}: {address} was refused: {str(error).splitlines()[0]}", fg="red")
        self._accepted += bool(receipt.accepted)
        self._refused += not receipt.accepted
        self.row += 1

    def _write(self, file: IO[str], receipt: Receipt) -> None:
        from notify.documents.messages import receipt_document

        line = json.dumps({"row": self.row, **receipt_document(receipt)}, ensure_ascii=False)
        try:
            file.write(f"{line}\n")
            file.flush()
        except OSError as error:
            raise UnwritableError(error.strerror or str(error)) from error

    @property
    def exit_code(self) -> int:
        """0 if all were accepted, 75 if all others may be tried again, else 1."""
        if not self._errors:
            return DONE
        return TRY_AGAIN if self._errors == {True} else FAILED

    def __str__(self) -> str:
        return f"{self._accepted:,} accepted, {self._refused:,} not"


class ProgressLine:
    """A line on a terminal that says how far it is; nothing elsewhere.

    Args:
        total: how many rows there are.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = sys.stderr.isatty()
        self._next = 0.0

    def show(self, progress: Progress) -> None:
        """Show it, but not too often."""
        if not self._shown or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _OFTEN
        failed = f", {progress.failed + progress.partly:,} not" if progress.failed + progress.partly else ""
        click.echo(f"\r\x1b[K{progress.settled:,} of {self._total:,}{failed}", err=True, nl=False)

    def clear(self) -> None:
        """Wipe it out, so that something else can be said."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


class Interruption:
    """Ctrl-C, which is heard only while receipts are waited for, so that none is lost on its way to the account.

    Attributes:
        heard: whether it is heard now.
        came: whether it came.
    """

    def __init__(self) -> None:
        self.heard = True
        self.came = False
        self._old: Any = None

    def __enter__(self) -> Self:
        self._old = signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._old)

    def record(self, receipts: Receipts, account: Account) -> None:
        """Enter all receipts; after Ctrl-C, those of the messages that were begun.

        Raises:
            UnwritableError: the account cannot be written.
        """
        try:
            for receipt in receipts:
                self.heard = False  # nothing that can be interrupted stands between the iterator and this
                account.enter(receipt)
                if self.came:
                    break
                self.heard = True
        except KeyboardInterrupt:
            pass
        if self.came:
            for receipt in self._rest(receipts):
                account.enter(receipt)

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
            os.write(2, _INTERRUPTED)  # whatever else was about to be written to stderr
        self.came = True
        if self.heard:
            raise KeyboardInterrupt
