"""What options of `notify suppress` say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Collection

    from notify.consent import Scope

REASONS = ("hard_bounce", "complaint", "unsubscribed", "invalid", "manual")
"""As `notify.suppression.Reason` has them, which needs a library that `--help` does not."""


def scope_option(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> Scope | None:
    """`all`, `category:NAME` or `notification:ID`."""
    if value is None:
        return None
    from notify.consent import Scope

    try:
        return Scope.parse(value)
    except ValueError:
        expected = "expected all, category:NAME or notification:ID"
        raise click.BadParameter(f"{value!r:.60} is no scope: {expected}") from None


def known_scope(scope: Scope, categories: Collection[str]) -> Scope:
    """A scope, if there may be such mails.

    Raises:
        ValueError: there is no such category.
    """
    if scope.kind == "category" and scope.name not in categories:
        from notify.suggest import did_you_mean

        raise ValueError(f"there is no category {scope.name!r:.60} ({did_you_mean(scope.name, categories)})")
    return scope
