"""How the tables came to be, in numbered steps that are never changed once they were released."""

from __future__ import annotations

from notify.database.migrations.migrating import LATEST, check, migrate, version

__all__ = ["LATEST", "check", "migrate", "version"]
