"""The connections that `enqueue` takes, so that a job is part of the caller's own transaction."""

from __future__ import annotations

from notify.outbox.connections.choosing import target_of
from notify.outbox.connections.raw import Raw
from notify.outbox.connections.target import Target
from notify.outbox.connections.whereabouts import Whereabouts

__all__ = ["Raw", "Target", "Whereabouts", "target_of"]
