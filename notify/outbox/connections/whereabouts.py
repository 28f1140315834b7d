"""Whether a connection leads to the outbox's database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import ConfigError
from notify.outbox.statements import BIRTH, FILES, PLACE

if TYPE_CHECKING:
    from notify.database import Database
    from notify.outbox.connections.target import Target


class Whereabouts:
    """Compares databases.

    Args:
        database: the outbox's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own: tuple[object, ...] | None = None

    def check(self, target: Target) -> None:
        """See that a connection leads to the outbox's database; it is asked once where that can be remembered.

        Raises:
            ConfigError: it does not, or leads to no tables.
        """
        note = self._database.url
        notes = target.notes
        if notes is not None and note in notes:
            return
        if target.dialect != self._database.dialect:
            raise ConfigError(
                f"connection: it is one of {target.dialect}, and the outbox is {self._database.shown}: "
                "set `outbox` to the database whose transactions jobs are to be part of"
            )
        if target.dialect == "sqlite":
            self._check_file(target)
        else:
            self._check_place(target)
        if notes is not None:
            notes.add(note)

    def _check_file(self, target: Target) -> None:
        path = next((file for name, file in target.rows(FILES, {}) if name == "main"), "")
        mine = self._database.path
        if not path or mine is None or not mine.exists() or not mine.samefile(path):
            raise self._elsewhere(Path(path).name if path else "in memory")

    def _check_place(self, target: Target) -> None:
        [(name, has_tables)] = target.rows(PLACE, {})
        if not has_tables:
            raise ConfigError(
                f"connection: the database {name} has no tables of the outbox where the connection looks (its "
                f"search_path), and the outbox is {self._database.shown}: run `notify outbox migrate`, or set `outbox` "
                "to that database"
            )
        if self._own is None:
            with self._database.reading() as connection:
                self._own = (
                    connection.exec_driver_sql("SELECT current_database()").scalar(),
                    connection.execute(BIRTH.clause).scalar(),
                )
        if (name, target.rows(BIRTH, {})[0][0]) != self._own:
            raise self._elsewhere(str(name))

    def _elsewhere(self, what: str) -> ConfigError:
        return ConfigError(
            f"connection: it leads to another database ({what}) than the outbox, which is {self._database.shown}: set "
            "`outbox` to the database whose transactions jobs are to be part of"
        )
