"""What people chose, and whether they may be written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from notify.configuration.categories import Category
    from notify.consent.scopes import Scope


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody said last about a scope.

    Attributes:
        scope: what it is about.
        wanted: whether the mails are wanted.
        at: when it was said.
        source: how, such as one-click or preferences.
    """

    scope: Scope
    wanted: bool
    at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a mail may be sent, and why.

    Attributes:
        allowed: whether it may.
        reason: the reason, for logs and receipts.
    """

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


def decided(choices: Iterable[Choice], category: Category, notification: str) -> Decision:
    """What somebody's choices mean for a mail: the last one that is about it counts, else the category's default.

    Args:
        choices: those of its recipient, the oldest first.
        category: of the mail.
        notification: its id.
    """
    if category.must_deliver:
        return Decision(allowed=True, reason=f"mails of the category {category.name} have to arrive")
    last = None
    for choice in choices:
        if choice.scope.covers(category.name, notification):
            last = choice
    if last is not None:
        word = "wanted" if last.wanted else "unsubscribed from"
        source = f" by {last.source}" if last.source else ""
        return Decision(last.wanted, f"{word} {last.scope} on {last.at:%Y-%m-%d}{source}")
    if category.opt_in:
        return Decision(allowed=False, reason=f"did not ask for mails of the category {category.name}")
    return Decision(allowed=True, reason=f"said nothing against mails of the category {category.name}")
