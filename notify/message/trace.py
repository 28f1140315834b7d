"""What a folder of mails keeps about a message besides its octets: lines that stand before its first header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.message.model import Message

_AIM = 76
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FIELD = re.compile(
    rb"(return-path|x-original-to|delivered-to|x-notify)[ \t]*:([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)\r?\n", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Trace:
    """The envelope of a kept message, and what our own messages are filed under.

    A local delivery agent writes the envelope's sender before a message that it keeps (RFC 5321, section 4.4), and most
    write whom it was for, `Delivered-To`. `X-Notify` is ours: parameters with values in percent-encoded UTF-8, folded
    anywhere, since a blank in it means nothing.

    Attributes:
        sender: the envelope's sender; empty for a bounce, and where nobody wrote it.
        recipients: the envelope's recipients, those of blind copies too.
        notification: the id of the definition that the message was rendered from.
        locale: the locale that it was rendered for.
        tags: what it is filed under.
    """

    sender: str = ""
    recipients: tuple[str, ...] = ()
    notification: str = ""
    locale: str = ""
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: Message) -> Self:
        """The trace of a message that is kept."""
        envelope = message.envelope
        return cls(envelope.sender, envelope.recipients, message.notification or "", message.locale or "", message.tags)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """What stands before a kept message; lines further down are the message's own, and say nothing."""
        fields = list(_fields(data))
        senders = [value for name, value in fields if name == "return-path"]
        notes = _parameters(next((value for name, value in fields if name == "x-notify"), ""))
        return cls(
            senders[0].removeprefix("<").removesuffix(">") if senders else "",
            tuple(value for name, value in fields if name == "delivered-to"),
            unquote(notes.get("notification", "")),
            unquote(notes.get("locale", "")),
            tuple(unquote(tag) for tag in notes.get("tags", "").split(",") if tag),
        )

    def as_bytes(self) -> bytes:
        """The lines, each ended by CRLF; only an address that is not ASCII makes them 8-bit (RFC 6532)."""
        lines = [
            f"Return-Path: <{_one_line(self.sender)}>",
            *(f"Delivered-To: {_one_line(to)}" for to in self.recipients),
        ]
        notes = {
            "notification": quote(self.notification, safe=""),
            "locale": quote(self.locale, safe=""),
            "tags": ",".join(quote(tag, safe="") for tag in self.tags),
        }
        if any(notes.values()):
            lines.append(_folded("X-Notify: " + "; ".join(f"{name}={value}" for name, value in notes.items() if value)))
        return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


def _fields(data: bytes) -> Iterator[tuple[str, str]]:
    position = 0
    while field := _FIELD.match(data, position):
        yield field[1].decode().lower(), field[2].decode("utf-8", "replace").strip()
        position = field.end()


def _parameters(value: str) -> dict[str, str]:
    pairs = (parameter.partition("=") for parameter in "".join(value.split()).split(";"))
    return {name: text for name, _, text in pairs}


def _folded(line: str) -> str:
    return "\r\n ".join(line[start : start + _AIM] for start in range(0, len(line), _AIM))


def _one_line(address: str) -> str:
    return _CONTROL.sub("", address)
