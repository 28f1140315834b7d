"""The façade's way to the records: what is known of people, and of the mails that they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.consent import Preferences
    from notify.log import Log
    from notify.records import Records
    from notify.suppression import SuppressionList


class Knowing:
    """The part of `Notifier` that shows its records.

    Attributes:
        records: all of them, each opened when it is first asked for.
    """

    records: Records

    @property
    def suppressions(self) -> SuppressionList:
        """Who is not written to, and why.

        Raises:
            ConfigError: there is no database for it.
        """
        return self.records.suppressions

    @property
    def preferences(self) -> Preferences:
        """What people chose to get: the store of a plugin, else the one in the outbox's database.

        Raises:
            ConfigError: there is no database for it.
            PluginError: what a plugin brings is no store.
        """
        return self.records.preferences

    @property
    def log(self) -> Log:
        """The delivery log: what became of each mail.

        Raises:
            ConfigError: there is no database for it.
        """
        return self.records.log
