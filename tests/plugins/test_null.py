"""The `null` transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import notify_null
from notify import Address, Attachment, ConfigError, Message
from notify_null import Null

if TYPE_CHECKING:
    from pathlib import Path


def message(**changes: object) -> Message:
    """A small message."""
    values: dict[str, object] = {"sender": Address("a@example.com"), "to": (Address("b@example.com"),), "subject": "Hi"}
    return Message(**{**values, **changes})  # type: ignore[arg-type]


def test_offers_null() -> None:
    """The plugin offers one transport, by the name `null`."""
    assert {"null": Null} == notify_null.notify_transports()


def test_accepts_everything() -> None:
    """The receipt names every recipient as accepted."""
    sent = message(cc=(Address("c@example.com"),))

    receipt = Null(name="nowhere").send(sent)

    assert ("b@example.com", "c@example.com") == receipt.accepted
    assert ("nowhere", sent.message_id) == (receipt.transport, receipt.message_id)


def test_refuses_what_others_refuse(tmp_path: Path) -> None:
    """A message that cannot be built is an error here as with a real transport."""
    broken = message(attachments=(Attachment("a.txt", path=tmp_path / "missing.txt"),))

    with pytest.raises(ConfigError, match="missing"):
        Null().send(broken)


def test_reaches_nobody() -> None:
    """It says that no message reaches real people."""
    assert not Null.capabilities.delivers
