"""Which folders hold the mails of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.errors import NotifyError
from notify.preview.mailbox.store import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Notifier


def mailbox_of(notifier: Notifier, *, keep: int = 1000, keep_days: float = 30) -> Mailbox:
    """The mailbox of a project."""
    return Mailbox(folders_of(notifier), keep=keep, keep_days=keep_days)


def folders_of(notifier: Notifier) -> list[Path]:
    """The folders of its mails: `.notify/mail` beside notify.yaml, and those of the environment's transports.

    A transport whose settings are wrong has none.
    """
    folders = [notifier.configuration.base / ".notify" / "mail"]
    for name in notifier.transports:
        try:
            transport = notifier.transports[name]
        except NotifyError:
            continue
        folders += _folders(transport)
    return folders


def _folders(transport: Any) -> Iterator[Path]:
    """The folder of a transport that delivers to nobody, or those of the transports that it is made of."""
    folder = getattr(transport, "folder", None)
    if isinstance(folder, Path) and not transport.capabilities.delivers:
        yield folder
    for member in getattr(transport, "transports", ()):
        yield from _folders(member)
