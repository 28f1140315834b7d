"""The options that say which jobs are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from notify.cli.filtering import notification_option, to_option
from notify.cli.times import time_option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.outbox.operating import Filter

    _Command = TypeVar("_Command", bound=Callable[..., Any])

STATES = ("queued", "leased", "sent", "failed", "dead", "cancelled")
_PRIORITIES = ("high", "normal", "low")
_FIELDS = ("states", "notification", "to", "key", "since", "until", "due_before", "priority")


def filter_options(states: Sequence[str] = STATES) -> Callable[[_Command], _Command]:
    """The options, which a command takes as keywords and gives to `filter_of`.

    Args:
        states: those that can be asked for.
    """
    options = [
        click.option(
            "--state",
            "states",
            type=click.Choice(states),
            multiple=True,
            help="Of this state. May be repeated.",
        ),
        notification_option,
        to_option,
        click.option("--key", metavar="KEY|GLOB", help="Of this idempotency key, or of those that a glob matches."),
        click.option(
            "--since",
            metavar="TIME",
            callback=time_option,
            help="Put in since: 2030-12-31, 2030-12-31T18:00, or '2 days' ago.",
        ),
        click.option("--until", metavar="TIME", callback=time_option, help="Put in before."),
        click.option("--due-before", metavar="TIME", callback=time_option, help="Due before; `now` is what is late."),
        click.option("--priority", type=click.Choice(_PRIORITIES), help="Of this priority."),
    ]

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def filter_of(options: dict[str, Any], ids: Sequence[int] = ()) -> Filter:
    """What the options say."""
    from notify.outbox.operating import Filter

    return Filter(**{name: options[name] for name in _FIELDS}, ids=tuple(ids))


def meant(options: dict[str, Any], ids: Sequence[int], *, everything: bool) -> Filter:
    """What the options of a command that changes something say, which must be said in exactly one way.

    Raises:
        UsageError: it is not.
    """
    is_filtered = any(options[name] for name in _FIELDS)
    if sum((bool(ids), everything, is_filtered)) != 1:
        raise click.UsageError("give ids, or options that say which jobs are meant, or --all")
    return filter_of(options, ids)
