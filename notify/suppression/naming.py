"""Whether those who use a list name people alike: under another name nobody on it would be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from notify.database.checked import Checked
from notify.errors import ConfigError
from notify.suppression.tables import counter

if TYPE_CHECKING:
    from notify.database import Database

_NAMING = select(counter.c.naming)


class Named(Checked):
    """Gives the database of a list, once it is known that it names people as we do.

    Args:
        database: the database.
        naming: how we do; see `People.naming`.

    Attributes:
        naming: as above.
    """

    def __init__(self, database: Database, naming: str) -> None:
        super().__init__(database)
        self.naming = naming
        self._is_ours = False

    def __call__(self) -> Database:
        """The database.

        Raises:
            ConfigError: its tables are not those of this notify, or it names people in another way.
            OutboxError: it cannot be used.
        """
        database = super().__call__()
        if not self._is_ours:
            with database.reading() as connection:
                found = connection.execute(_NAMING).scalar()
            agree(found, self.naming)
            self._is_ours = found is not None  # else nobody is on it yet
        return database


def agree(found: str | None, naming: str) -> None:
    """See that a list names people as we do; one that is empty so far has not named anybody.

    Raises:
        ConfigError: it does not.
    """
    if found is not None and found != naming:
        ways = {True: "their addresses", False: "hashes of another key"}
        raise ConfigError(
            f"the suppression list names people by {ways[found == 'clear']}, and notify.yaml says otherwise: nobody on "
            "it would be found. Make `feedback: addresses` and its key what they were, or begin with another database"
        )
