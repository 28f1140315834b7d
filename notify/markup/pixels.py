"""How large a picture is, read from the first octets of its file."""

from __future__ import annotations

import re
import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_GIF = re.compile(rb"GIF8[79]a")
_JPEG = b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of the segments that hold the size (ITU-T T.81, table B.1)."""


def pixels(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG file in pixels; None if it is none of them, or cut off before the size.

    Sources: PNG (W3C, Third Edition), section 11.2.1; GIF89a, section 18; JPEG, ITU-T T.81, section B.2.2.
    """
    try:
        if content.startswith(_PNG):
            width, height = struct.unpack_from(">II", content, 16)
        elif _GIF.match(content):
            width, height = struct.unpack_from("<HH", content, 6)
        elif content.startswith(_JPEG):
            height, width = struct.unpack_from(">HH", content, _jpeg_frame(content) + 5)
        else:
            return None
    except struct.error:
        return None
    return width, height


def _jpeg_frame(content: bytes) -> int:
    """Where the frame header begins, at or after the end of the file if there is none."""
    place = len(_JPEG)
    while place < len(content):
        marker, length = struct.unpack_from(">xBH", content, place)
        if marker in _FRAMES:
            break
        # A marker may be filled up with octets of 0xff; the segments that can come here all have a length.
        place += 1 if marker == 0xFF else 2 + length  # noqa: PLR2004
    return place
