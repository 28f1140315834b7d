"""`notify suppress add`: write to somebody no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.output import say
from notify.cli.suppress.opening import opened
from notify.cli.suppress.options import REASONS, known_scope, scope_option

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.consent import Scope

BY_HAND = "by hand"


@click.command("add", short_help="Put people on the list.")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--reason", type=click.Choice(REASONS), default="manual", show_default=True, help="Why.")
@click.option(
    "--scope",
    metavar="SCOPE",
    default="all",
    show_default=True,
    callback=scope_option,
    help="Which mails: all, category:NAME or notification:ID.",
)
@click.option("--note", metavar="TEXT", default="", help="More about it, for whoever reads the list.")
@click.pass_obj
def command(project: Project, /, *, addresses: tuple[str, ...], reason: str, scope: Scope, note: str) -> None:
    """Put people on the list: they are not written to from now on, within a second.

    What the outbox has already is asked again when it is sent.
    """
    from notify.suppression import Addition, Reason

    found = opened(project, making=True)
    try:
        known_scope(scope, found.notifier.configuration.categories)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--scope") from None
    additions = [Addition(each, Reason(reason), BY_HAND, scope, note=note) for each in dict.fromkeys(addresses)]
    words = [found.suppressions.word(each) for each in additions]  # all of them are addresses, or none is added
    new = found.suppressions.book.keep(words).held
    number = len({word.key for word in words})
    say(f"Added {new:,} of {number:,}{'; the others were there before' if new < number else ''}.")
