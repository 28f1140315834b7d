"""What the doctor says of the database that the log and the suppression list are in, SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration import Configuration
from notify.database import Database, migrations
from notify.doctor import Examination, Project

if TYPE_CHECKING:
    from pathlib import Path

    from notify.diagnosis import Diagnosis


@pytest.fixture
def folder(url: str, tmp_path: Path) -> Path:
    """A project that keeps what becomes of mails in the database, which has no tables."""
    folder = tmp_path / "kept"
    (folder / "notifications").mkdir(parents=True)
    (folder / "notify.yaml").write_text(
        f"sender: hello@acme.example\noutbox: {url}\nfeedback: {{}}\n"
        "environments: {development: {transport: memory}}\n"
    )
    return folder


def examined(folder: Path) -> tuple[Diagnosis, str]:
    """What is found of the database, and the outcome of all."""
    examination = Examination(Project(lambda: Configuration.load(folder)))
    (found,) = [each.diagnosis for each in examination.run() if each.diagnosis.check == "database"]
    return found, examination.verdict.outcome


def test_without_tables(folder: Path, url: str) -> None:
    """A file gets them when it is first used; a server by the command that is named, and no mail is sent until then."""
    found, outcome = examined(folder)

    if url.startswith("sqlite"):
        assert ("ok", "can") == (found.status, outcome)
        assert found.found.endswith("is made when it is first used")
    else:
        assert ("failed", "configuration") == (found.status, outcome)
        assert "run `notify outbox migrate`" in found.found


def test_with_tables(folder: Path, url: str) -> None:
    """The list is there, and empty; neither password nor anybody is shown."""
    database = Database(url, folder)
    migrations.migrate(database)
    database.close()
    found, outcome = examined(folder)

    assert ("ok", "can") == (found.status, outcome)
    assert found.found.endswith("has its tables; the suppression list has 0 entries")
