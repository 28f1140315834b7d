"""Commands that list a page of what a database has: their options, and what they print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from notify.cli.output import as_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    _Command = TypeVar("_Command", bound=Callable[..., Any])
    _Item = TypeVar("_Item")

_LARGEST = 2**62
"""No database has as many rows, and each takes the number."""


def page_options(command: _Command) -> _Command:
    """Add `--limit` and `--before` to a command."""
    limit = click.option(
        "--limit",
        type=click.IntRange(1),
        default=50,
        show_default=True,
        callback=_no_larger,
        help="How many at most.",
    )
    before = click.option(
        "--before", type=int, metavar="ID", callback=_no_larger, help="Only those of smaller ids: the next page."
    )
    return limit(before(command))


def print_page(
    found: Sequence[_Item],
    limit: int,
    *,
    document: Callable[[_Item], dict[str, Any]],
    show: Callable[[Sequence[_Item]], None],
    nothing: str,
    json_wanted: bool,
) -> None:
    """Print a page, and how to get to the next.

    Args:
        found: what is on the page, and one more if there are more.
        limit: how many are on a page at most.
        document: one of them as JSON, with its `id`.
        show: prints them for people.
        nothing: what to say if there are none.
        json_wanted: whether to print JSON.
    """
    page = found[:limit]
    if json_wanted:
        as_json([document(each) for each in page])
    elif page:
        show(page)
    else:
        say(nothing)
    if len(found) > limit:
        say(f"There are more; --before {document(page[-1])['id']} goes on.")


def _no_larger(_ctx: click.Context, _parameter: click.Parameter, value: int | None) -> int | None:
    return None if value is None else max(-_LARGEST, min(value, _LARGEST))
