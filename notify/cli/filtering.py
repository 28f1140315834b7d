"""The options that say which mails are meant, of jobs as of what was logged."""

from __future__ import annotations

import click

from notify.cli.names import complete

to_option = click.option(
    "--to", metavar="ADDRESS|GLOB", help="To this recipient, or to those such as '*@acme.example'."
)
notification_option = click.option(
    "--notification",
    metavar="NAME|GLOB",
    shell_complete=complete,
    help="Of this notification, or of those that a glob such as 'billing.*' matches.",
)
