"""The environment's delivery log as the preview sees it: in the outbox's database, where something is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify.log import Log
    from notify.preview.outbox import OutboxView
    from notify.preview.project import Project


class LogView:
    """The log of a project, which may change with notify.yaml. Safe to share between threads.

    Args:
        project: whose log it is.
        outbox: has its database.
    """

    def __init__(self, project: Project, outbox: OutboxView) -> None:
        self._project = project
        self._outbox = outbox

    def is_there(self) -> bool:
        """Whether there is one to look at."""
        notifier = self._project.notifier
        try:
            feedback = notifier.configuration.environment(notifier.environment).feedback
        except NotifyError:
            return False
        return feedback is not None and self._outbox.is_there()

    def log(self) -> Log:
        """The log.

        Raises:
            NoOutboxError: its database is not there.
            ConfigError: addresses are to be hashed, and the key is missing.
        """
        from notify.log import Log

        notifier = self._project.notifier
        people = notifier.configuration.environment(notifier.environment).people
        return Log(self._outbox.database(), people)
