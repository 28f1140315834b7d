"""`notify outbox`: what is still to be sent, and what became of the rest."""

from __future__ import annotations

import click

from notify.cli.outbox import cancelling, counting, listing, preparing, purging, retrying, showing, sweeping
from notify.cli.project import global_options
from notify.records import require_database


@click.group("outbox", short_help="Look at the durable outbox, and change what is in it.")
@click.pass_context
def command(ctx: click.Context, /) -> None:
    """Look at the durable outbox, and change what is in it.

    \b
    queued     it waits for its time
    leased     a worker has it
    sent       a server took it
    failed     a person must look at it, and may send it again
    dead       it was refused, or tried too often
    cancelled  it was taken back
    """  # noqa: D301 - click's mark for lines that stay as they are
    if ctx.invoked_subcommand != "key":
        require_database()


for each in (
    listing.command,
    showing.command,
    counting.command,
    retrying.command,
    cancelling.command,
    purging.command,
    sweeping.command,
    preparing.migrate_command,
    preparing.key_command,
):
    each.params += global_options(hidden=True)
    command.add_command(each)
