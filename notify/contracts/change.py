"""One difference between two revisions of a project, and whom it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from notify.errors import Location

View = Literal["caller", "queue"]
"""`caller`: code that sends the notification as before. `queue`: what was queued before and is sent after."""
SAFE: tuple[View, ...] = ()
CALLER: tuple[View, ...] = ("caller",)
QUEUE: tuple[View, ...] = ("queue",)
BOTH: tuple[View, ...] = ("caller", "queue")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        kind: what happened, such as `param-added`.
        notification: the id; empty where it is about notify.yaml.
        message: what happened, in a line.
        location: where it is in the new revision; for what was removed, where it would be.
        breaks: the views that it breaks; none for a safe change.
    """

    kind: str
    notification: str
    message: str
    location: Location
    breaks: tuple[View, ...] = SAFE
