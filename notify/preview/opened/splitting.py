"""Octets of mail divided where the standards say: fields, head and body, the parts of a multipart.

Nothing here fails, whatever the octets are, and nothing takes more than linear time.
"""

from __future__ import annotations

import re

_FIELD = re.compile(rb"([!-9;-~]++)[ \t]*+:[^\n]*+(?:\n|\Z)(?:[ \t][^\n]*+(?:\n|\Z))*+")
_MBOX = re.compile(rb">?From [^\n]*+\n")
_EMPTY = re.compile(rb"\r?\n")


def split_head(data: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """The fields as (name, whole field with its folds), and the body.

    The head ends at the first line that is no field (RFC 5322, section 2.2), be it empty or not. The line with which
    the mbox format begins a message is passed over.
    """
    fields: list[tuple[str, bytes]] = []
    mbox = _MBOX.match(data)
    position = mbox.end() if mbox else 0
    while position < len(data) and (field := _FIELD.match(data, position)):
        fields.append((field[1].decode("ascii"), field[0].rstrip(b"\r\n")))
        position = field.end()
    empty = _EMPTY.match(data, position)
    return fields, data[empty.end() if empty else position :]


def split_parts(body: bytes, boundary: str, most: int) -> list[bytes]:
    """The parts between boundaries (RFC 2046, section 5.1.1), the last perhaps not ended; none if there is no boundary.

    The line break before a boundary belongs to it. After `most` parts, the last one has all the rest.
    """
    line = re.compile(rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    parts: list[bytes] = []
    start = None
    for found in line.finditer(body):
        if start is not None and len(parts) + 1 < most:
            parts.append(_without_break(body[start : found.start()]))
            start = None
        if found[1]:
            break
        if start is None:
            start = found.end() + 1
    if start is not None:
        parts.append(body[start:])
    return parts


def _without_break(part: bytes) -> bytes:
    return part.removesuffix(b"\n").removesuffix(b"\r")
