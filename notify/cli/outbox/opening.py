"""The outbox that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.failure import Wrong

if TYPE_CHECKING:
    from notify import Notifier
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
    return notifier_of(project, making=making).outbox


def notifier_of(project: Project, *, making: bool = False) -> Notifier:
    """The notifier whose outbox `opened` gives; its other records are in the same database."""
    from notify.database.migrations import check

    notifier = project.notifier(definitions=False)
    click.get_current_context().call_on_close(notifier.close)
    if making:
        return notifier
    database = notifier.outbox.database
    if database.path is not None and not database.path.exists():
        raise Wrong(f"there is no outbox {database.path}: the first job makes it, or `notify outbox migrate`")
    check(database)
    return notifier
