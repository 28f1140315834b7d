"""What a form of a page, or a mail program's one-click, sends."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import parse_qs

Fields = dict[str, list[str]]
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_MOST_FIELDS = 1000
_BOUNDARY = re.compile(r';[ \t]*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(
    rb'^content-disposition:[^\r\n]*?;[ \t]*name=(?:"([^"\r\n]*)"|([^\s;"]+))', re.IGNORECASE | re.MULTILINE
)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


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
    """RFC 7578: parts between lines of the boundary, each of a head, an empty line and a value.

    The parser of mails would take a minute for some bodies of 64 KB, and raise anything for others.
    """
    found: Fields = {}
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return found
    line = re.escape((boundary[1] or boundary[2]).encode("latin-1", "replace"))
    for begin, end in pairwise(re.finditer(rb"(?:\A|\r?\n)--" + line + rb"(--)?[ \t]*(?=\r?\n|\Z)", body)):
        if begin[1]:  # the last one
            break
        head, *value = _EMPTY_LINE.split(body[begin.end() : end.start()], maxsplit=1)
        if value and (name := _NAME.search(head)) is not None:
            key = (name[1] if name[2] is None else name[2]).decode("utf-8", "replace")
            found.setdefault(key, []).append(value[0].decode("utf-8", "replace"))
    return found
