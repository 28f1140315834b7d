"""The options that say which entries of the log are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from notify.cli.filtering import notification_option, to_option
from notify.cli.times import time_option

if TYPE_CHECKING:
    from collections.abc import Callable

    _Command = TypeVar("_Command", bound=Callable[..., Any])

STATUSES = (
    "suppressed", "failed", "retrying", "uncertain", "sent", "queued", "deferred", "rejected", "delivered", "opened",
    "clicked", "bounced", "complained",
)  # fmt: skip
"""As `notify.log.Status` has them, which needs a library that `--help` does not."""


def filter_options(command: _Command) -> _Command:
    """Add the options to a command, which takes them as the keywords of `Log.find`."""
    options = [
        to_option,
        notification_option,
        click.option(
            "--status",
            type=click.Choice(STATUSES),
            multiple=True,
            metavar="STATUS",
            help=f"Of this status; may be repeated. One of {', '.join(STATUSES)}.",
        ),
        click.option(
            "--since",
            metavar="TIME",
            callback=time_option,
            help="Logged since: 2030-12-31, 2030-12-31T18:00, or '2 days' ago.",
        ),
        click.option("--until", metavar="TIME", callback=time_option, help="Logged before."),
    ]
    for option in reversed(options):
        command = option(command)
    return command
