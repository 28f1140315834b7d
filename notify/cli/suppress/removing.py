"""`notify suppress remove`: write to somebody again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.asking import confirm
from notify.cli.output import say
from notify.cli.suppress.adding import BY_HAND
from notify.cli.suppress.opening import opened
from notify.cli.suppress.options import REASONS, scope_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.cli.project import Project
    from notify.consent import Scope
    from notify.suppression import Suppression, SuppressionList

_MOST = 1000
_MEANT = {
    "complaint": "called a mail spam: if that happens again, providers deliver less of all your mail",
    "unsubscribed": "unsubscribed: only who said so may take it back, and in many countries that is the law",
}


@click.command("remove", short_help="Take people from the list.")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--reason", type=click.Choice(REASONS), help="Only what is there for this reason.")
@click.option(
    "--scope", metavar="SCOPE", callback=scope_option, help="Only this scope: all, category:NAME or notification:ID."
)
@click.option("--yes", is_flag=True, help="Do not ask, also where somebody complained or unsubscribed.")
@click.pass_context
def command(
    ctx: click.Context, /, *, addresses: tuple[str, ...], reason: str | None, scope: Scope | None, yes: bool
) -> None:
    """Take people from the list: they are written to again, within a second.

    An address may also be a hash, as the list shows it. What a provider tells later puts them on it again; its own
    list is another one, from which it has to be taken there.
    """
    from notify.suppression import Reason

    project: Project = ctx.obj
    suppressions = opened(project).suppressions
    why = None if reason is None else Reason(reason)
    chosen = list(dict.fromkeys(addresses))
    found = {each: list(_found(suppressions, each, why, scope)) for each in chosen}
    meant = {str(one.reason) for each in found.values() for one in each} & _MEANT.keys()
    if meant and not yes:
        for name in sorted(meant):
            number = sum(any(one.reason == name for one in each) for each in found.values())
            say(f"{number:,} of {len(chosen):,} {_MEANT[name]}.")
        confirm(ctx, "write to them again")
    removed = 0
    for each in chosen:
        if not suppressions.remove(each, scope, reason=why, source=BY_HAND):
            say(f"{each} is not on the list{' for that' if reason or scope else ''}.")
        else:
            removed += 1
    say(f"Removed {removed:,} of {len(chosen):,}.")


def _found(suppressions: SuppressionList, address: str, reason: object, scope: Scope | None) -> Iterable[Suppression]:
    found = suppressions.find(to=address, scope=scope, limit=_MOST)
    return (each for each in found if reason in {None, each.reason})
