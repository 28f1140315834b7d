"""A suppression list in SQLite and one in PostgreSQL, each of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from outbox.conftest import database, postgres, project, room, url

from notify.people import People
from notify.suppression import SuppressionList

if TYPE_CHECKING:
    from notify.database import Database

__all__ = ["database", "postgres", "project", "room", "url"]


@pytest.fixture
def suppressions(database: Database) -> SuppressionList:
    """An empty list."""
    return SuppressionList(database, People(), {"7": "digest"})
