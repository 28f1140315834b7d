"""`notify send --rows`: a notification for each row of a file, with an account of what became of each."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from notify.cli.account import Account, Interruption, ProgressLine, UnwritableError
from notify.cli.failure import FAILED, INTERRUPTED, Wrong
from notify.cli.output import count, say
from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify import Message, Notifier, Transport
    from notify.cli.rows import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a person asked for.

    Attributes:
        name: the notification.
        rows: the file.
        keywords: those of `Notifier.render` that are the same for all.
        via: the transport, or None.
        start: the number of the first row to send.
        account: where the account goes: a path, `-` for stdout, or None.
        yes: nobody is to be asked.
    """

    name: str
    rows: Rows
    keywords: Mapping[str, Any]
    via: str | None
    start: int
    account: str | None
    yes: bool

    def run(self, notifier: Notifier) -> int:
        """Send, and return the exit code."""
        total = self.rows.check() - self.start + 1
        if total < 1:
            raise Wrong(f"there is no row {self.start}")
        if not self.yes and not self._confirmed(notifier, total):
            say("Nothing was sent.")
            return FAILED
        with _opened(self.account) as file:
            account, line = Account(file, self.start), ProgressLine(total)
            rows = islice(self.rows, self.start - 1, None)
            receipts = notifier.send_many(self.name, rows, via=self.via, progress=line.show, **self.keywords)
            try:
                with receipts, Interruption() as interruption:
                    interruption.record(receipts, account)
            except UnwritableError as error:
                if file is sys.stdout:
                    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the flush at exit
                last = self.start - 1 + receipts.rows
                raise click.ClickException(
                    f"the account cannot be written: {error}\n  Rows {account.row} to {last}, sent or refused, are not "
                    "in it; no row after them was sent."
                ) from error
            finally:
                line.clear()
                say(f"{account}.")
        if interruption.came:
            say(f"No row from {account.row} on was sent; --start {account.row} goes on there.")
            return INTERRUPTED
        return account.exit_code

    def dry_run(self, notifier: Notifier) -> int:
        """Render all rows, say which cannot be sent, and return the exit code."""
        self.rows.check()
        good = bad = 0
        for number, row in enumerate(self.rows, 1):
            if number < self.start:
                continue
            try:
                self._message(notifier, row)
            except NotifyError as error:
                bad += 1
                say(f"row {number}: {error}", fg="red")
            else:
                good += 1
        say(f"{count(good, 'row')} can be sent, {bad:,} cannot; nothing was sent.")
        return FAILED if bad else 0

    def _message(self, notifier: Notifier, row: tuple[Any, Mapping[str, Any]]) -> tuple[Message, Transport]:
        to, params = row
        message = notifier.outgoing(notifier.render(self.name, to=to, params=params, **self.keywords))
        return message, notifier.select(message, via=self.via)

    def _confirmed(self, notifier: Notifier, total: int) -> bool:
        message, transport = self._first(notifier)
        if not transport.capabilities.delivers:
            return True
        people = ", ".join(message.envelope.recipients)
        if sys.stdin.isatty() and sys.stderr.isatty():
            question = (
                f'Send {self.name} to {count(total, "row")}, the first "{message.subject}" to {people}, '
                f"through {transport.name} ({notifier.environment})?"
            )
            return click.confirm(question, err=True)
        if notifier.environment == "production":
            raise Wrong(f"this would send {count(total, 'message')} in production; add --yes to do so unasked")
        return True

    def _first(self, notifier: Notifier) -> tuple[Message, Transport]:
        """The first message that can be made.

        Raises:
            NotifyError: none can; that of the first row.
        """
        first: NotifyError | None = None
        for row in islice(self.rows, self.start - 1, None):
            try:
                return self._message(notifier, row)
            except NotifyError as error:
                first = first or error
        assert first is not None  # noqa: S101 - there is a row
        raise first


@contextmanager
def _opened(name: str | None) -> Iterator[IO[str] | None]:
    if name is None or name == "-":
        yield None if name is None else sys.stdout
        return
    try:
        file = Path(name).open("x", encoding="utf-8")  # noqa: SIM115 - it is closed below
    except FileExistsError:
        raise Wrong(f"{name} exists, and is not written over") from None
    try:
        yield file
    finally:
        with suppress(OSError):  # each line was flushed, or it was said that it cannot be
            file.close()
