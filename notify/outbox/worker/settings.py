"""How a worker works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.outbox.worker.persistence import Persistence

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a worker works; times in seconds.

    Attributes:
        concurrency: how many senders there are at most for one transport; as many as it can have, if None.
        lease: how long other workers leave alone what this one has, after it was last heard of.
        drain: how long it waits for messages in hand when it is to end.
        losses: with how many lost workers in a row a job is given up.
        health: the file that says how it is.
        metrics: the file for the textfile collector of Prometheus.
        persistence: how long, and how often, it tries.
    """

    concurrency: int | None = None
    lease: float = 30.0
    drain: float = 10.0
    losses: int = 3
    health: Path | None = None
    metrics: Path | None = None
    persistence: Persistence = field(default_factory=Persistence)
