"""The log that a command looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.opening import must_exist, opened_notifier
from notify.cli.output import say

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.log import Log


def opened(project: Project) -> Log:
    """The environment's log, open until the command has ended; looking makes no database.

    Raises:
        Wrong: there is no database.
        ConfigError: the configuration is wrong, or the tables are not those of this notify.
        OutboxError: the database cannot be used.
    """
    from notify.database.migrations import check

    notifier = opened_notifier(project)
    if notifier.configuration.environment(notifier.environment).feedback is None:
        say(f"Nothing is logged in the environment {notifier.environment}, until notify.yaml has `feedback: true`.")
    database = notifier.outbox.database
    must_exist(database, "database", "the first mail")
    check(database)
    return notifier.log
