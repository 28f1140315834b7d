"""Parts of a message (RFC 2046): each a run of octets with its own headers, as they stand between boundaries."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from notify.mime.encodings import base64_body, fits, text_body
from notify.mime.headers import parameters, structured

if TYPE_CHECKING:
    from collections.abc import Sequence


def text_part(media_type: str, text: bytes, *, eight_bit: bool) -> bytes:
    """A part of text, given in UTF-8; `media_type` is such as `text/html`, without a charset."""
    encoding, body = text_body(text, eight_bit=eight_bit)
    return _text_head(media_type, encoding) + body


@lru_cache(maxsize=64)
def _text_head(media_type: str, encoding: str) -> bytes:
    head = f"Content-Type: {media_type}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii")


def file_part(media_type: str, content: bytes, filename: str, *, cid: str | None = None, eight_bit: bool) -> bytes:
    """A file: an attachment, or, with `cid`, something that the HTML shows as `cid:...` (RFC 2392).

    A message must not be in base64 (RFC 2046, section 5.2.1). One that cannot go as it is becomes a file of octets.
    """
    encoding, body = "base64", None
    if media_type.startswith("message/"):
        encoding, body = _message_body(content, eight_bit=eight_bit)
        if body is None:
            encoding, media_type = "base64", "application/octet-stream"
    elif media_type.startswith("text/") and "charset=" not in media_type.lower() and _is_utf8(content):
        media_type += "; charset=utf-8"
    head = structured("Content-Type", media_type) + f"Content-Transfer-Encoding: {encoding}\r\n"
    if cid is not None:
        head += f"Content-ID: <{cid}>\r\n"
    disposition = "attachment" if cid is None else "inline"
    head += parameters("Content-Disposition", disposition, **({"filename": filename} if filename else {}))
    return b"".join((head.encode("ascii"), b"\r\n", base64_body(content) if body is None else body))


def multipart(subtype: str, parts: Sequence[bytes], boundary: str, *, root: str = "") -> bytes:
    """Several parts as one; `boundary` begins no line of any of them.

    It says that it is 8-bit where one of them is (RFC 2045, section 6.4). `root` is the media type of the first part of
    a multipart/related (RFC 2387, section 3.1).
    """
    kind = f'\r\n type="{root}";' if root else ""
    encoding = "" if all(map(bytes.isascii, parts)) else "Content-Transfer-Encoding: 8bit\r\n"
    first = f'Content-Type: multipart/{subtype};{kind}\r\n boundary="{boundary}"\r\n{encoding}\r\n--{boundary}\r\n'
    return b"".join(
        (
            first.encode("ascii"),
            f"\r\n--{boundary}\r\n".encode("ascii").join(parts),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        )
    )


def _message_body(content: bytes, *, eight_bit: bool) -> tuple[str, bytes | None]:
    body = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    if not fits(body) or not (eight_bit or body.isascii()):
        return "", None
    return "7bit" if body.isascii() else "8bit", body


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
