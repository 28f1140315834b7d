"""Who is not written to, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from notify.consent.scopes import ALL

if TYPE_CHECKING:
    from datetime import datetime

    from notify.consent.scopes import Scope


class Reason(StrEnum):
    """Why somebody is not written to."""

    HARD_BOUNCE = "hard_bounce"
    """There is no such address, or it takes no mail."""
    COMPLAINT = "complaint"
    """The recipient called a mail spam."""
    UNSUBSCRIBED = "unsubscribed"
    """The recipient does not want such mails."""
    INVALID = "invalid"
    """It is no address that a provider sends to."""
    MANUAL = "manual"
    """Somebody said so by hand."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A reason not to write to somebody.

    Attributes:
        person: the address in lower case, or the hash of it, as `People.name` gives it.
        scope: which mails.
        reason: why not.
        source: who says so, such as sendgrid, the unsubscribe link, or import.
        at: when it was said.
        note: more about it, such as the words of the server.
        number: of its last change; the next one has a larger one.
    """

    person: str
    scope: Scope
    reason: Reason
    source: str
    at: datetime
    note: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Addition:
    """Somebody to be put on the list.

    Attributes:
        address: the bare address.
        reason: why.
        source: who says so.
        scope: which mails.
        at: when it was said, with its zone; None for now.
        note: more about it.
    """

    address: str
    reason: Reason
    source: str
    scope: Scope = ALL
    at: datetime | None = None
    note: str = ""
