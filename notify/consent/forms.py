"""What a form of a page, or a mail program's one-click, sends."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs

Fields = dict[str, list[str]]
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_MOST_FIELDS = 1000


def fields(content_type: str, body: bytes) -> Fields | None:
    """The values of each field; empty if it is broken, None for another content type.

    RFC 8058, section 3.2: mail programs should send multipart/form-data, and may send the other.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in {"", URLENCODED}:
        return _urlencoded(body)
    return _multipart(content_type, body) if kind == MULTIPART else None


def _urlencoded(body: bytes) -> Fields:
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _multipart(content_type: str, body: bytes) -> Fields:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    parts = BytesParser(policy=HTTP).parsebytes(head + body).get_payload()
    found: Fields = {}
    for part in parts if isinstance(parts, list) else ():
        assert isinstance(part, Message)  # noqa: S101 - for the type checker
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found.setdefault(name, []).append(content.decode("utf-8", "replace"))
    return found
