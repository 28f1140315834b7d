"""The commands where the extra `outbox` is not installed: what needs it says so, all else works."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys
for name in ("sqlalchemy", "psycopg", "cryptography", "celery"):
    sys.modules[name] = None
from notify.cli import main
main()
"""
CURE = "the outbox's database is not installed: pip install 'notify-framework[outbox]'"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project."""
    folder = tmp_path_factory.mktemp("bare")
    assert 0 == run(folder, "init", ".").returncode
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, in a Python that has no database."""
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "outbox list", "outbox show 1", "outbox migrate", "log", "log stats", "suppress list",
        "suppress add ada@example.com", "worker --once", "worker --check health.json",
    ],
)  # fmt: skip
def test_what_needs_it_says_how_to_get_it(project: Path, arguments: str) -> None:
    """In one line."""
    done = run(project, *arguments.split())

    assert (2, "") == (done.returncode, done.stdout)
    assert f"Error: {CURE}\n" == done.stderr


@pytest.mark.parametrize(
    "arguments", ["--help", "outbox --help", "log --help", "suppress --help", "worker --help", "list", "check"]
)
def test_all_else_works(project: Path, arguments: str) -> None:
    """Also the pages of help."""
    done = run(project, *arguments.split())

    assert (0, False) == (done.returncode, "installed" in done.stdout + done.stderr)
    assert "Error" not in done.stderr
