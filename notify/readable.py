"""A message as people read it: its envelope and headers, its text, and a line for each other part."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import MIMEPart

    from notify.message import Message

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def readable(message: Message, *, colour: bool = False) -> str:
    r"""The message as text for a terminal; what would be sent is built and taken apart again.

    The HTML part is named with its size; only where there is no text part is its source shown. Control characters
    appear as `\x1b`, so that a message cannot steer the terminal.

    Args:
        message: any message.
        colour: whether to use bold and dim type (ANSI escape sequences).

    Raises:
        NotifyError: the message cannot be built.
    """
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    lines = [f"{bold}{f'{name}: ':<10}{plain}{_visible(value)}" for name, value in _fields(message)]
    body = message.html if message.text is None else message.text
    if body is not None:
        lines += ["", *_visible(body).rstrip("\n").split("\n")]
    lines += ["", *(f"{dim}{_visible(line)}{plain}" for line in _parts(message))]
    return "\n".join(lines) + "\n"


def human_size(octets: int) -> str:
    """`812 B`, `12.3 kB`, `4.0 MB`."""
    size, units = float(octets), ["B", "kB", "MB", "GB"]
    while size >= 999.95 and len(units) > 1:  # noqa: PLR2004 - rounds to 1000
        size, units = size / 1000, units[1:]
    return f"{octets} B" if units[0] == "B" else f"{size:.1f} {units[0]}"


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    envelope = message.envelope
    yield "Envelope", f"{envelope.sender} to {', '.join(envelope.recipients)}"
    yield "From", str(message.sender)
    for name, people in (("To", message.to), ("Cc", message.cc), ("Bcc", message.bcc), ("Reply-To", message.reply_to)):
        if people:
            yield name, ", ".join(map(str, people))
    yield "Subject", message.subject
    yield from message.headers
    if message.tags:
        yield "Tags", ", ".join(message.tags)


def _parts(message: Message) -> Iterator[str]:
    from email import message_from_bytes, policy

    data = message.as_bytes(smtputf8=message.needs_smtputf8)
    for part in _leaves(message_from_bytes(data, policy=policy.default)):
        content = part.get_payload(decode=True)
        size = human_size(len(content if isinstance(content, bytes) else bytes(part)))
        name = f" {part.get_filename()}" if part.get_filename() else ""
        cid = f", shown as cid:{part['Content-ID'].strip('<> ')}" if part["Content-ID"] else ""
        yield f"[{part.get_content_type()}{name}, {size}{cid}]"


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    """The parts that hold content, in their order; a forwarded message is one."""
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for inner in part.iter_parts():
        yield from _leaves(inner)


def _visible(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return "".join(
        character.encode("unicode_escape").decode()
        if character in _DIRECTION or (unicodedata.category(character) == "Cc" and character not in "\n\t")
        else character
        for character in text
    )
