"""The attachments of a call, by reference: a path with the file's digest, or the digest of a content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, MessageError
from notify.message import Attachment
from notify.message.files import read_below
from notify.outbox.blobs import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


def pack_attachments(
    given: Iterable[Attachment], keep: Callable[[bytes], str], attachments: Path
) -> list[dict[str, str]]:
    """The attachments for JSON; contents go to `keep`, files below the folder `attachments` stay where they are.

    Raises:
        ConfigError: a file cannot be read, or is not below that folder.
    """
    return [_packed(each, keep, attachments) for each in given]


def unpack_attachments(
    packed: Iterable[Mapping[str, str]], blob: Callable[[str], bytes], attachments: Path
) -> tuple[Attachment, ...]:
    """The attachments with their contents.

    Raises:
        MessageError: a file is gone or has changed, or a content is missing.
    """
    return tuple(_unpacked(each, blob, attachments) for each in packed)


def packed_attachment(attachment: Attachment, digest: str) -> dict[str, str]:
    """What an attachment says besides its content, and the content's digest; nothing that is not given."""
    labels = {name: getattr(attachment, name) for name in ("filename", "type", "cid", "method")}
    return {"digest": digest, **{name: text for name, text in labels.items() if text is not None}}


def unpacked_attachment(packed: Mapping[str, str], content: bytes) -> Attachment:
    """The attachment that `packed_attachment` was made of, with its content."""
    labels: dict[str, Any] = {name: text for name, text in packed.items() if name not in {"digest", "path"}}
    return Attachment(content=content, **labels)


def _packed(attachment: Attachment, keep: Callable[[bytes], str], root: Path) -> dict[str, str]:
    if attachment.path is None:
        return packed_attachment(attachment, keep(attachment.content or b""))
    path = attachment.path
    if path.is_absolute() and path.is_relative_to(root):
        path = path.relative_to(root)
    relative = path.as_posix()
    return {"path": relative, **packed_attachment(attachment, digest_of(read_below(root, relative)))}


def _unpacked(packed: Mapping[str, str], blob: Callable[[str], bytes], root: Path) -> Attachment:
    relative = packed.get("path")
    if relative is None:
        return unpacked_attachment(packed, blob(packed["digest"]))
    try:
        content = read_below(root, relative)
    except ConfigError as error:
        raise MessageError(f"{error}; it was there when this was put into the outbox") from None
    if digest_of(content) != packed["digest"]:
        raise MessageError(f"attachment {relative!r}: the file has changed since this was put into the outbox")
    return unpacked_attachment(packed, content)
