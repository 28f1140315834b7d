"""Jobs that are part of a transaction of Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE

PROGRAM = Path(__file__).with_name("django_shop.py")
RIGHT = [True, True]


@pytest.fixture
def found(project: Path, url: str) -> dict[str, Any]:
    """What the program found, in a process of its own, since Django is configured once."""
    command = [sys.executable, "-W", "error", str(PROGRAM), str(project), url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "" == done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_transactions_of_django(found: dict[str, Any]) -> None:
    """Jobs and bells come with the commit of the outermost block, and without it neither; also for savepoints."""
    assert RIGHT == found["before the commit"]
    assert RIGHT == found["after it"]
    assert RIGHT == found["rolled back"]
    assert RIGHT == found["savepoint"]
    assert RIGHT == found["without a transaction"]
    assert found["key"]
    assert RIGHT == found["after a wrong row"]
    assert (1200, RIGHT) == (found["count"], found["many"])
    assert "row 1201" in found["wrong row"]
    assert "than the outbox" in found["other"] or "it is one of sqlite" in found["other"]
