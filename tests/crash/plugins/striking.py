"""The plugin of the project under test: it kills its worker where a mail asks for that, once each."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crash.journal import Journal
from crash.steps import DELIVERED, LEASED, RENDERED, asked

from notify import hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Address, Definition, Message, Receipt

FOLDER = "CRASH_FOLDER"
"""The environment variable of a worker that says where it works; other processes are left alone."""


@hookimpl
def notify_context(definition: Definition, params: Mapping[str, Any], recipient: Address, locale: str) -> None:  # noqa: ARG001 - the hook's
    """It is leased, and about to be rendered."""
    _strike(LEASED, recipient.email)


@hookimpl
def notify_message(message: Message, definition: Definition | None) -> None:  # noqa: ARG001 - the hook's
    """It is rendered."""
    _strike(RENDERED, message.to[0].email)


@hookimpl
def notify_delivered(receipt: Receipt) -> None:
    """The worker knows of the 250, and has not marked it."""
    _strike(DELIVERED, receipt.accepted[0])


def _strike(step: str, address: str) -> None:
    folder = os.environ.get(FOLDER)
    if folder is None or asked(address).step != step:
        return
    try:
        (Path(folder) / "struck" / address).touch(exist_ok=False)
    except FileExistsError:
        return
    Journal(Path(folder) / "journal").write("killed", step=step, pid=os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)
