"""A database whose tables are looked at before it is used."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from notify.database import migrations

if TYPE_CHECKING:
    from notify.database import Database


class Checked:
    """Gives a database, once its tables are known to be those of this notify; a new SQLite file gets them.

    Args:
        database: the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_checked = False
        self._checking = threading.Lock()

    def __call__(self) -> Database:
        """The database.

        Raises:
            ConfigError: its tables are not those of this notify.
            OutboxError: it cannot be used.
        """
        if not self._is_checked:
            with self._checking:
                migrations.check(self._database)
                self._is_checked = True
        return self._database
