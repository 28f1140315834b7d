"""Asking before much is changed."""

from __future__ import annotations

import sys

import click

from notify.cli.failure import FAILED, Wrong
from notify.cli.output import say


def confirm(ctx: click.Context, what: str) -> None:
    """Go on only if a person at a terminal says yes; nobody is there to be asked elsewhere.

    Raises:
        Wrong: nobody is there.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Wrong(f"this would {what}; add --yes to do so without being asked")
    if not click.confirm(f"{what[0].upper()}{what[1:]}?", err=True):
        say("Nothing was changed.")
        ctx.exit(FAILED)
