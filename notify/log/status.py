"""What became of a message for one recipient, in one word that only moves forward."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from notify.feedback import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    """What became of a message for one recipient."""

    SUPPRESSED = "suppressed"
    """It was not sent, for the recipient is not written to."""
    FAILED = "failed"
    """It was not sent."""
    RETRYING = "retrying"
    """It was not sent, and is tried again."""
    UNCERTAIN = "uncertain"
    """Nobody knows whether a server took it."""
    SENT = "sent"
    """A server took it."""
    QUEUED = "queued"
    """The provider has it and will try to deliver it."""
    DEFERRED = "deferred"
    """The receiving server put it off; the provider tries again."""
    REJECTED = "rejected"
    """The provider did not send it."""
    DELIVERED = "delivered"
    """The receiving server took it."""
    OPENED = "opened"
    """A person loaded its pictures, or a machine that did not say so."""
    CLICKED = "clicked"
    """A link in it was followed, likewise."""
    BOUNCED = "bounced"
    """The receiving server refused it for good."""
    COMPLAINED = "complained"
    """The recipient marked it as spam."""


RANKS: Mapping[Status, int] = {
    Status.SUPPRESSED: 0,
    Status.FAILED: 0,
    Status.RETRYING: 0,
    Status.UNCERTAIN: 1,
    Status.SENT: 2,
    Status.QUEUED: 3,
    Status.DEFERRED: 4,
    Status.REJECTED: 5,
    Status.DELIVERED: 6,
    Status.OPENED: 7,
    Status.CLICKED: 8,
    Status.BOUNCED: 9,
    Status.COMPLAINED: 10,
}
"""The highest that was heard of is the status, in whatever order they are heard of. Of one rank the latest counts.

What was delivered, to a server that refuses it only later, is bounced. One copy that the provider rejected says nothing
against another that arrived.
"""
_OF_KINDS: Mapping[str, Status] = {
    Kind.QUEUED: Status.QUEUED,
    Kind.DEFERRED: Status.DEFERRED,
    Kind.DELIVERED: Status.DELIVERED,
    Kind.BOUNCED: Status.BOUNCED,
    Kind.REJECTED: Status.REJECTED,
    Kind.COMPLAINED: Status.COMPLAINED,
    Kind.OPENED: Status.OPENED,
    Kind.CLICKED: Status.CLICKED,
}
_WITH_REASON = frozenset({Status.DEFERRED, Status.REJECTED, Status.BOUNCED, Status.COMPLAINED})


def status_of(kind: str, *, machine: bool) -> Status | None:
    """What an event says of its message; None if nothing: who leaves a list has the mail or not.

    Args:
        kind: what happened, one of `Kind`.
        machine: whether a machine did so: it shows that the mail arrived, and nothing of its reader.
    """
    if machine and kind in {Kind.OPENED, Kind.CLICKED}:
        return Status.DELIVERED
    return _OF_KINDS.get(kind)


def reason_of(status: Status, reason: str, classification: str) -> str:
    """Why it is so, by the words of an event; what went well needs no reason."""
    return (reason or classification) if status in _WITH_REASON else ""
