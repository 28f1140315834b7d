"""`notify suppress`: who is not written to."""

from __future__ import annotations

import click

from notify.cli.project import global_options
from notify.cli.suppress import adding, importing, listing, removing
from notify.records import require_database


@click.group("suppress", short_help="Look at who is not written to, and change it.")
def command() -> None:
    """Look at who is not written to, and change it.

    \b
    hard_bounce   there is no such address
    complaint     the recipient called a mail spam
    unsubscribed  the recipient does not want such mails
    invalid       a provider takes it for no address
    manual        somebody said so by hand
    """  # noqa: D301 - click's mark for lines that stay as they are
    require_database()


for each in (listing.command, adding.command, removing.command, importing.command):
    each.params += global_options(hidden=True)
    command.add_command(each)
