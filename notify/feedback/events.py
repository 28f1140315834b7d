"""An event: what a provider says became of one message for one recipient."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from notify.frozen import FrozenMapping

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LONGEST_ID = 255
"""Characters of an event's id."""

_FIRST_YEAR = 1970
_NOTHING: FrozenMapping[str, Any] = FrozenMapping()


class Kind(StrEnum):
    """What happened."""

    QUEUED = "queued"
    """The provider has the message and will try to deliver it."""
    DEFERRED = "deferred"
    """The receiving server put it off; the provider tries again."""
    DELIVERED = "delivered"
    """The receiving server took it. It may still bounce."""
    BOUNCED = "bounced"
    """The receiving server refused it for good; `Event.bounce` says whether the address is bad."""
    REJECTED = "rejected"
    """The provider itself did not send it: its own list of suppressed people, a virus, a template that fails."""
    COMPLAINED = "complained"
    """The recipient marked it as spam."""
    UNSUBSCRIBED = "unsubscribed"
    """The recipient wants no more of this group, or none at all."""
    RESUBSCRIBED = "resubscribed"
    """The recipient took that back."""
    OPENED = "opened"
    """Its pictures were loaded, by a person or a machine."""
    CLICKED = "clicked"
    """A link in it was followed, by a person or a machine."""


class Bounce(StrEnum):
    """How a message bounced."""

    HARD = "hard"
    """There is no such address, or it takes no mail: do not write to it again."""
    SOFT = "soft"
    """This message was not taken, or nobody knows why: another one may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a provider says became of a message for a recipient. Texts hold neither NUL nor half of a surrogate pair.

    Attributes:
        kind: what happened.
        event_id: the same each time the provider tells of it, and no other event's; 1 to 255 characters.
        at: when, with its zone, in the years 1970 to 9998.
        provider: who says so, such as `sendgrid`.
        recipient: the address as the provider writes it; None where it does not say which of several it was.
        message_id: our own Message-ID with angle brackets; None if the provider does not give it back.
        provider_id: the provider's id of the message, as `Receipt.provider_id` has it, if known.
        bounce: hard or soft; for `Kind.BOUNCED` only.
        reason: the words of the receiving server or of the provider.
        code: the SMTP reply code in them.
        enhanced_code: the enhanced status code (RFC 3463) in them, such as `5.1.1`.
        classification: how the provider files it, in its own words.
        group: the provider's list or group that somebody left or joined; None for all mail.
        url: the link that was followed.
        user_agent: what followed it, or loaded the pictures.
        machine: whether a machine did so, if the provider knows.
        tags: what the message is filed under.
        metadata: what the message carried for its sender, as far as the provider gives it back.
        raw: all that the provider says.
    """

    kind: Kind
    event_id: str
    at: datetime
    provider: str
    recipient: str | None = None
    message_id: str | None = None
    provider_id: str | None = None
    bounce: Bounce | None = None
    reason: str = ""
    code: int | None = None
    enhanced_code: str | None = None
    classification: str = ""
    group: str | None = None
    url: str | None = None
    user_agent: str | None = None
    machine: bool | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False)
    raw: Mapping[str, Any] = field(default_factory=lambda: _NOTHING, hash=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 < len(self.event_id) <= LONGEST_ID:
            raise ValueError(f"the id of an event has 1 to {LONGEST_ID} characters, not {len(self.event_id)}")
        if self.at.tzinfo is None:
            raise ValueError(f"the time of an event needs a zone: {self.at.isoformat()}")
        if not _FIRST_YEAR <= self.at.year < MAXYEAR:  # neither can be shown in every zone
            raise ValueError(f"an event is of the years {_FIRST_YEAR} to {MAXYEAR - 1}, not {self.at.isoformat()}")
        if (self.bounce is not None) != (self.kind is Kind.BOUNCED):
            raise ValueError(f"an event that is {self.kind} has bounce {self.bounce}: give one with bounced only")
        for name in ("metadata", "raw"):
            if not isinstance(values := getattr(self, name), FrozenMapping):
                object.__setattr__(self, name, FrozenMapping(values))
