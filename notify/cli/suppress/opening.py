"""The list that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from notify.cli.opening import must_exist, opened_notifier
from notify.cli.output import say

if TYPE_CHECKING:
    from notify import Notifier
    from notify.cli.project import Project
    from notify.suppression import SuppressionList


class Opened(NamedTuple):
    """What a command works with, open until it has ended."""

    notifier: Notifier
    suppressions: SuppressionList


def opened(project: Project, *, making: bool = False) -> Opened:
    """The environment's list; faulty definitions do no harm.

    Args:
        project: where the configuration is.
        making: whether a database that is not there is made. Looking makes none: it might be in the wrong place.

    Raises:
        Wrong: there is no database.
        ConfigError: the configuration is wrong.
    """
    notifier = opened_notifier(project)
    suppressions = notifier.suppressions
    if not making:
        must_exist(suppressions.book.database, "database", "what is added first")
    if notifier.configuration.environment(notifier.environment).feedback is None:
        say("Nothing asks this list before mails are sent, until notify.yaml has `feedback: true`.")
    return Opened(notifier, suppressions)
