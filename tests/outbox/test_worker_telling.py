"""What a worker tells of itself: the health file, the metrics, what is due."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from leases import put

from notify.outbox.operating import Retention
from notify.outbox.worker import Settings
from notify.outbox.worker.backlog import Backlog, backlog
from notify.outbox.worker.counts import BOUNDS, Counts
from notify.outbox.worker.health import checked, health, write_health
from notify.outbox.worker.metrics import metrics
from notify.outbox.worker.patience import Patience
from notify.outbox.worker.reporting import Reporting
from notify.outbox.worker.status import ENDED, WAITING, Status

if TYPE_CHECKING:
    from pathlib import Path

    from notify.database import Database


def test_the_health_file(tmp_path: Path) -> None:
    """It is right while it is young; a worker that has ended, and one that is not heard of, is not."""
    path, status = tmp_path / "folder" / "health.json", Status()
    document = health(status, Counts(), Backlog(3, 1.5))
    write_health(path, document)
    young = checked(path, 30)
    path.write_text(json.dumps({**document, "at": time.time() - 99}), "utf-8")
    old = checked(path, 30)
    status.phase = ENDED
    write_health(path, health(status, Counts(), None))

    assert (3, 1.5, "running") == (document["due"], document["oldest_due_seconds"], document["state"])
    assert (True, False, False) == (young[0], old[0], checked(path, 30)[0])
    assert "should have been heard of after 30 s" in old[1]


def test_what_is_no_health_file(tmp_path: Path) -> None:
    """It says so, whatever it is."""
    path = tmp_path / "health.json"
    found = [checked(path, 30)]
    for text in ("", "[]", "{}", '{"at": "x"}'):
        path.write_text(text, "utf-8")
        found.append(checked(path, 30))

    assert {False} == {healthy for healthy, _ in found}
    assert "no health file: No such file or directory" == found[0][1]
    assert all("not a health file" in words for _, words in found[1:])


def test_a_worker_that_waits_says_so() -> None:
    """As long as it runs."""
    patience = Patience()
    status = Status(patience)
    patience.waiting = True
    waiting, status.phase = status.state, ENDED

    assert (WAITING, ENDED) == (waiting, status.state)


def test_the_metrics() -> None:
    """Counters by notification, transport and outcome, and a histogram that adds up."""
    counts = Counts()
    counts.add("hello", "smtp", "sent", 0.07)
    counts.add("hello", "smtp", "sent", 1e6)
    counts.add(None, 'a"b\\c\n', "dead")
    found = metrics(Status(), counts, Backlog(2, 3.0)).splitlines()

    assert 'notify_jobs_total{notification="hello",transport="smtp",outcome="sent"} 2' in found
    assert 'notify_jobs_total{notification="",transport="a\\"b\\\\c\\n",outcome="dead"} 1' in found
    assert 'notify_delay_seconds_bucket{le="0.05"} 0' in found
    assert 'notify_delay_seconds_bucket{le="0.1"} 1' in found
    assert 'notify_delay_seconds_bucket{le="+Inf"} 2' in found
    assert "notify_delay_seconds_count 2" in found
    assert "notify_due_jobs 2" in found
    assert len(BOUNDS) + 1 == sum("_bucket" in line for line in found)
    assert not any("due" in line for line in metrics(Status(), counts, None).splitlines())


def test_counts_in_words() -> None:
    """What was done, for a person."""
    counts = Counts()
    empty = counts.in_words()
    counts.add("hello", "smtp", "sent")
    counts.add("hello", "smtp", "dead")

    assert ("nothing sent", "1 sent, 1 dead") == (empty, counts.in_words())


def test_what_is_due(database: Database) -> None:
    """Of every priority, also what workers were lost with; not what is due later or somebody's."""
    nothing = backlog(database)
    put(database, {"due_in": 60.0})
    later = backlog(database)
    put(database, {"due_in": -5.0, "priority": 2}, {"losses": 1}, {"state": "leased"}, {"state": "sent"})
    found = backlog(database)

    assert (Backlog(0, None), Backlog(0, None)) == (nothing, later)
    assert (2, True) == (found.depth, 5.0 <= (found.oldest or 0.0) < 60.0)


def test_a_report_that_cannot_be_written_is_said_once(database: Database, tmp_path: Path, caplog: object) -> None:
    """The worker goes on."""
    (tmp_path / "file").write_text("", "utf-8")
    settings = Settings(health=tmp_path / "file" / "health.json")
    reporting = Reporting(database, settings, Retention(), Status(), Counts())
    reporting.tell()
    reporting.tell()

    assert 1 == caplog.text.count("cannot tell how it is")  # type: ignore[attr-defined]
