"""How large a picture is."""

from __future__ import annotations

import struct

import pytest

from notify.markup.pixels import pixels

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIB", 13, b"IHDR", 640, 70_000, 8)
START, APP0 = b"\xff\xd8", b"\xff\xe0\x00\x06JFIF"
TABLES = b"\xff\xdb\x00\x03\x00\xff\xc4\x00\x05\xff\xc0\x00"
FRAME = b"\x00\x11\x08\x01\x02\x03\x04\x03"


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PNG, (640, 70_000)),
        (b"GIF87a\x80\x02\x01\x00;", (640, 1)),
        (b"GIF89a\x01\x00\x80\x02", (1, 640)),
        (START + b"\xff\xc0" + FRAME, (0x304, 0x102)),
        (START + APP0 + TABLES + b"\xff\xff\xff\xc2" + FRAME, (0x304, 0x102)),
    ],
)
def test_the_size_is_read(content: bytes, size: tuple[int, int]) -> None:
    """PNG, GIF, and JPEG, which may have any segments before the one with the size."""
    assert size == pixels(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF1234WEBP", b"<svg/>", b"GIF88a\x00\x00\x00\x00", START + APP0 + TABLES, START + b"\x00" * 1000],
)
def test_other_files_have_none(content: bytes) -> None:
    """Other kinds of files, and a JPEG without a frame."""
    assert pixels(content) is None


@pytest.mark.parametrize("content", [PNG, b"GIF89a\x01\x00\x80\x02", START + APP0 + b"\xff\xc0" + FRAME[:-1]])
def test_a_file_that_is_cut_off_has_none(content: bytes) -> None:
    """Wherever it ends, nothing fails."""
    needed = 24 if content is PNG else len(content)

    assert [None] * needed == [pixels(content[:end]) for end in range(needed)]
    assert pixels(content) is not None
