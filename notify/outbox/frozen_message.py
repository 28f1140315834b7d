"""A message as a row of the outbox keeps it: every attribute, so that it is sent with the same octets."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from notify.errors import MessageError
from notify.message import Message
from notify.outbox.blobs import keep_in, read_from
from notify.outbox.enclosures import packed_attachment, unpacked_attachment
from notify.outbox.jsonable import Unkept, Writer, dumps
from notify.outbox.tags import loads
from notify.params.words import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ATTACHMENTS = "attachments"


def pack_message(message: Message) -> tuple[str, Mapping[str, bytes]]:
    """The message as JSON, and the contents of its attachments by SHA-256, to be stored beside it.

    Files that attachments name are read now.

    Raises:
        ConfigError: such a file cannot be read.
        MessageError: a value of `options` cannot be kept.
    """
    blobs: dict[str, bytes] = {}
    keep = keep_in(blobs)
    writer = Writer(keep)
    try:
        frozen = {name: _written(name, getattr(message, name), writer) for name in attributes() if name != _ATTACHMENTS}
        frozen[_ATTACHMENTS] = [packed_attachment(each, keep(each.read())) for each in message.attachments]
        return dumps(frozen), blobs
    except Unkept as fault:
        hint = f" ({fault.hint})" if fault.hint else ""
        raise MessageError(f"{dotted(fault.steps)}: expected {fault.expected}, got {fault.got}{hint}") from None


def unpack_message(frozen: str, blob: Callable[[str], bytes]) -> Message:
    """The message that was packed; its octets are the same.

    Args:
        frozen: the JSON.
        blob: the content by its digest; LookupError if there is none.

    Raises:
        MessageError: it cannot be read, or a content is missing.
    """
    read = read_from(blob)
    values = loads(frozen, read)
    try:
        files = [unpacked_attachment(each, read(each["digest"])) for each in values.pop(_ATTACHMENTS)]
        return Message(**values, attachments=files)
    except (AttributeError, LookupError, TypeError) as error:
        raise MessageError(
            f"what the outbox keeps of a message cannot be read ({error!s:.80}); was it changed, or written by a newer "
            "notify?"
        ) from None


def attributes() -> tuple[str, ...]:
    """The names of what makes a message: all that it is built of."""
    return tuple(field.name for field in fields(Message) if field.init)


def _written(name: str, value: Any, writer: Writer) -> Any:
    try:
        return writer.write(value)
    except Unkept as fault:
        raise fault.below(name) from None
