"""What an environment's database has besides the outbox: who is not written to, what people chose, the delivery log.

Each is opened when it is first asked for, so that a project that uses none of it pays for none.
"""

from __future__ import annotations

from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

from notify.consent.store import preferences_of
from notify.errors import ConfigError

if TYPE_CHECKING:
    from notify.configuration import Configuration, Environment
    from notify.consent import Preferences
    from notify.database import Database
    from notify.delivery.gate import Gate, Journal
    from notify.log import Log
    from notify.plugins import Plugins
    from notify.suppression import SuppressionList


class Records:
    """The records of one environment. Safe to share between threads.

    Args:
        configuration: what notify.yaml says.
        environment: where the database is, and what is kept.
        plugins: one of them may keep what people chose.
    """

    def __init__(self, configuration: Configuration, environment: Environment, plugins: Plugins) -> None:
        self._configuration = configuration
        self._environment = environment
        self._plugins = plugins

    @cached_property
    def database(self) -> Database:
        """The database, in which the outbox is too.

        Raises:
            ConfigError: it cannot be one, or what it needs is not installed.
        """
        require_database()
        from notify.database import Database

        return Database(self._environment.outbox, self._configuration.base)

    @cached_property
    def suppressions(self) -> SuppressionList:
        """Who is not written to.

        Raises:
            ConfigError: there is no database for it.
        """
        database = self.database
        from notify.suppression import SuppressionList

        feedback = self._environment.feedback
        groups = {} if feedback is None else feedback.groups
        return SuppressionList(database, self._environment.people, groups)

    @cached_property
    def preferences(self) -> Preferences:
        """What people chose: the store that a plugin brings, else the one in the database.

        Raises:
            ConfigError: there is no database for it.
            PluginError: what a plugin brings is no store.
        """
        if (brought := preferences_of(self._plugins)) is not None:
            return brought
        suppressions = self.suppressions
        from notify.suppression import DatabasePreferences

        return DatabasePreferences(suppressions)

    @cached_property
    def gate(self) -> Gate | None:
        """Says who may be written to; None where the environment asks nobody.

        Raises:
            ConfigError: there is no database for it.
        """
        environment = self._environment
        if environment.feedback is None and not environment.unsubscribes:
            return None
        require_database()
        from notify.suppression import Gate

        suppressions = None if environment.feedback is None else self.suppressions
        return Gate(self._configuration.category, suppressions, self.preferences)

    @cached_property
    def log(self) -> Log:
        """The delivery log. What providers tell it is known to the suppression list too.

        Raises:
            ConfigError: there is no database for it.
        """
        suppressions = self.suppressions
        from notify.log import Log

        return Log(self.database, self._environment.people, suppressions)

    @cached_property
    def journal(self) -> Journal | None:
        """Writes direct sends into the log; None where they are not logged.

        Raises:
            ConfigError: there is no database for it.
        """
        feedback = self._environment.feedback
        if feedback is None or not feedback.log:
            return None
        database = self.database
        from notify.log.journal import Journal

        return Journal(database, self._environment.people)

    def clear(self) -> None:
        """Forget what was kept for long enough.

        Raises:
            OutboxError: the database cannot be used.
        """
        feedback = self._environment.feedback
        if feedback is not None and feedback.keep is not None:
            self.log.purge(feedback.keep)
        if feedback is not None or self._environment.unsubscribes:
            self.suppressions.purge()

    def close(self) -> None:
        """Write what is still to be written, and close the database. Using it again opens it again."""
        if (journal := vars(self).get("journal")) is not None:
            journal.close()
        if (database := vars(self).get("database")) is not None:
            database.close()


def require_database() -> None:
    """See that what is in a database, or asks it, can be imported.

    Raises:
        ConfigError: it cannot.
    """
    if find_spec("sqlalchemy") is None:
        raise ConfigError("the outbox's database is not installed: pip install 'notify-framework[outbox]'")
