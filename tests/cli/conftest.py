"""A project as `notify init` leaves it, and a way to run the command in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from notify.cli.group import notify

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run
    from click.testing import Result


@pytest.fixture
def run() -> Run:
    """Run the command: `run("list", "--json")`."""

    def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(notify, arguments, input=stdin, prog_name="notify")

    return call


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """The folder of a new project, which is the working directory."""
    folder = tmp_path / "shop"
    assert run("init", str(folder)).exit_code == 0
    monkeypatch.chdir(folder)
    return folder
