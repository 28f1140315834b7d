"""Commands whose caller closed a stream."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-"], ids=["stdin", "stdout", "stderr"])
@pytest.mark.parametrize("command", ["list", "transports", "check", "explain welcome --to ada@example.com"])
def test_it_works_all_the_same(project: Path, command: str, stream: str) -> None:
    """And says nothing of its own fault where it can."""
    done = subprocess.run(  # noqa: S602 - only a shell closes streams
        f"{sys.executable} -m notify {command} {stream}",
        shell=True,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (0, False) == (done.returncode, "unexpected" in done.stdout + done.stderr)
