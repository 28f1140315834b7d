"""`notify outbox migrate` and `notify outbox key`: what an outbox needs before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.outbox.opening import opened
from notify.cli.output import count, say

if TYPE_CHECKING:
    from notify.cli.project import Project


@click.command("migrate", short_help="Make the tables, or bring them up to date.")
@click.pass_obj
def migrate_command(project: Project, /) -> None:
    """Make the outbox's tables, or bring them to what this notify works with. To repeat it does no harm."""
    from notify.database.migrations import LATEST

    outbox = opened(project, making=True)
    applied = outbox.migrate()
    done = f"applied {count(applied, 'step')}" if applied else "nothing to do"
    say(f"{outbox.database.shown}: {done}; the tables are at version {LATEST}.")


@click.command("key", short_help="Print a new key for sensitive params.")
def key_command() -> None:
    """Print a new key, made of chance, for `outbox_key` or NOTIFY_OUTBOX_KEY, which seals sensitive params.

    The first key seals, each opens: put a new one before those that are in use.
    """
    from notify.outbox.sealing import Seal

    click.echo(Seal.new_key())
