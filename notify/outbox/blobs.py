"""Contents beside a row, each under its SHA-256."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from notify.errors import MessageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.outbox.sealing import Seal


def digest_of(content: bytes) -> str:
    """The SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep_in(blobs: dict[str, bytes], seal: Seal | None = None) -> Callable[[bytes], str]:
    """A function that puts contents into `blobs`, sealed if there is a seal, and gives their digests."""

    def keep(content: bytes) -> str:
        kept = content if seal is None else seal.seal(content)
        digest = digest_of(kept)
        blobs[digest] = kept
        return digest

    return keep


def read_from(blob: Callable[[str], bytes], seal: Seal | None = None) -> Callable[[str], bytes]:
    """A function that reads what `keep_in` of the same seal has put aside.

    It raises MessageError if a content is missing or is not the one that was kept.
    """

    def read(digest: str) -> bytes:
        try:
            kept = blob(digest)
        except LookupError:
            raise MessageError(f"the outbox no longer has the content {digest:.12}... that belongs to this") from None
        if digest_of(kept) != digest:
            raise MessageError(f"the content {digest:.12}... is not what was put into the outbox")
        return kept if seal is None else seal.open(kept)

    return read
