"""The databases of the tests of the outbox, which the log is in."""

from __future__ import annotations

from outbox.conftest import database, postgres, project, room, url

__all__ = ["database", "postgres", "project", "room", "url"]
