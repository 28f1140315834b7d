"""The options that name the recipients of a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])


def people_options(command: _Function) -> _Function:
    """Add `--to --cc --bcc` to a command, each of which may be repeated."""
    options: list[Callable[[_Function], _Function]] = [
        click.option("--to", metavar="ADDRESS", multiple=True, help="A recipient. May be repeated."),
        click.option("--cc", metavar="ADDRESS", multiple=True, help="A recipient of a copy."),
        click.option(
            "--bcc", metavar="ADDRESS", multiple=True, help="A recipient of a copy whom the others do not see."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command
