"""Mails for the tests of the mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify import Address, Message
from notify_file import File, Maildir

if TYPE_CHECKING:
    from pathlib import Path


def message(subject: str = "Your order", **changes: object) -> Message:
    """A message with a text and an HTML part."""
    values: dict[str, object] = {
        "sender": Address("shop@example.com", "Shop"),
        "to": (Address("ada@example.com", "Ada"),),
        "text": "Dear Ada,\nit is on its way.\n",
        "html": "<p>Dear Ada</p>",
    }
    return Message(**{**values, "subject": subject, **changes})  # type: ignore[arg-type]


def send(folder: Path, *messages: Message, maildir: bool = False) -> None:
    """Keep messages as the file transport does."""
    transport = Maildir(folder=folder) if maildir else File(folder=folder)
    for each in messages:
        transport.send(each)
