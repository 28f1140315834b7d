"""What a worker has counted, in the text format of Prometheus, for the textfile collector of its node exporter.

The format is described at https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.atomic import write_atomically
from notify.outbox.worker.counts import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from notify.outbox.worker.backlog import Backlog
    from notify.outbox.worker.counts import Counts
    from notify.outbox.worker.status import Status


def metrics(status: Status, counts: Counts, backlog: Backlog | None) -> str:
    """All metrics, each with a line of help and its type."""
    return "".join(f"{line}\n" for line in _lines(status, counts, backlog))


def write_metrics(path: Path, text: str) -> None:
    """Write them so that a collector finds all of them or what was there before.

    Raises:
        OSError: they could not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.encode())


def _lines(status: Status, counts: Counts, backlog: Backlog | None) -> Iterator[str]:
    outcomes, delays, total = counts.snapshot()
    yield from _head("notify_jobs_total", "counter", "Jobs by what became of them at one try.")
    for (notification, transport, word), number in sorted(outcomes.items()):
        labels = {"notification": notification, "transport": transport, "outcome": word}
        yield f"notify_jobs_total{_labels(labels)} {number}"
    yield from _head("notify_delay_seconds", "histogram", "From a job's time to its being sent.")
    below = 0
    for bound, number in zip((*BOUNDS, None), delays, strict=True):
        below += number
        yield f"notify_delay_seconds_bucket{_labels({'le': '+Inf' if bound is None else f'{bound:g}'})} {below}"
    yield f"notify_delay_seconds_sum {total:.6f}"
    yield f"notify_delay_seconds_count {below}"
    yield from _head("notify_worker_start_time_seconds", "gauge", "When the worker began.")
    yield f"notify_worker_start_time_seconds {status.since:.3f}"
    if backlog is not None:
        yield from _head("notify_due_jobs", "gauge", "Jobs that wait for a worker now, up to 10000.")
        yield f"notify_due_jobs {backlog.depth}"
        yield from _head("notify_oldest_due_seconds", "gauge", "For how long the first of them has waited.")
        yield f"notify_oldest_due_seconds {backlog.oldest or 0.0:.3f}"


def _head(name: str, kind: str, words: str) -> tuple[str, str]:
    return f"# HELP {name} {words}", f"# TYPE {name} {kind}"


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
