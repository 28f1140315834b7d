"""The `maildir` transport, read back with the standard library's mailbox module."""

from __future__ import annotations

import mailbox
import socket
from typing import TYPE_CHECKING

from notify import Address, Message
from notify_file import File, Maildir

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def message(subject: str = "Hi") -> Message:
    """A small message."""
    return Message(
        sender=Address("a@example.com"), to=(Address("b@example.com"),), subject=subject, text="Hello\nthere\n"
    )


def test_a_mail_program_finds_the_messages(tmp_path: Path) -> None:
    """An independent reader finds each message, unread."""
    transport = Maildir(folder=tmp_path / "mail")

    for subject in ("one", "two"):
        transport.send(message(subject))

    box = mailbox.Maildir(tmp_path / "mail", create=False)
    assert {"one", "two"} == {mail["Subject"] for mail in box}
    assert {"new"} == {mail.get_subdir() for mail in box}


def test_new_holds_whole_messages_and_tmp_nothing(tmp_path: Path) -> None:
    """A message comes into `new` by renaming, with the line ends of local mail programs."""
    sent = message()

    receipt = Maildir(folder=tmp_path).send(sent)

    (path,) = (tmp_path / "new").iterdir()
    trace = b"Return-Path: <a@example.com>\nDelivered-To: b@example.com\n"
    assert trace + sent.as_bytes().replace(b"\r\n", b"\n") == path.read_bytes()
    assert [] == list((tmp_path / "tmp").iterdir())
    assert (tmp_path / "cur").is_dir()
    assert f"written to {path}" == receipt.response


def test_names_are_unique_and_hold_no_separator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names never collide, sort as the messages came, and hide what a host's name may not hold."""
    monkeypatch.setattr(socket, "gethostname", lambda: "odd/name:1")
    transport = Maildir(folder=tmp_path)

    for number in range(50):
        transport.send(message(str(number)))

    paths = sorted((tmp_path / "new").iterdir())
    assert 50 == len(paths)
    assert all(path.name.endswith(".odd\\057name\\0721") for path in paths)


def test_the_file_transport_can_write_one(tmp_path: Path) -> None:
    """The setting `format` of the file transport does the same."""
    File(folder=tmp_path, format="maildir").send(message())

    assert 1 == len(list((tmp_path / "new").iterdir()))
