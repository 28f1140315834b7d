"""The outbox that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.opening import must_exist, opened_notifier

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.outbox.outbox import Outbox


def opened(project: Project, *, making: bool = False) -> Outbox:
    """The environment's outbox, open until the command has ended; faulty definitions do no harm.

    Args:
        project: where the configuration is.
        making: whether a database that is not there is made. Looking makes none: it might be in the wrong place, or
            belong to the wrong user.

    Raises:
        Wrong: there is no database.
        ConfigError: the configuration is wrong, or the tables are not those of this notify.
        OutboxError: the database cannot be used.
    """
    from notify.database.migrations import check

    outbox = opened_notifier(project).outbox
    if making:
        return outbox
    must_exist(outbox.database, "outbox", "the first job")
    check(outbox.database)
    return outbox
