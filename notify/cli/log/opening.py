"""The log that a command looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.outbox.opening import notifier_of
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
    notifier = notifier_of(project)
    if notifier.configuration.environment(notifier.environment).feedback is None:
        say(f"Nothing is logged in the environment {notifier.environment}: notify.yaml has no `feedback:`.")
    return notifier.log
