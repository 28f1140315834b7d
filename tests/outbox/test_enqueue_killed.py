"""Processes that are killed while they enqueue."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE

from notify import Notifier

PROGRAM = Path(__file__).with_name("killed_enqueuers.py")
ROUNDS = 50


@pytest.mark.slow
def test_what_was_given_back_is_there(project: Path) -> None:
    """Of 50 processes that were killed with -9: each job whose id was printed is there, whole, as is each other one."""
    with Notifier.load(project) as notifier:
        notifier.outbox.migrate()
    command = [sys.executable, str(PROGRAM), str(project), str(ROUNDS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ("", 0) == (done.stderr, done.returncode)
    printed = {number: name for number, name in json.loads(done.stdout)}  # noqa: C416 - JSON knows no integer keys

    with Notifier.load(project) as notifier:
        found = {job.id: job for job in notifier.outbox.find(limit=1_000_000)}
        with notifier.outbox.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT digest, content FROM notify_blobs").all()
            blobs = {digest: bytes(content) for digest, content in rows}
            contracts = set(connection.exec_driver_sql("SELECT hash FROM notify_contracts").scalars())
    assert len(printed) > ROUNDS
    assert set(printed) <= set(found)
    assert printed == {number: json.loads(found[number].params or "")["name"] for number in printed}
    for job in found.values():
        name = json.loads(job.params or "")["name"]
        assert [name.encode()] * (int(name.rpartition(".")[2]) % 2) == [blobs[digest] for digest in job.blobs]
        assert job.contract in contracts
        assert job.recipient in (job.call or "")
    # What was not printed was committed in the moment of the kill, at most one each time.
    assert len(found) - len(printed) <= ROUNDS
