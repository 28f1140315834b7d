"""`notify send --recipients` from the first look at the file to the exit code."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.bulk.account import opened
from notify.cli.bulk.checking import Check
from notify.cli.bulk.choice import Choice
from notify.cli.bulk.earlier import earlier
from notify.cli.bulk.enqueueing import Enqueueing
from notify.cli.bulk.identity import key_of
from notify.cli.bulk.journal import Journal, UnwritableError
from notify.cli.bulk.plan import Plan, left_out
from notify.cli.bulk.progress import Bar
from notify.cli.bulk.sending import Sending
from notify.cli.bulk.state import State
from notify.cli.failure import DONE, FAILED, INTERRUPTED, TRY_AGAIN, Wrong
from notify.cli.output import count, say
from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify import Definition, Transport
    from notify.cli.bulk.checking import Checked
    from notify.cli.bulk.messages import Messages
    from notify.cli.bulk.options import BulkOptions
    from notify.cli.bulk.rows import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a person asked for.

    Attributes:
        messages: how they are made, and sent.
        definition: the notification.
        rows: the file.
        options: the options of bulk.
        account: where the account goes: a path, `-` for stdout, or None.
        yes: nobody is to be asked.
    """

    messages: Messages
    definition: Definition
    rows: Rows
    options: BulkOptions
    account: str | None
    yes: bool

    def start(self) -> int:
        """Check, plan, ask and send; the exit code.

        Raises:
            ClickException: the journal or the account cannot be written.
        """
        try:
            return self._start()
        except UnwritableError as error:
            raise click.ClickException(str(error)) from error

    def _start(self) -> int:
        checked = self._check()
        _, transport = self.messages.first(self.rows)
        with self._journal(checked, transport) as journal:
            if self.options.again:
                _renew(journal)
            unknown = self.options.repeat_unknown or self.definition.delivery == "at_least_once"
            choice = Choice.of(self.rows, journal, refused=self.options.retry_failed, unknown=unknown)
            if journal.enqueued or not choice:
                return self._nothing_to_do(choice, checked)
            if journal.enqueueing and not self.options.enqueue:
                raise Wrong(
                    f"some of these rows are in the outbox already; --enqueue goes on with them ({journal.path})"
                )
            if not self._agreed(choice, checked):
                say("Nothing was sent.")
                return FAILED
            return self._enqueue(choice) if self.options.enqueue else self._send(choice)

    def dry_run(self) -> int:
        """Render all rows, say which cannot be sent, and return the exit code."""
        self._check()
        good = bad = 0
        for row in self.rows:
            try:
                self.messages.of(row)
            except NotifyError as error:
                bad += 1
                say(f"{self.rows.place(row.line)}: {error}", fg="red")
            else:
                good += 1
        say(f"{count(good, 'row')} can be sent, {bad:,} cannot; nothing was sent.")
        return FAILED if bad else DONE

    def _check(self) -> Checked:
        if (self.options.to_column or self.options.name_column) and not self.rows.source.is_csv:
            raise Wrong(f"{self.rows.source.name} is not CSV and has no columns")
        return Check(self.rows, self.definition, duplicates=self.options.allow_duplicates).run()

    def _journal(self, checked: Checked, transport: Transport) -> Journal:
        """The journal of these rows; for another environment, or for practice, they have another one."""
        notifier, source, options = self.messages.notifier, self.rows.source, self.options
        key = key_of(
            self.definition.id,
            source.digest(),
            [self.rows.columns.to, self.rows.columns.name],
            self.rows.common,
            self.messages.keywords,
            notifier.environment,
            transport.capabilities.delivers,
        )
        path = notifier.configuration.base / ".notify" / "bulk" / f"{key}.jsonl"
        about = {
            "notification": self.definition.id,
            "file": str(Path(source.name).resolve()),
            "environment": notifier.environment,
            "delivers": transport.capabilities.delivers,
        }
        path = Path(options.journal) if options.journal else path
        try:
            return Journal(path, key=key, rows=checked.rows, about=about)
        except OSError as error:
            raise Wrong(f"{path}: {error.strerror}; --journal names another place") from error

    def _nothing_to_do(self, choice: Choice, checked: Checked) -> int:
        journal = choice.journal
        sent = journal.count(State.SENT)
        if journal.enqueued:
            say(f"Enqueued before: {count(checked.rows, 'row')}, {journal.at}; --again enqueues all anew.")
            return DONE
        say(f"Sent before: {sent:,} of {count(checked.rows, 'row')}, {journal.at}; --again sends all anew.")
        return _told(choice)

    def _agreed(self, choice: Choice, checked: Checked) -> bool:
        """Show the plan, and ask where messages go to real people."""
        notifier = self.messages.notifier
        message, transport = self.messages.first(choice)
        plan = Plan(
            name=self.definition.id,
            choice=choice,
            checked=checked,
            first=message,
            transport=transport,
            environment=notifier.environment,
            enqueued=self.options.enqueue,
        )
        for line in plan.lines():
            say(line)
        self._warn(choice.journal)
        if self.yes or not transport.capabilities.delivers:
            return True
        number = count(len(choice), "message")
        if sys.stdin.isatty() and sys.stderr.isatty():
            return click.confirm(f"{'Enqueue' if self.options.enqueue else 'Send'} {number}?", err=True)
        if notifier.environment == "production":
            raise Wrong(f"this would send {number} in production; add --yes to do so unasked")
        return True

    def _warn(self, journal: Journal) -> None:
        """Say so where a run of other rows of this file would be the one to go on with."""
        if journal.fresh and not self.options.journal and (warning := earlier(journal.path, journal.about)):
            say(warning, fg="yellow")

    def _enqueue(self, choice: Choice) -> int:
        total = len(choice)
        try:
            with Bar(total) as bar:
                new = Enqueueing(choice, bar).run(self.messages)
        except KeyboardInterrupt:
            say("Interrupted; the same command goes on with the rows that are left.")
            return INTERRUPTED
        say(f"{new:,} enqueued{f', {total - new:,} were in the outbox already' if new < total else ''}.")
        return DONE

    def _send(self, choice: Choice) -> int:
        further = not choice.journal.fresh
        with opened(self.account, further=further) as account, Bar(len(choice)) as bar:
            sending = Sending(choice, account, bar)
            try:
                sending.run(self.messages)
            except (UnwritableError, Wrong) as error:
                sending.error = error
        say(f"{sending.accepted:,} accepted, {sending.failed:,} not.")
        if isinstance(sending.error, Wrong):
            raise sending.error
        if sending.why:
            say(sending.why)
        code = _told(Choice.of(self.rows, choice.journal, refused=False, unknown=False))
        if sending.error is not None:
            raise sending.error
        return INTERRUPTED if sending.interrupted else code


def _renew(journal: Journal) -> None:
    if not journal.fresh and not journal.enqueued and journal.count(State.WAITING):
        raise Wrong(f"the last run did not come to its end; without --again it goes on ({journal.path})")
    if not journal.fresh:
        journal.renew()


def _told(choice: Choice) -> int:
    """Say what is left, and how to go on; the exit code."""
    journal = choice.journal
    left = sum(map(journal.count, (State.WAITING, State.LATER, State.BLOCKED)))
    if left:
        say(f"{count(left, 'row')} left; the same command goes on there.")
    for line in left_out(choice):
        say(line)
    if any(map(journal.count, (State.UNKNOWN, State.PARTLY, State.BLOCKED, State.REFUSED))):
        return FAILED
    return TRY_AGAIN if left else DONE
