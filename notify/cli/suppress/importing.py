"""`notify suppress import`: people of a file, or of a provider's list."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.failure import FAILED
from notify.cli.output import say, shown
from notify.cli.suppress.opening import opened
from notify.cli.suppress.options import REASONS, known_scope, scope_option
from notify.cli.suppress.rows import Defaults, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify import Notifier
    from notify.cli.project import Project
    from notify.consent import Scope
    from notify.feedback import Event
    from notify.suppression import Addition, SuppressionList
    from notify.suppression.words import Word

_MOST_SAID = 20
_OFTEN = 0.2
_CLEAR = "\r\x1b[K"  # the line, from its beginning on


@dataclass(slots=True)
class _Count:
    """What was read.

    Attributes:
        read: how many entries.
        faulty: how many of them cannot be read.
        ignored: how many say nothing, such as those of a group that stands for no category.
    """

    read: int = 0
    faulty: int = 0
    ignored: int = 0
    _next: float = field(default_factory=lambda: time.monotonic() + _OFTEN)

    def one(self) -> None:
        """Count an entry, and show on a terminal, now and then, how many there were."""
        self.read += 1
        if sys.stderr.isatty() and time.monotonic() >= self._next:
            self._next = time.monotonic() + _OFTEN
            click.echo(f"{_CLEAR}{self.read:,} read", err=True, nl=False)

    def clear(self) -> None:
        """Take away what was shown."""
        if sys.stderr.isatty():
            click.echo(_CLEAR, err=True, nl=False)

    def fault(self, where: str, fault: str) -> None:
        """Say what is wrong with an entry, of the first few."""
        self.faulty += 1
        if self.faulty <= _MOST_SAID + 1:
            self.clear()
        if self.faulty <= _MOST_SAID:
            say(f"{where}: {fault}")
        elif self.faulty == _MOST_SAID + 1:
            say("More cannot be read, and are only counted.")


@click.command("import", short_help="Put people of a file, or of a provider's list, on the list.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--from", "transport", metavar="TRANSPORT", help="From the provider of this transport instead.")
@click.option("--blocks", is_flag=True, help="From a provider, also those to whom it will write again.")
@click.option("--reason", type=click.Choice(REASONS), help="Why, for rows that do not say; by default manual.")
@click.option(
    "--scope",
    metavar="SCOPE",
    callback=scope_option,
    help="Which mails, for rows that do not say: all, category:NAME or notification:ID; by default all.",
)
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    file: Path | None,
    transport: str | None,
    blocks: bool,
    reason: str | None,
    scope: Scope | None,
    dry_run: bool,
) -> None:
    """Put people of FILE on the list: CSV with a header, or JSON Lines.

    A row has an `address` (or `email`), and may have a `reason`, a `scope`, the time `at` which it was said, a `note`
    and a `source`. To repeat it does no harm. Rows that cannot be read are said, and the others are imported.
    """
    if (file is None) == (transport is None):
        raise click.UsageError("give a file, or --from and the name of a transport")
    if transport is not None and (reason or scope):
        raise click.UsageError("--reason and --scope are for files: a provider says both")
    if file is not None and blocks:
        raise click.UsageError("--blocks is for --from: only a provider keeps such a list")
    project: Project = ctx.obj
    notifier, suppressions = opened(project, making=not dry_run)
    counted = _Count()
    with ExitStack() as stack:
        if file is not None:
            categories = notifier.configuration.categories
            try:
                text = str(known_scope(scope, categories)) if scope else "all"
            except ValueError as error:
                raise click.BadParameter(str(error), param_hint="--scope") from None
            defaults = Defaults(reason, text, "import", categories)
            opened_file = stack.enter_context(file.open("rb"))
            words = _of_file(read(file, opened_file, defaults), suppressions, counted, shown(file))
        else:
            assert transport is not None  # noqa: S101 - one of both is given
            words = _of_provider(_events(notifier, transport, blocks=blocks), suppressions, counted)
        new = suppressions.book.foreseen(words) if dry_run else suppressions.book.keep(words).held
    counted.clear()
    _tell(counted, new, dry_run=dry_run)
    if counted.faulty:
        ctx.exit(FAILED)


def _of_file(
    rows: Iterable[tuple[int, Addition | str]], suppressions: SuppressionList, counted: _Count, name: str
) -> Iterator[Word]:
    for line, row in rows:
        counted.one()
        if isinstance(row, str):
            counted.fault(f"{name}:{line}", row)
        else:
            yield from _words(row, suppressions, counted, f"{name}:{line}")


def _of_provider(events: Iterable[Event], suppressions: SuppressionList, counted: _Count) -> Iterator[Word]:
    from notify.feedback import Bounce
    from notify.suppression import Addition, Reason
    from notify.suppression.effects import effect, time_of

    for event in events:
        counted.one()
        if event.bounce is Bounce.SOFT and event.recipient:
            note = f"blocked: {event.reason}" if event.reason else "blocked"
            addition = Addition(event.recipient, Reason.MANUAL, event.provider, at=time_of(event), note=note)
            yield from _words(addition, suppressions, counted, event.provider)
        elif (word := effect(event, suppressions.groups, suppressions.people)) is not None:
            yield word
        else:
            counted.ignored += 1


def _words(addition: Addition, suppressions: SuppressionList, counted: _Count, where: str) -> Iterator[Word]:
    """The word that an addition is; none if its address is none, which is said."""
    from notify.errors import AddressError

    try:
        yield suppressions.word(addition)
    except AddressError as error:
        counted.fault(where, str(error))


def _events(notifier: Notifier, transport: str, *, blocks: bool) -> Iterable[Event]:
    return notifier.transports[transport].suppressions(temporary=blocks)


def _tell(counted: _Count, new: int, *, dry_run: bool) -> None:
    known = counted.read - counted.faulty - counted.ignored - new
    parts = [f"{new:,} {'would be' if dry_run else 'are'} new", f"{known:,} known before"]
    parts += [f"{counted.ignored:,} of groups that stand for no category"] if counted.ignored else []
    parts += [f"{counted.faulty:,} cannot be read"] if counted.faulty else []
    say(f"Read {counted.read:,}: {', '.join(parts)}.")
