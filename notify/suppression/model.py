"""Who is not written to, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from notify.consent.scopes import ALL

if TYPE_CHECKING:
    from notify.consent.scopes import Scope

AHEAD = timedelta(days=1)
"""How far in the future a time may be: clocks differ, and so do zones."""
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


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
        at: when it was said, with its zone, since 1970 and not in the future (a day at most, as clocks differ): else
            nothing that is said until then would count. None for now.
        note: more about it.

    Raises:
        ValueError: the time is none of these.
    """

    address: str
    reason: Reason
    source: str
    scope: Scope = ALL
    at: datetime | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.at is None:
            return
        if self.at.tzinfo is None:
            raise ValueError(f"at: the time needs a zone: {self.at.isoformat()}")
        if not _FIRST <= self.at <= datetime.now(UTC) + AHEAD:
            raise ValueError(f"at: expected a time that has been, since 1970, got {self.at.isoformat()}")
