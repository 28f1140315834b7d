"""What commands open to look into a database: the outbox, the log, the suppression list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.failure import Wrong

if TYPE_CHECKING:
    from notify import Notifier
    from notify.cli.project import Project
    from notify.database import Database


def opened_notifier(project: Project) -> Notifier:
    """The environment's notifier, open until the command has ended; faulty definitions do no harm.

    Raises:
        ConfigError: the configuration is wrong.
    """
    notifier = project.notifier(definitions=False)
    click.get_current_context().call_on_close(notifier.close)
    return notifier


def must_exist(database: Database, what: str, maker: str) -> None:
    """For who looks, and so makes no database: it might be in the wrong place, or belong to the wrong user.

    Args:
        database: where it is.
        what: what it is called in the error.
        maker: what makes it.

    Raises:
        Wrong: there is none.
    """
    if database.path is not None and not database.path.exists():
        raise Wrong(f"there is no {what} {database.path}: {maker} makes it, or `notify outbox migrate`")
