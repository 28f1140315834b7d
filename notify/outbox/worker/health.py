"""A file that says how a worker is, for what watches over it."""

from __future__ import annotations

import json
import os
import socket
import time
from typing import TYPE_CHECKING, Any

from notify.atomic import write_atomically
from notify.outbox.worker.status import ENDED

if TYPE_CHECKING:
    from pathlib import Path

    from notify.outbox.worker.backlog import Backlog
    from notify.outbox.worker.counts import Counts
    from notify.outbox.worker.status import Status


def health(status: Status, counts: Counts, backlog: Backlog | None) -> dict[str, Any]:
    """The document; times are seconds of the epoch.

    Args:
        status: how the worker is.
        counts: what it has done.
        backlog: what is due; None where the database cannot be used.
    """
    return {
        "schema": 1,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "at": time.time(),
        "since": status.since,
        "state": status.state,
        "last_batch": status.last_batch,
        "last_batch_size": status.last_size,
        "counts": counts.totals(),
        "due": None if backlog is None else backlog.depth,
        "oldest_due_seconds": None if backlog is None else backlog.oldest,
    }


def write_health(path: Path, document: dict[str, Any]) -> None:
    """Write it so that a reader finds all of it or what was there before.

    Raises:
        OSError: it could not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(document, indent=1).encode() + b"\n")


def checked(path: Path, max_age: float) -> tuple[bool, str]:
    """Whether a worker works that keeps this file, and what there is to say about it in a line.

    Args:
        path: the file.
        max_age: how old it may be, in seconds.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        age = time.time() - float(document["at"])
        state = str(document["state"])
        pid = int(document["pid"])
    except OSError as error:
        return False, f"no health file: {error.strerror}"
    except (ValueError, LookupError, TypeError) as error:
        return False, f"not a health file of a worker: {error}"
    words = f"worker {pid} was {state} {max(age, 0.0):.0f} s ago"
    if state == ENDED:
        return False, words
    return (True, words) if age <= max_age else (False, f"{words}, and should have been heard of after {max_age:.0f} s")
